// `npm test` and `npm run test:deep`: the Solidity tests and vitest, side by side; the last line is "N passed, N failed", counting both.
// Arguments go to vitest, which then runs alone (`npm test -- risk`); arguments that end in .t.sol go to Hardhat.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildIsFresh } from './build.mjs'
import { readSources } from './faults.ts'
import { countVitest, type TestCount } from './testCount.ts'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const args = process.argv.slice(2).filter((argument) => argument !== '--deep')
const deep = args.length < process.argv.length - 2
process.env['BALLAST_TEST_TIER'] = deep ? 'deep' : 'normal'

const folder = mkdtempSync(join(tmpdir(), 'ballast-test-'))

async function runNode(args: readonly string[], output: 'inherit' | number): Promise<number | null> {
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', output, output] })
  const [status] = (await once(child, 'close')) as [number | null]
  return status
}

/** Beside vitest: most of it is one compiler on one core. What it prints comes in one piece at the end. */
async function runSolidityTests(files: readonly string[]): Promise<TestCount> {
  const [log, counts] = [join(folder, 'solidity.log'), join(folder, 'solidity.json')]
  const output = openSync(log, 'w')
  await runNode([join(root, 'tools/test-solidity.ts'), counts, ...files], output)
  closeSync(output)
  process.stdout.write(readFileSync(log))
  return existsSync(counts) ? (JSON.parse(readFileSync(counts, 'utf8')) as TestCount) : { passed: 0, failed: 1 }
}

async function runVitest(filters: readonly string[]): Promise<TestCount> {
  const report = join(folder, 'vitest.json')
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  const status = await runNode([join(root, 'node_modules/vitest/vitest.mjs'), 'run', ...reporters, ...filters], 'inherit')
  return countVitest(existsSync(report) ? readFileSync(report, 'utf8') : undefined, status === 0)
}

const solidityFiles = args.filter((argument) => argument.endsWith('.t.sol'))
const vitestFilters = args.filter((argument) => !argument.endsWith('.t.sol'))
const hasSolidityTests = existsSync(join(root, 'test/contracts')) && readSources(root, 'test/contracts', '.t.sol').length > 0

const counts: TestCount[] = []
if (!buildIsFresh(root)) {
  console.error('The contracts do not build; tests that need them use the last build that did.')
  if (args.length === 0) counts.push({ passed: 0, failed: 1 })
}
const runs: Promise<TestCount>[] = []
if (solidityFiles.length > 0 || (args.length === 0 && hasSolidityTests)) runs.push(runSolidityTests(solidityFiles))
if (solidityFiles.length === 0 || vitestFilters.length > 0) runs.push(runVitest(vitestFilters))
counts.push(...(await Promise.all(runs)))
rmSync(folder, { recursive: true })

const passed = counts.reduce((sum, count) => sum + count.passed, 0)
const failed = counts.reduce((sum, count) => sum + count.failed, 0)
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed > 0 ? 1 : 0
