import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, test } from 'vitest'
import { projectRoot } from '../../cli/context/projectRoot.ts'
import { nodeOptions } from '../../tools/bootstrap-lib.mjs'

const readme = readFileSync(join(projectRoot, 'risk/README.md'), 'utf8')
/** Every block marked `js`: the code, and the lines it says it prints. */
const examples = [...readme.matchAll(/```js\n([\s\S]*?)```/g)].map(([, block = '']) => {
  const lines = block.trimEnd().split('\n')
  const printed = lines.slice(lines.findLastIndex((line) => !line.startsWith('// ')) + 1)
  return { code: lines.slice(0, lines.length - printed.length).join('\n'), printed: printed.map((line) => line.slice(3)) }
})

/** Runs the code of all examples in one process, one after the other; what each prints. */
function printedBy(codes: readonly string[]): string[][] {
  const root = pathToFileURL(`${projectRoot}/`).href
  const modules = codes.map((code) => `data:text/javascript,${encodeURIComponent(code.replaceAll("from './", `from '${root}`))}`)
  const script = `for (const each of JSON.parse(process.argv[1])) { await import(each); console.log('--') }`
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [...nodeOptions(process.version), '--input-type=module', '-e', script, JSON.stringify(modules)],
    {
      cwd: projectRoot,
      encoding: 'utf8',
    },
  )
  expect(status, stderr).toBe(0)
  return stdout
    .split('--\n')
    .slice(0, -1)
    .map((text) => text.trimEnd().split('\n'))
}

describe('risk/README.md', () => {
  test('leads to every family of products and every folder of models', () => {
    const folders = readdirSync(join(projectRoot, 'risk/pricing')).filter((name) =>
      existsSync(join(projectRoot, 'risk/pricing', name, 'README.md')),
    )
    expect(folders.length).toBeGreaterThan(10)
    for (const name of folders) expect(readme, name).toContain(`pricing/${name}`)
  })

  test('every example prints what it says', () => {
    expect(examples.length).toBeGreaterThan(10)
    const printed = printedBy(examples.map(({ code }) => code))
    for (const [i, { code, printed: said }] of examples.entries()) expect(printed[i], code).toEqual(said)
  })

  test('links lead to files', () => {
    const links = [...readme.matchAll(/\]\(([^)#]+)\)/g)].map(([, link = '']) => link)
    for (const link of links) expect(existsSync(join(projectRoot, 'risk', link)), `${link} from ${dirname('risk/README.md')}`).toBe(true)
  })
})
