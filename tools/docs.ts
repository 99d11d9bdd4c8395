// `npm run docs`: API documentation of risk/ into build/docs; a warning is a failure. Arguments go to TypeDoc.
import { spawnSync } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const program = join(root, 'node_modules', 'typedoc', 'bin', 'typedoc')
const { status } = spawnSync(process.execPath, [program, '--options', 'typedoc.json', ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
})
process.exit(status ?? 1)
