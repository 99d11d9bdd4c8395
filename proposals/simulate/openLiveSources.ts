import { concatHex, type Hex, numberToHex, parseAbi } from 'viem'
import type { ClearingDeployment } from '../../chain/clearing/index.ts'
import { withChainErrors } from '../../chain/errors/index.ts'
import type { Address } from '../../risk/types/index.ts'
import { type ListedFeed, readClearingState } from '../clearing/index.ts'
import { type ContractDirectory, decodeCall, flattenCalls } from '../decode/index.ts'
import type { EncodedProposal } from '../encode/index.ts'
import type { Fork } from './openFork.ts'

const aggregatorAbi = parseAbi([
  'function decimals() view returns (uint8)',
  'function latestRoundData() view returns (uint80 roundId, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound)',
])
type Sources = ListedFeed['sources']

/**
 * Price sources of listed feeds, and of feeds that the proposal lists, which are alive at the pinned block: while a vote passes on the copy nobody updates them, and every act that needs a fresh price
 * would fail there and nowhere else.
 *
 * @returns Makes them answer their last round as if it were new, in every later block of the copy.
 */
export async function openLiveSources(
  fork: Fork,
  clearing: ClearingDeployment,
  proposal: EncodedProposal,
  directory: ContractDirectory,
): Promise<{ readonly sources: readonly Address[]; readonly keepFresh: () => Promise<void> }> {
  const { number, timestamp } = await fork.client.getBlock({ blockTag: 'latest' })
  const { feeds } = await readClearingState(fork.client, clearing, number)
  const all = [...feeds.flatMap(({ sources }) => sources), ...listedBy(proposal, directory)]
  const codes = new Map<Address, Hex>()
  for (const { aggregator, heartbeat } of all) {
    const round = await readRound(fork, aggregator)
    if (round !== null && timestamp - round.updatedAt <= BigInt(heartbeat)) codes.set(aggregator, answering(round))
  }
  return {
    sources: [...codes.keys()],
    keepFresh: async () => {
      for (const [address, code] of codes) await fork.request('hardhat_setCode', [address, code])
    },
  }
}

function listedBy({ targets, values, calldatas }: EncodedProposal, directory: ContractDirectory): Sources {
  return targets
    .flatMap((target, i) => flattenCalls(decodeCall({ target, value: values[i] ?? 0n, data: calldatas[i] ?? '0x' }, directory)))
    .filter(({ contract, functionName }) => contract === 'priceFeed' && functionName === 'list')
    .flatMap(({ args }) => args[1] as Sources)
}

type Round = { readonly decimals: number; readonly roundId: bigint; readonly answer: bigint; readonly updatedAt: bigint }

/** Null for what does not answer as an aggregator does: the feed judges it, not we. */
async function readRound({ client }: Fork, address: Address): Promise<Round | null> {
  const code = await withChainErrors(() => client.getCode({ address }))
  if (code === undefined) return null
  const [decimals, round] = await Promise.allSettled([
    client.readContract({ address, abi: aggregatorAbi, functionName: 'decimals' }),
    client.readContract({ address, abi: aggregatorAbi, functionName: 'latestRoundData' }),
  ])
  if (decimals.status === 'rejected' || round.status === 'rejected') return null
  const [roundId, answer, , updatedAt] = round.value
  return { decimals: decimals.value, roundId, answer, updatedAt }
}

const SELECTOR_OF_DECIMALS = '0x313ce567'

/** Code of an aggregator whose last round was updated in the block that asks: round, answer, time, time, round; or its decimals. */
function answering({ decimals, roundId, answer }: Round): Hex {
  const push = (value: bigint): Hex => concatHex(['0x7f', numberToHex(value, { size: 32, signed: value < 0n })])
  const store = (code: Hex, at: Hex): Hex => concatHex([code, '0x60', at, '0x52'])
  const rounds = concatHex([
    store(push(roundId), '0x00'),
    store(push(answer), '0x20'),
    store('0x42', '0x40'),
    store('0x42', '0x60'),
    store(push(roundId), '0x80'),
    '0x60a06000f3',
  ])
  // Selector of the call, compared; to the decimals when it is theirs. The jump is over itself and the rounds.
  const head = concatHex(['0x60003560e01c63', SELECTOR_OF_DECIMALS, '0x14', '0x61'])
  const length = (head.length - 2) / 2 + 3 + (rounds.length - 2) / 2
  return concatHex([head, numberToHex(length, { size: 2 }), '0x57', rounds, '0x5b', store(push(BigInt(decimals)), '0x00'), '0x60206000f3'])
}
