// `npm test` and `npm run test:deep`: the Solidity tests, then vitest; the last line is "N passed, N failed", counting both.
// Arguments go to vitest, which then runs alone (`npm test -- risk`); arguments that end in .t.sol go to Hardhat.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildIsFresh } from './build.mjs'
import { readSources } from './faults.ts'
import { countVitest, type TestCount } from './testCount.ts'

type Result<Value> = { readonly success: true; readonly value: Value } | { readonly success: false; readonly error: Value }
type SolidityRun = { readonly suiteResults: readonly { readonly testResults: readonly { readonly status: string }[] }[] }

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const args = process.argv.slice(2).filter((argument) => argument !== '--deep')
const deep = args.length < process.argv.length - 2
process.env['BALLAST_TEST_TIER'] = deep ? 'deep' : 'normal'

async function runSolidityTests(testFiles: string[]): Promise<TestCount> {
  try {
    // Loaded only here: Hardhat takes a second that a run of one vitest file should not wait for.
    const { default: hardhat } = await import('hardhat')
    const result = (await hardhat.tasks.getTask(['test', 'solidity']).run({ testFiles })) as Result<SolidityRun>
    // Counted here: in 3.17.0 the `summary` beside the suites stays at zero.
    const results = (result.success ? result.value : result.error).suiteResults.flatMap((suite) => suite.testResults)
    const count = (status: string): number => results.filter((test) => test.status === status).length
    return { passed: count('Success'), failed: Math.max(count('Failure'), result.success ? 0 : 1) }
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    return { passed: 0, failed: 1 }
  }
}

function runVitest(filters: string[]): TestCount {
  const folder = mkdtempSync(join(tmpdir(), 'ballast-test-'))
  const report = join(folder, 'vitest.json')
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  const vitest = join(root, 'node_modules/vitest/vitest.mjs')
  const { status } = spawnSync(process.execPath, [vitest, 'run', ...reporters, ...filters], { cwd: root, stdio: 'inherit' })
  const count = countVitest(existsSync(report) ? readFileSync(report, 'utf8') : undefined, status === 0)
  rmSync(folder, { recursive: true })
  return count
}

const solidityFiles = args.filter((argument) => argument.endsWith('.t.sol'))
const vitestFilters = args.filter((argument) => !argument.endsWith('.t.sol'))
const hasSolidityTests = existsSync(join(root, 'test/contracts')) && readSources(root, 'test/contracts', '.t.sol').length > 0

const counts: TestCount[] = []
if (!buildIsFresh(root)) {
  console.error('The contracts do not build; tests that need them use the last build that did.')
  if (args.length === 0) counts.push({ passed: 0, failed: 1 })
}
if (solidityFiles.length > 0 || (args.length === 0 && hasSolidityTests)) counts.push(await runSolidityTests(solidityFiles))
if (solidityFiles.length === 0 || vitestFilters.length > 0) counts.push(runVitest(vitestFilters))

const passed = counts.reduce((sum, count) => sum + count.passed, 0)
const failed = counts.reduce((sum, count) => sum + count.failed, 0)
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed > 0 ? 1 : 0
