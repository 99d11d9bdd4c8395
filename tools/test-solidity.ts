// The Solidity tests by Hardhat, and their counts as JSON into a file: `node tools/test-solidity.ts <file> [test files]`. Part of `npm test`.
import { writeFileSync } from 'node:fs'
import hardhat from 'hardhat'
import type { TestCount } from './testCount.ts'

type Result<Value> = { readonly success: true; readonly value: Value } | { readonly success: false; readonly error: Value }
type SolidityRun = { readonly suiteResults: readonly { readonly testResults: readonly { readonly status: string }[] }[] }

const [file = '', ...testFiles] = process.argv.slice(2)
const result = (await hardhat.tasks.getTask(['test', 'solidity']).run({ testFiles })) as Result<SolidityRun>
// Counted here: in 3.17.0 the `summary` beside the suites stays at zero.
const results = (result.success ? result.value : result.error).suiteResults.flatMap((suite) => suite.testResults)
const count = (status: string): number => results.filter((test) => test.status === status).length
const counts: TestCount = { passed: count('Success'), failed: Math.max(count('Failure'), result.success ? 0 : 1) }
writeFileSync(file, JSON.stringify(counts))
