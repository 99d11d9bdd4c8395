import { buildSnapshot, type Decided, decide, genesisState } from '../decide/index.ts'
import { InvalidInputError, RetryableError } from '../errors/index.ts'
import { canonicalJson } from '../hash/index.ts'
import type {
  Book,
  Catalogue,
  DocumentStore,
  EngineConfiguration,
  EngineState,
  Hash,
  ItemOutcome,
  Json,
  MarketObservation,
  MarketSnapshot,
  MarketSource,
  PortfolioSource,
  ScopeReading,
  Seconds,
  UnixSeconds,
  World,
} from '../types/index.ts'

export type ReplayOptions = {
  readonly market: MarketSource
  readonly portfolios: PortfolioSource
  readonly world: World
  readonly configuration: EngineConfiguration
  readonly catalogue: Catalogue
  readonly engine: Hash
  readonly documents: DocumentStore
  /** First and last end of a data window, on the grid of ticks. */
  readonly from: UnixSeconds
  readonly to: UnixSeconds
  /** Seconds between the end of a window and the round, 60 by default. */
  readonly delaySeconds?: Seconds
  /** State before the first tick; folded from all bars known one tick before `from` when absent. */
  readonly state?: EngineState
}

/** One tick of a replay. */
export type ReplayTick = {
  readonly observedAt: UnixSeconds
  /** Chain time of the reading and of the round. */
  readonly time: UnixSeconds
  readonly reading: ScopeReading
  /** Null when the source had nothing usable. */
  readonly snapshot: { readonly document: MarketSnapshot; readonly hash: Hash } | null
  readonly decided: Pick<Decided, 'decision' | 'nextState' | 'nextStateHash' | 'report' | 'signals'>
  /** What became of the round's items; empty for a heartbeat or a halt. */
  readonly outcomes: readonly ItemOutcome[]
  /** Due loosenings that executed after the round: a tightening of this tick has voided those it contradicts. */
  readonly executed: readonly ItemOutcome[]
}

/**
 * Steps event time tick by tick over a source and a world: the scope is read, the source is asked, `decide` decides, the round is applied, what is due
 * executes. The same driver serves the tour, the drills and the audit; only world and report differ.
 *
 * A source that has nothing usable now ({RetryableError}) halts the tick; its bars come with a later one.
 *
 * @throws {InvalidInputError} `from` or `to` is off the grid, or they are in the wrong order.
 */
export async function* replayMarket(options: ReplayOptions): AsyncGenerator<ReplayTick, void, undefined> {
  const { market, configuration, documents, from, to } = options
  assertGrid(from, to, configuration.tickSeconds)
  let state = options.state ?? genesisState(await market.fetchSeed(from - configuration.tickSeconds), configuration.market, documents)
  let stateHash = documents.put(canonicalJson(state as unknown as Json))
  for (let observedAt = from; observedAt <= to; observedAt += configuration.tickSeconds) {
    const tick = await replayTick(options, state, stateHash, observedAt)
    // Only a round moves the state, as in an engine that others have to agree with; after a halt the same bars come again.
    if (tick.decided.decision.kind !== 'halt') {
      state = tick.decided.nextState
      stateHash = tick.decided.nextStateHash
    }
    yield tick
  }
}

async function replayTick(options: ReplayOptions, state: EngineState, stateHash: Hash, observedAt: UnixSeconds): Promise<ReplayTick> {
  const { world, portfolios, configuration, catalogue, engine, documents } = options
  const { market, scope } = configuration
  const time = observedAt + (options.delaySeconds ?? 60)
  const reading = await world.readScope(scope, time)
  const observation = await observe(options.market, state, observedAt)
  if (observation instanceof RetryableError) {
    const decision = { kind: 'halt', reason: 'staleData', detail: observation.message } as const
    return {
      observedAt,
      time,
      reading,
      snapshot: null,
      decided: { decision, nextState: state, nextStateHash: stateHash, report: null, signals: null },
      outcomes: [],
      executed: await world.executeDue(scope, time),
    }
  }
  const book = await portfolios.fetchBook(observedAt, observation.spot)
  const bookHash = putBook(book, documents)
  const document = buildSnapshot({ market, scope, observedAt, priorState: stateHash, observation, book: bookHash, reading })
  const hash = documents.put(canonicalJson(document as unknown as Json))
  const decided = decide({ snapshot: document, book, state, configuration, catalogue, engine, documents })
  const outcomes = decided.decision.kind === 'halt' ? [] : await world.apply(decided.decision.adjustment, time)
  const executed = await world.executeDue(scope, time)
  return { observedAt, time, reading, snapshot: { document, hash }, decided, outcomes, executed }
}

// A book is immutable and changes rarely: the same object has the hash it had.
const bookHashes = new WeakMap<Book, Hash>()

function putBook(book: Book, documents: DocumentStore): Hash {
  const known = bookHashes.get(book)
  if (known !== undefined && documents.has(known)) return known
  const hash = documents.put(canonicalJson(book as unknown as Json))
  bookHashes.set(book, hash)
  return hash
}

/** What is new since the last bar the state holds; bars that were refused once come again. */
async function observe(source: MarketSource, state: EngineState, observedAt: UnixSeconds): Promise<MarketObservation | RetryableError> {
  try {
    return await source.fetchObservation(state.lastBarEnd, observedAt)
  } catch (error) {
    if (error instanceof RetryableError) return error
    throw error
  }
}

function assertGrid(from: UnixSeconds, to: UnixSeconds, tickSeconds: Seconds): void {
  for (const [argument, time] of Object.entries({ from, to })) {
    if (!Number.isSafeInteger(time) || time % tickSeconds !== 0)
      throw new InvalidInputError({ argument, got: time, limit: `a multiple of ${tickSeconds} s` })
  }
  if (to < from) throw new InvalidInputError({ argument: 'to', got: to, limit: `at or after from, ${from}` })
}
