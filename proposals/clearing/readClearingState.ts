import { decodeEventLog, type PublicClient, toEventSelector } from 'viem'
import type { ClearingDeployment } from '../../chain/clearing/index.ts'
import { withChainErrors } from '../../chain/errors/index.ts'
import { chainsAbi, collateralsAbi, ledgerAbi, priceFeedAbi, settlementOracleAbi, surfaceOracleAbi } from '../../chain/generated/index.ts'
import { decodeScopeId, encodeScopeId } from '../../chain/ids/index.ts'
import { fetchLogs, mapConcurrently } from '../../chain/read/index.ts'
import type { Address, Hash, Hex, ScopeId } from '../../risk/types/index.ts'
import { eventOf } from '../state/eventOf.ts'
import type { ClearingState, ListedFeed, ListedLimits, ListedMarket, OpenGroup } from './ClearingState.ts'

const events = [
  eventOf(priceFeedAbi, 'FeedListed'),
  eventOf(priceFeedAbi, 'SequencerSet'),
  eventOf(surfaceOracleAbi, 'LimitsChanged'),
  eventOf(chainsAbi, 'ChainListed'),
  eventOf(collateralsAbi, 'GroupOpened'),
  eventOf(settlementOracleAbi, 'Settled'),
]
const NO_GROUP = `0x${'00'.repeat(32)}`

/** What a vote can change in clearing, at one block. The caller makes sure that the block is not taken back meanwhile. */
export async function readClearingState(client: PublicClient, clearing: ClearingDeployment, block: bigint): Promise<ClearingState> {
  const { contracts } = clearing
  const logs = await fetchLogs(client, {
    addresses: [contracts.priceFeed, contracts.surfaceOracle, contracts.chains, contracts.collaterals, contracts.settlementOracle],
    topics: events.map(toEventSelector),
    fromBlock: BigInt(clearing.block),
    toBlock: block,
  })
  const decoded = logs.map(({ data, topics }) => {
    const { eventName, args } = decodeEventLog({ abi: events, data, topics: topics as [Hash, ...Hash[]] })
    return { name: eventName as string, args: args as unknown as Readonly<Record<string, unknown>> }
  })
  const named = (name: string) => decoded.filter((each) => each.name === name).map(({ args }) => args)
  const scopesOf = (name: string, field: string): ScopeId[] => [...new Set(named(name).map((args) => decodeScopeId(args[field] as Hex)))]
  const reader: Reader = { client, contracts, block }
  return withChainErrors(async () => {
    const surface = { address: contracts.surfaceOracle, abi: surfaceOracleAbi, blockNumber: block } as const
    const [feeds, limits, markets, groups, epoch, [signers, threshold]] = await Promise.all([
      mapConcurrently(scopesOf('FeedListed', 'market'), (market) => readFeed(reader, market)),
      mapConcurrently(scopesOf('LimitsChanged', 'market'), (market) => readLimits(reader, market)),
      readMarkets(reader),
      mapConcurrently(scopesOf('GroupOpened', 'group'), (group) => readGroup(reader, group)),
      client.readContract({ ...surface, functionName: 'epoch' }),
      client.readContract({ ...surface, functionName: 'signers' }),
    ])
    const sequencer = named('SequencerSet').at(-1)
    return {
      feeds,
      sequencer: sequencer === undefined ? null : { feed: sequencer['feed'] as Address, grace: Number(sequencer['grace']) },
      surface: { epoch, threshold, signers },
      limits,
      markets,
      chains: named('ChainListed').map((args) => ({
        id: Number(args['chain']),
        market: Number(args['market']),
        expiry: Number(args['expiry']),
        kind: Number(args['kind']),
        tick: args['tick'] as bigint,
        multiples: args['multiples'] as readonly number[],
      })),
      groups,
      settlements: named('Settled').map((args) => ({
        market: decodeScopeId(args['market'] as Hex),
        expiry: Number(args['expiry']),
        price: args['price'] as bigint,
      })),
    }
  })
}

type Reader = { readonly client: PublicClient; readonly contracts: ClearingDeployment['contracts']; readonly block: bigint }

async function readFeed({ client, contracts, block }: Reader, market: ScopeId): Promise<ListedFeed> {
  const at = { address: contracts.priceFeed, abi: priceFeedAbi, blockNumber: block, args: [encodeScopeId(market)] } as const
  const [[sources, { quorum, maxDeviationBps }], [last]] = await Promise.all([
    client.readContract({ ...at, functionName: 'sourcesOf' }),
    client.readContract({ ...at, functionName: 'lastOf' }),
  ])
  return { market, sources, quorum, maxDeviationBps, last }
}

async function readLimits({ client, contracts, block }: Reader, market: ScopeId): Promise<ListedLimits> {
  const limits = await client.readContract({
    address: contracts.surfaceOracle,
    abi: surfaceOracleAbi,
    blockNumber: block,
    functionName: 'limitsOf',
    args: [encodeScopeId(market)],
  })
  return { market, limits: Object.fromEntries(Object.entries(limits).map(([field, value]) => [field, String(value)])) }
}

async function readMarkets({ client, contracts, block }: Reader): Promise<ListedMarket[]> {
  const at = { address: contracts.chains, abi: chainsAbi, blockNumber: block } as const
  const count = await client.readContract({ ...at, functionName: 'marketCount' })
  const numbers = Array.from({ length: count }, (_, i) => i + 1)
  return mapConcurrently(numbers, async (number) => {
    const [scope, grids, group] = await Promise.all([
      client.readContract({ ...at, functionName: 'marketOf', args: [number] }),
      client.readContract({ ...at, functionName: 'gridsOf', args: [number] }),
      client.readContract({
        address: contracts.collaterals,
        abi: collateralsAbi,
        blockNumber: block,
        functionName: 'groupOfMarket',
        args: [number],
      }),
    ])
    return {
      number,
      scope: decodeScopeId(scope),
      group: group === NO_GROUP ? null : decodeScopeId(group),
      grids: grids.map(({ shape }) => gridWords(shape)),
    }
  })
}

/** Shape of a grid as one word: first node, spacing, spacing of the near nodes, number of nodes. */
export function gridWords({
  first,
  spacing,
  nearSpacing,
  nodes,
}: {
  readonly first: number
  readonly spacing: number
  readonly nearSpacing: number
  readonly nodes: number
}): string {
  return `${first} ${spacing} ${nearSpacing} ${nodes}`
}

async function readGroup({ client, contracts, block }: Reader, group: ScopeId): Promise<OpenGroup> {
  const args = [encodeScopeId(group)] as const
  const collaterals = { address: contracts.collaterals, abi: collateralsAbi, blockNumber: block, args } as const
  const [{ token }, listed, { halted }] = await Promise.all([
    client.readContract({ ...collaterals, functionName: 'cashOf' }),
    client.readContract({ ...collaterals, functionName: 'collateralsOf' }),
    client.readContract({ address: contracts.ledger, abi: ledgerAbi, blockNumber: block, functionName: 'sumsOf', args }),
  ])
  return {
    group,
    cash: token,
    halted,
    collaterals: listed.map((each) => ({
      token: each.token,
      market: each.market,
      asset: decodeScopeId(each.asset),
      feed: decodeScopeId(each.feed),
    })),
  }
}
