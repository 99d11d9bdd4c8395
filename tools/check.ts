// `npm run check`: everything about the sources that needs no test run. Fast checks first; all of them run, then the exit code tells.
// Each check prints a line; its faults name file, line and rule. The last line is "N passed, N failed", counting checks.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildIsFresh } from './build.mjs'
import { findArithmeticFaults } from './check-arithmetic.ts'
import { findContractWarnings, findOversizedContracts } from './check-contracts.ts'
import { findErrorFaults } from './check-errors.ts'
import { findImportFaults } from './check-imports.ts'
import { formatFault, readSources } from './faults.ts'
import { findForbiddenLicensesIn } from './licenses.ts'

const root = dirname(dirname(fileURLToPath(import.meta.url)))

/** A check returns what is wrong, one line each; none means passed. */
type Check = { readonly name: string; readonly run: () => string[] }

function outputOfFailure(args: string[]): string[] {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' })
  return status === 0 ? [] : [(stdout + stderr).trim() || `exit code ${status}`]
}

/** Runs Biome; its GitHub format is the one with one line per fault. */
function findFormatAndLintFaults(): string[] {
  const options = ['--colors=off', '--max-diagnostics=200', '--error-on-warnings', '--reporter=github']
  const output = outputOfFailure(['node_modules/@biomejs/biome/bin/biome', 'ci', ...options, '.']).join('')
  const lines = [...output.matchAll(/^::(?:error|warning) title=(.*?),file=(.*?),line=(\d+),.*?::(.*)$/gm)]
  const faults = lines.map(([, rule = '', path = '', line = '', message = '']) =>
    formatFault({ path: relative(root, resolve(root, path)), line: Number(line), rule, message }),
  )
  const hint = faults.length > 0 ? ['mend what can be mended by itself: npx biome check --write <path>'] : []
  return output !== '' && faults.length === 0 ? [output] : [...faults, ...hint]
}

function findUntestedErrors(): string[] {
  const tests = ['.sol', '.ts'].flatMap((extension) => readSources(root, 'test/contracts', extension))
  return findErrorFaults(readSources(root, 'contracts', '.sol'), tests).map(formatFault)
}

// Committed files that a program writes. Compared with git, because the build before every command has already brought them up to date.
const generated = [{ from: ['contracts', 'hardhat.config.ts', 'tools/generate-abis.ts'], to: 'chain/generated' }]

function findStaleFiles(): string[] {
  const changed = (paths: string[]): string[] => {
    const { status, stdout } = spawnSync('git', ['status', '--porcelain', '--', ...paths], { cwd: root, encoding: 'utf8' })
    return status === 0 ? stdout.split('\n').filter(Boolean) : [] // outside git there is nothing committed to compare with
  }
  // While their sources are being changed the files change with them; what counts is that both are committed together.
  return generated
    .filter(({ from, to }) => existsSync(join(root, to)) && changed(from).length === 0)
    .flatMap(({ to }) =>
      changed([to]).map((line) => `${line.slice(3)}:1 generated: differs from what is committed; commit it with its source`),
    )
}

const checks: readonly Check[] = [
  { name: 'licences', run: () => findForbiddenLicensesIn(root) },
  { name: 'format and lint', run: findFormatAndLintFaults },
  { name: 'import arrows', run: () => readSources(root, '', '.ts').flatMap(findImportFaults).map(formatFault) },
  {
    name: 'arithmetic',
    run: () => (existsSync(join(root, 'risk')) ? readSources(root, 'risk', '.ts').flatMap(findArithmeticFaults).map(formatFault) : []),
  },
  { name: 'contract errors', run: findUntestedErrors },
  { name: 'types', run: () => outputOfFailure(['node_modules/typescript/bin/tsc', '--pretty', 'false']) },
  { name: 'contract warnings', run: () => findContractWarnings(root).map(formatFault) },
  {
    name: 'contract build',
    run: () => (buildIsFresh(root) ? findOversizedContracts(root).map(formatFault) : ['contracts do not build; see the compiler above']),
  },
  { name: 'generated files', run: findStaleFiles },
]

let failed = 0
for (const { name, run } of checks) {
  const start = performance.now()
  const faults = run()
  const seconds = ((performance.now() - start) / 1000).toFixed(1)
  console.log(`${faults.length === 0 ? 'ok  ' : 'FAIL'} ${name} (${seconds} s)`)
  for (const fault of faults) console.log(fault.replace(/^/gm, '     '))
  if (faults.length > 0) failed += 1
}
console.log(`${checks.length - failed} passed, ${failed} failed`)
process.exitCode = failed > 0 ? 1 : 0
