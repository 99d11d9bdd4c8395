// Runs in the instrumented copy: the Solidity test files given, on its artifacts as they are, with the in-process EVM recording probes.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createHardhatRuntimeEnvironment } from 'hardhat/hre'
import config from '../../hardhat.config.ts'
import { recordHits } from './recordHits.ts'

const root = process.cwd()
// The copy is instrumented already; Hardhat has only to collect.
const environment = await createHardhatRuntimeEnvironment({ ...config, coverage: { skipFiles: ['**/*'] } }, { coverage: true }, root)
const result = (await environment.tasks.getTask(['test', 'solidity']).run({ testFiles: process.argv.slice(2), noCompile: true })) as {
  success: boolean
}
const folder = join(root, 'coverage/data/solidity')
for (const name of readdirSync(folder)) recordHits(Object.keys(JSON.parse(readFileSync(join(folder, name), 'utf8')) as object))
process.exitCode = result.success ? 0 : 1
