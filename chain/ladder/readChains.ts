import type { PublicClient } from 'viem'
import { type ContractGrid, type LadderReading, type ListedChain, readWords } from '../../risk/margin/ladder/index.ts'
import type { Address, ScopeId } from '../../risk/types/index.ts'
import { withChainErrors } from '../errors/index.ts'
import { chainsAbi } from '../generated/index.ts'
import { encodeScopeId } from '../ids/index.ts'
import { mapConcurrently } from '../read/mapConcurrently.ts'
import { decodeBlob } from './blobWords.ts'

const BITS_PER_STRIKE = 64n
const MULTIPLE_BITS = 32

/** What a ladder is worth. */
export const ladderStatuses = ['none', 'posted', 'proved'] as const
export type LadderStatus = (typeof ladderStatuses)[number]

/** A chain of a market as it stands at one block. */
export type ChainReading = {
  readonly listed: ListedChain
  readonly status: LadderStatus
  /** The ladder that is live, its blob, and how many of its entries are proved; null when there is none. */
  readonly live: { readonly blob: Address; readonly ladder: LadderReading; readonly proved: number } | null
}

/** A market's chains, and what a post of one needs. */
export type MarketChains = {
  /** Number of the market. */
  readonly market: number
  /** Grids of less than a week, less than two, longer. */
  readonly grids: readonly ContractGrid[]
  /** Bps. */
  readonly anchors: { readonly volScanUp: number; readonly volScanDown: number }
  readonly chains: readonly ChainReading[]
}

/**
 * The chains of a market that are not settled, with their ladders, at one block.
 *
 * @throws {ContractRevertError} The market is not listed.
 */
export async function readChains(client: PublicClient, address: Address, market: ScopeId, blockNumber: bigint): Promise<MarketChains> {
  const at = { address, abi: chainsAbi, blockNumber } as const
  return withChainErrors(async () => {
    const number = await client.readContract({ ...at, functionName: 'numberOf', args: [encodeScopeId(market)] })
    const [grids, [volScanUp, volScanDown], count] = await Promise.all([
      client.readContract({ ...at, functionName: 'gridsOf', args: [number] }),
      client.readContract({ ...at, functionName: 'anchorsOf', args: [number] }),
      client.readContract({ ...at, functionName: 'chainCount' }),
    ])
    const ids = Array.from({ length: count }, (_, i) => i + 1)
    const records = await mapConcurrently(ids, async (id) => ({
      id,
      record: await client.readContract({ ...at, functionName: 'record', args: [id] }),
    }))
    const own = records.filter(({ record }) => record.market === number && !record.settled)
    const chains = await mapConcurrently(own, async ({ id, record }): Promise<ChainReading> => {
      const [listing, [, payoff], payoffs, live] = await Promise.all([
        client.readContract({ ...at, functionName: 'listingOf', args: [id] }),
        client.readContract({ ...at, functionName: 'strikesOf', args: [id] }),
        client.readContract({ ...at, functionName: 'payoffs' }),
        record.status === 0 ? null : readLive(client, address, record.blob, blockNumber),
      ])
      const [tick, table] = listing
      return {
        listed: {
          chain: id,
          expiry: record.expiry,
          kind: payoffs.indexOf(payoff) === 0 ? 'vanilla' : 'digital',
          tick,
          multiples: multiplesOf(table),
        },
        status: ladderStatuses[record.status]!,
        live,
      }
    })
    return {
      market: number,
      grids: grids.map(({ shape, lowest, ratio }) => ({ ...shape, nodes: shape.nodes as ContractGrid['nodes'], lowest, ratio })),
      anchors: { volScanUp, volScanDown },
      chains,
    }
  }, address)
}

async function readLive(client: PublicClient, address: Address, blob: Address, blockNumber: bigint): Promise<ChainReading['live']> {
  const [code, { proved }] = await Promise.all([
    client.getCode({ address: blob, blockNumber }),
    client.readContract({ address, abi: chainsAbi, blockNumber, functionName: 'proofOf', args: [blob] }),
  ])
  return { blob, ladder: readWords(decodeBlob(code ?? '0x')), proved }
}

/** Four strikes a word, in 64 bits each; a multiple of zero is no strike. */
function multiplesOf(table: readonly bigint[]): readonly number[] {
  return table
    .flatMap((word) => [0n, 1n, 2n, 3n].map((i) => Number(BigInt.asUintN(MULTIPLE_BITS, word >> (BITS_PER_STRIKE * i)))))
    .filter((multiple) => multiple !== 0)
}
