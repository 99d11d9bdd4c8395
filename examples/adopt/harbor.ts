// Harbor's own tool, for docs/guides/adopt.md: what a protocol already has before it adopts anything. Run it from the project's root:
//   node tools/bootstrap.mjs examples/adopt/harbor.ts <command>
//   chain                  a local chain on which Harbor runs, until Ctrl-C
//   loans                  what Harbor lends, and under which numbers
//   ratify                 the council adopts Ballast: engines, guardian, steward, parameters, lanes
//   replay <hours>         three engines work through a crash
//   appoint <record file>  the council makes an adapter the risk manager of Harbor
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createPublicClient, createWalletClient, defineChain, encodeFunctionData, formatUnits, http, parseAbi } from 'viem'
import { parseDeployment } from '../../chain/deploy/index.ts'
import { draftRatification } from '../../proposals/templates/index.ts'
import { parseCatalogue, parseEngineConfiguration, parseMarket } from '../../risk/catalogue/index.ts'
import type { Address, Bps, Catalogue, Deployment, EngineConfiguration } from '../../risk/types/index.ts'
import { type Council, executeByCouncil } from './executeByCouncil.ts'
import { borrowers, chainId, council, engines, firstTick, guardian, lending, port, steward } from './people.ts'
import { replayCrash } from './replayCrash.ts'
import { startHarbor } from './startHarbor.ts'

const url = `http://127.0.0.1:${port}`
const day = 86_400
const root = join(import.meta.dirname, '..', '..')
const lendingAbi = parseAbi([
  'function setRiskManager(address)',
  'function price() view returns (uint256)',
  'function loanToValue() view returns (uint8)',
  'function liquidationThreshold() view returns (uint256)',
  'function depositCap() view returns (uint256)',
  'function liquidationBonus() view returns (uint256)',
  'function usage(address) view returns (uint256)',
  'function loans(address) view returns (uint256 collateral, uint256 debt)',
])

const chain = defineChain({
  id: chainId,
  name: 'Harbor',
  nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
  rpcUrls: { default: { http: [url] } },
})
const client = createPublicClient({ chain, transport: http(url, { retryCount: 0 }), pollingInterval: 50, cacheTime: 0 })
const byCouncil: Council = {
  client,
  wallet: createWalletClient({ account: council.account, chain, transport: http(url, { retryCount: 0 }) }),
  wait: async (seconds) => moveTo(Number((await client.getBlock()).timestamp) + seconds),
}

async function moveTo(time: number): Promise<void> {
  const request = client.request as (call: { method: string; params: readonly unknown[] }) => Promise<unknown>
  await request({ method: 'evm_setNextBlockTimestamp', params: [time] })
  await request({ method: 'evm_mine', params: [] })
}

const read = (...path: readonly string[]): unknown => JSON.parse(readFileSync(join(...path), 'utf8'))
const catalogue = (): Catalogue => parseCatalogue(read(import.meta.dirname, 'catalogue.json'))
const deployment = (): Deployment => parseDeployment(read(root, 'deployments', `${chainId}.json`))
const configurations = (): EngineConfiguration[] =>
  ['engine-market.json', 'engine-collateral.json'].map((file) => parseEngineConfiguration(read(import.meta.dirname, file), catalogue()))

async function runChain(): Promise<void> {
  const local = await startHarbor()
  console.log(`Harbor lends at ${lending}. JSON-RPC of the chain: ${local.url}. Ctrl-C stops it.`)
  await new Promise<void>((resolve) => {
    process.once('SIGINT', resolve)
    process.once('SIGTERM', resolve)
  })
  await local.close()
}

