import { ContractRevertError } from '../../chain/errors/index.ts'
import { readChains, readSurfaceHead } from '../../chain/ladder/index.ts'
import type { RoundSignature, Seconds, UnixSeconds } from '../../risk/types/index.ts'
import type { Peers } from '../engine/Peers.ts'
import { PostingTimeoutError } from '../errors/PosterErrors.ts'
import type { Metrics } from '../http/metrics.ts'
import type { SubmitterContext } from '../submitter/submitIntent.ts'
import { collectSignatures } from './collectSignatures.ts'
import type { PosterSetup } from './PosterSetup.ts'
import { reviewSurface } from './reviewSurface.ts'
import { type PosterTick, runPosterTick } from './runPosterTick.ts'
import { sendCalls } from './sendCalls.ts'
import type { SurfaceDocument } from './surfaceDocument.ts'

/** The posting part of an engine. */
export type Poster = {
  /**
   * Posts what is due in a tick. Never fails: a fault is logged, and the next tick tries again.
   *
   * @param turns - Engines whose turn comes before this one's: it leaves to them what they have begun.
   * @returns What was posted; null when nothing could be, or others post.
   */
  readonly post: (observedAt: UnixSeconds, turns: number) => Promise<PosterTick | null>
  /** Signs the surface of another engine that this one's source agrees with. */
  readonly review: (document: SurfaceDocument) => Promise<RoundSignature>
}

export type PosterOptions = {
  readonly setup: PosterSetup
  /** With the surface key, and a store of its own: the engine's nonces and intents are not touched. */
  readonly submitter: SubmitterContext
  readonly peers: Peers
  /** Chains in which somebody holds a position. */
  readonly openChains: () => ReadonlySet<number>
  /** How long each engine in turn waits for the one before. */
  readonly turnSeconds: Seconds
  readonly metrics: Metrics
}

/** Opens the posting part: its source, key and store are the caller's. */
export function openPoster(options: PosterOptions): Poster {
  const { setup, submitter } = options
  const { market, log, settings } = setup
  return {
    async post(observedAt, turns) {
      const signal = AbortSignal.any([submitter.signal, AbortSignal.timeout(settings.timeoutSeconds * 1_000)])
      try {
        const tick = await within(signal, postDue(options, observedAt, turns, signal))
        for (const { chain, detail } of tick?.failed ?? [])
          log.warn({ market, observedAt, chain, detail }, 'ladder waits for the next tick')
        return tick
      } catch (error) {
        if (submitter.signal.aborted) return null
        if (error instanceof ContractRevertError && (await isPostedByAnother(setup, observedAt))) {
          log.info({ market, observedAt }, 'another engine posted the surface')
          return null
        }
        log.error(
          {
            market,
            observedAt,
            error: signal.aborted ? new PostingTimeoutError({ timeoutSeconds: settings.timeoutSeconds }, { cause: error }) : error,
          },
          'surface not posted',
        )
        return null
      }
    },
    review: (document) => reviewSurface(setup, document),
  }
}

/** What the work gives, unless the signal comes first: a source may hang, and a tick must not. */
async function within<Result>(signal: AbortSignal, work: Promise<Result>): Promise<Result> {
  const { promise, reject } = Promise.withResolvers<never>()
  const abort = (): void => reject(signal.reason)
  if (signal.aborted) abort()
  else signal.addEventListener('abort', abort, { once: true })
  try {
    return await Promise.race([work, promise])
  } finally {
    signal.removeEventListener('abort', abort)
  }
}

/** Two engines may begin at once; the contract takes one surface. False when that cannot be told. */
async function isPostedByAnother({ client, contracts, market }: PosterSetup, observedAt: UnixSeconds): Promise<boolean> {
  try {
    return (await readSurfaceHead(client, contracts.surfaceOracle, market)).asOf >= observedAt
  } catch {
    return false
  }
}

async function postDue(
  { setup, submitter, peers, openChains, turnSeconds, metrics }: PosterOptions,
  observedAt: UnixSeconds,
  turns: number,
  signal: AbortSignal,
): Promise<PosterTick | null> {
  const { market, client, contracts, domain, key, source, settings, log } = setup
  if (turns > 0) {
    await submitter.clock.sleep(turns * turnSeconds, signal)
    const head = await readSurfaceHead(client, contracts.surfaceOracle, market)
    if (head.asOf >= observedAt) return null
  }
  const { number, timestamp } = await client.getBlock({ blockTag: 'latest' })
  const now = Number(timestamp)
  const open = openChains()
  const { chains } = await readChains(client, contracts.chains, market, number)
  const expiries = chains.map(({ listed }) => listed.expiry)
  if (!chains.some(({ listed }) => open.has(listed.chain))) return { surface: null, posted: [], failed: [] }
  const surface = await source.fetchSurface(now, expiries)
  const context = { client, surfaceOracle: contracts.surfaceOracle, domain, key, peers, log, signal }
  const send = sendCalls({ ...submitter, signal }, metrics, `surface:${market}:${observedAt}`, now + settings.timeoutSeconds)
  return runPosterTick(
    {
      client,
      contracts,
      market,
      sign: (toSign) => collectSignatures(context, toSign),
      send,
      // The submitter sends a quarter more than it estimates.
      gasLimit: Math.floor((settings.gasLimit * 4) / 5),
      validity: settings.validitySeconds,
      log,
    },
    surface,
    open,
  )
}
