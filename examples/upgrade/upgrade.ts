// The chain and the engines of docs/guides/upgrade.md. Run it from the project's root:
//   node tools/bootstrap.mjs examples/upgrade/upgrade.ts <command>
//   chain                                                  a local chain that a DAO has governed and engines have worked on, until Ctrl-C
//   engines <rpc> <deployment> <folder> <hours> [<wait>]   the three engines work with a deployment and their stores in a folder, after some hours without them
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { createPublicClient, http } from 'viem'
import { parseDeployment } from '../../chain/deploy/index.ts'
import type { TickSummary } from '../../controller/engine/EngineContext.ts'
import { parseCatalogue, parseEngineConfiguration, parseMarket } from '../../risk/catalogue/index.ts'
import { firstTick } from './people.ts'
import { runHours } from './runHours.ts'
import { type Configuration, startChain } from './startChain.ts'

const root = join(import.meta.dirname, '..', '..')
const folder = join(root, 'var', 'upgrade')
const hour = 3_600
/** Hours of history before the upgrade. */
const HISTORY = 4

const read = (file: string): unknown => JSON.parse(readFileSync(join(root, file), 'utf8'))

function readConfiguration(): Configuration {
  const catalogue = parseCatalogue(read('config/catalogues/ballast.json'))
  return {
    catalogue,
    contents: ['config/groups/main.json', 'config/markets/eth.json'].map((file) => parseMarket(read(file), catalogue)),
    engines: ['config/engines/eth.json', 'config/engines/eth-collateral.json'].map((file) =>
      parseEngineConfiguration(read(file), catalogue),
    ),
  }
}

function showTick(observedAt: number, summaries: readonly TickSummary[]): void {
  const told = summaries.map(({ outcome, decision, detail }) => [outcome, decision, detail].filter(Boolean).join(', '))
  console.log(`${new Date(observedAt * 1000).toISOString().slice(0, 16)}  ${told.join(' | ')}`)
}

async function runChain(): Promise<void> {
  const configuration = readConfiguration()
  const { local, deployment } = await startChain(configuration)
  try {
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'deployment.json'), `${JSON.stringify(deployment, null, 2)}\n`)
    await runHours({
      rpcUrl: local.url ?? '',
      deployment,
      configuration,
      folder: join(folder, 'engines'),
      from: firstTick,
      hours: HISTORY,
      moveTo: local.mine,
      onTick: showTick,
    })
    console.log(`JSON-RPC of the chain: ${local.url}. Ctrl-C stops it.`)
    await new Promise<void>((resolve) => {
      process.once('SIGINT', resolve)
      process.once('SIGTERM', resolve)
    })
  } finally {
    await local.close()
  }
}

async function runEnginesOn(rpcUrl: string, file: string, stores: string, hours: number, wait: number): Promise<void> {
  for (const [name, value, least] of [
    ['hours', hours, 1],
    ['hours to wait', wait, 0],
  ] as const)
    if (!Number.isSafeInteger(value) || value < least || value > 96)
      throw new Error(`The number of ${name} is ${value}; it must be ${least} to 96.`)
  const deployment = parseDeployment(JSON.parse(readFileSync(file, 'utf8')))
  const client = createPublicClient({ transport: http(rpcUrl, { retryCount: 0 }), cacheTime: 0 })
  const request = client.request as (call: { method: string; params: readonly unknown[] }) => Promise<unknown>
  const { timestamp } = await client.getBlock()
  await runHours({
    rpcUrl,
    deployment,
    configuration: readConfiguration(),
    folder: resolve(stores),
    from: (Math.floor(Number(timestamp) / hour) + 1 + wait) * hour,
    hours,
    moveTo: async (time) => {
      await request({ method: 'evm_setNextBlockTimestamp', params: [time] })
      await request({ method: 'evm_mine', params: [] })
    },
    onTick: showTick,
  })
}

const [command, ...args] = process.argv.slice(2)
if (command === 'chain') await runChain()
else if (command === 'engines') await runEnginesOn(args[0] ?? '', args[1] ?? '', args[2] ?? '', Number(args[3]), Number(args[4] ?? 0))
else {
  console.error(`${command ?? 'Nothing'} is not one of chain, engines.`)
  process.exitCode = 2
}