async function showLoans(): Promise<void> {
  const at = { address: lending, abi: lendingAbi } as const
  const wads = { price: 18, liquidationThreshold: 16, depositCap: 18, liquidationBonus: 16 } as const
  const number = async (name: keyof typeof wads): Promise<string> =>
    formatUnits(await client.readContract({ ...at, functionName: name }), wads[name])
  console.log(`price                 ${await number('price')} dollars`)
  console.log(`loan to value         ${await client.readContract({ ...at, functionName: 'loanToValue' })} %`)
  console.log(`liquidation threshold ${await number('liquidationThreshold')} %`)
  console.log(`deposit cap           ${await number('depositCap')} ether`)
  console.log(`liquidation bonus     ${await number('liquidationBonus')} %`)
  for (const [i, { account }] of borrowers.entries()) {
    const [collateral, debt] = await client.readContract({ ...at, functionName: 'loans', args: [account.address] })
    const usage = formatUnits(await client.readContract({ ...at, functionName: 'usage', args: [account.address] }), 16)
    const state = Number(usage) > Number(await number('liquidationThreshold')) ? 'may be liquidated' : 'healthy'
    console.log(
      `loan ${i + 1}                ${formatUnits(debt, 18)} dollars on ${formatUnits(collateral, 18)} ether, ${usage} %: ${state}`,
    )
  }
}

async function ratify(): Promise<void> {
  const market = parseMarket(read(import.meta.dirname, 'market.json'), catalogue())
  const until = firstTick + 180 * day
  const drafts = draftRatification(deployment(), catalogue(), {
    title: 'Harbor adopts Ballast',
    reasons: 'Engines may move three of our numbers inside ranges that we set.',
    guardian: { account: guardian.account.address, until },
    stewards: [steward.account.address],
    engines: { set: engines.map(({ account }) => account.address), threshold: 2 },
    scopes: market.scopes,
    lanes: configurations().map(({ scope }) => ({
      scope,
      mode: 'live',
      settings: {
        heartbeatTimeout: 6 * 3_600,
        deadManTimeout: 2 * day,
        flipWindow: 6 * 3_600,
        shadowRounds: 24,
        canaryRounds: 6,
        breakerRejections: 5,
        impactAccountsLimit: 20,
        impactNotionalLimit: (2_000_000n * 10n ** 18n).toString(),
        impactMultipleBps: 20_000 as Bps,
        expiresAt: until,
      },
    })),
  })
  for (const { actions } of drafts) {
    await executeByCouncil(byCouncil, actions)
    for (const { summary } of actions) console.log(summary)
  }
}

async function replay(hours: number): Promise<void> {
  if (!Number.isSafeInteger(hours) || hours < 1 || hours > 96) throw new Error(`The number of hours is ${hours}; it must be 1 to 96.`)
  await replayCrash({
    rpcUrl: url,
    deployment: deployment(),
    catalogue: catalogue(),
    configurations: configurations(),
    folder: join(root, 'var', 'adopt', 'engines'),
    hours,
    moveTo,
    onTick: (observedAt, summaries) =>
      console.log(
        `${new Date(observedAt * 1000).toISOString().slice(0, 16)}  ${summaries.map(({ outcome, decision, detail }) => [outcome, decision, detail].filter(Boolean).join(', ')).join(' | ')}`,
      ),
  })
}

async function appoint(record: string): Promise<void> {
  const { adapter } = read(record) as { readonly adapter: Address }
  const data = encodeFunctionData({ abi: lendingAbi, functionName: 'setRiskManager', args: [adapter] })
  const summary = `Harbor's risk manager is ${adapter}`
  await executeByCouncil(byCouncil, [{ target: lending, value: 0n, data, summary }])
  console.log(summary)
}

const [command, argument = ''] = process.argv.slice(2)
const commands: Readonly<Record<string, () => Promise<void>>> = {
  chain: runChain,
  loans: showLoans,
  ratify,
  replay: () => replay(Number(argument)),
  appoint: () => appoint(argument),
}
const run = commands[command ?? '']
if (run === undefined) {
  console.error(`${command ?? 'Nothing'} is not one of ${Object.keys(commands).join(', ')}.`)
  process.exitCode = 2
} else await run()
