import type { PublicClient, TransactionReceipt } from 'viem'
import { parseEventLogs } from 'viem'
import { ContractRevertError, MissingDataError } from '../../chain/errors/index.ts'
import { chainsAbi } from '../../chain/generated/index.ts'
import {
  buildPostAndProve,
  buildPostSurface,
  buildProve,
  encodeWords,
  type MarketChains,
  readChains,
  readSlice,
  readSurfaceHead,
} from '../../chain/ladder/index.ts'
import type { SurfaceToSign } from '../../chain/typed-data/index.ts'
import type { Call } from '../../chain/write/index.ts'
import { RetryableError } from '../../risk/errors/index.ts'
import { gridFor, ladderWords, postListedChain } from '../../risk/margin/ladder/index.ts'
import type { VolSurface } from '../../risk/surface/index.ts'
import type { Address, RoundSignature, ScopeId, Seconds, UnixSeconds } from '../../risk/types/index.ts'
import type { Log } from '../log/createLog.ts'
import { type DueLadder, dueChains } from './dueChains.ts'
import { proofSteps } from './proofSteps.ts'
import { surfaceToSign } from './surfaceToSign.ts'

/** What a poster works with; one market. */
export type PosterContext = {
  readonly client: PublicClient
  readonly contracts: { readonly chains: Address; readonly surfaceOracle: Address }
  readonly market: ScopeId
  /** Signatures of k surface signers. */
  readonly sign: (surface: SurfaceToSign) => Promise<readonly RoundSignature[]>
  /** Sends one call and waits for it. */
  readonly send: (call: Call) => Promise<TransactionReceipt>
  /** Gas that one transaction may take. */
  readonly gasLimit: number
  readonly validity: Seconds
  readonly log: Log
}

/** What became of a tick. */
export type PosterTick = {
  /** Version of the surface that was posted; null when none was needed. */
  readonly surface: number | null
  readonly posted: readonly { readonly chain: number; readonly reason: DueLadder['reason']; readonly transactions: number }[]
  /** Chains that keep the ladder they have until the next tick. */
  readonly failed: readonly { readonly chain: number; readonly detail: string }[]
}

/**
 * Posts a market's surface and the ladders that risk policy B12 asks for, proved: nothing when no open chain is due. A chain whose post fails for a reason that may pass
 * does not keep the others.
 *
 * @param surface - Fitted now, of the market's options.
 * @param open - Numbers of the chains in which any account holds a position, or that somebody has asked for.
 * @throws {ContractRevertError} The surface was refused. {RpcUnavailableError} The chain does not answer.
 */
export async function runPosterTick(context: PosterContext, surface: VolSurface, open: ReadonlySet<number>): Promise<PosterTick> {
  const { client, contracts, market, log } = context
  const state = await readChains(client, contracts.chains, market, await client.getBlockNumber())
  const due = dueChains(state.chains, surface, open)
  const stale = due.filter(({ reason }) => reason !== 'unproved')
  const slices = stale.length === 0 ? nothingPosted : await postSurface(context, surface, state, stale)
  const posted: PosterTick['posted'][number][] = []
  const failed: PosterTick['failed'][number][] = []
  for (const each of due) {
    const { chain, expiry } = each.chain.listed
    if (each.reason !== 'unproved' && !slices.expiries.has(expiry)) {
      failed.push({ chain, detail: 'the surface that was posted last does not hold its expiry' })
      continue
    }
    try {
      const transactions = each.reason === 'unproved' ? await proveLive(context, each) : await postLadder(context, state, each)
      posted.push({ chain, reason: each.reason, transactions })
      log.info({ market, chain, reason: each.reason, transactions }, 'ladder proved')
    } catch (error) {
      if (!(error instanceof RetryableError || error instanceof ContractRevertError)) throw error
      failed.push({ chain, detail: error.message })
      log.warn({ market, chain, detail: error.message }, 'ladder not posted')
    }
  }
  return { surface: slices.version, posted, failed }
}

/** Expiries that have a slice of this surface on chain, and the version that was posted for it now. */
type PostedSlices = { readonly version: number | null; readonly expiries: ReadonlySet<UnixSeconds> }
const nothingPosted: PostedSlices = { version: null, expiries: new Set() }

/** The surface of the due chains' expiries, and of the market's other chains as far as one post holds them. One that was posted already, by a process that then ended, is not posted again. */
async function postSurface(
  { client, contracts, market, sign, send, validity, log }: PosterContext,
  surface: VolSurface,
  { chains }: MarketChains,
  due: readonly DueLadder[],
): Promise<PostedSlices> {
  const head = await readSurfaceHead(client, contracts.surfaceOracle, market)
  const first = new Set(due.map(({ chain }) => chain.listed.expiry))
  if (head.asOf >= surface.time) {
    const stored = await Promise.all([...first].map((expiry) => readSlice(client, contracts.surfaceOracle, market, expiry)))
    return { version: null, expiries: new Set([...first].filter((_, i) => (stored[i]?.asOf ?? 0) >= surface.time)) }
  }
  const others = chains.map(({ listed }) => listed.expiry).filter((expiry) => !first.has(expiry))
  const expiries = [...[...first].sort((a, b) => a - b), ...[...new Set(others)].sort((a, b) => a - b)]
  const toSign = surfaceToSign(surface, market, head, expiries, validity)
  if (toSign === null) return nothingPosted
  await send(buildPostSurface(contracts.surfaceOracle, toSign, await sign(toSign)))
  log.info({ market, version: toSign.version, expiries: toSign.slices.length }, 'surface posted')
  return { version: toSign.version, expiries: new Set(toSign.slices.map(({ expiry }) => expiry)) }
}

async function postLadder(context: PosterContext, { grids, anchors }: MarketChains, { chain }: DueLadder): Promise<number> {
  const { client, contracts, market, send, gasLimit } = context
  const { listed } = chain
  const slice = await readSlice(client, contracts.surfaceOracle, market, listed.expiry)
  if (slice === null) throw new MissingDataError({ what: `a slice for expiry ${listed.expiry}`, detail: 'it was posted a moment ago' })
  const grid = gridFor(grids, listed.expiry - slice.asOf)
  const words = encodeWords(ladderWords(postListedChain(listed, slice, grid, anchors), listed, slice, grid, anchors))
  const steps = proofSteps(listed.multiples.length, grid.nodes, gasLimit, 'post')
  const receipt = await send(buildPostAndProve(contracts.chains, listed.chain, words, steps[0]!))
  const [log] = parseEventLogs({ abi: chainsAbi, eventName: 'LadderPosted', logs: receipt.logs })
  for (const step of steps.slice(1)) await send(buildProve(contracts.chains, log!.args.blob, step))
  return steps.length
}

async function proveLive({ contracts, send, gasLimit }: PosterContext, { chain: { listed, live } }: DueLadder): Promise<number> {
  const { blob, proved, ladder } = live!
  const steps = proofSteps(listed.multiples.length - proved, ladder.grid.nodes, gasLimit, 'prove')
  for (const step of steps) await send(buildProve(contracts.chains, blob, step))
  return steps.length
}
