// Runs in the instrumented copy: the TypeScript tests of the contracts, on chains that record probes. Arguments: what paths contain, none for all.
import { join } from 'node:path'
import { startVitest } from 'vitest/node'

const filters = process.argv.slice(2)
const vitest = await startVitest(
  'test',
  filters.length > 0 ? filters : ['test/contracts'],
  { root: process.cwd(), watch: false, testTimeout: 600_000, hookTimeout: 600_000 },
  { resolve: { alias: { 'hardhat/hre': join(import.meta.dirname, 'recordingHre.ts') } } },
)
await vitest.close()
