import { InvalidInputError } from '../errors/index.ts'
import { canonicalJson, contentHash } from '../hash/index.ts'
import { inspectBars } from '../market/index.ts'
import { numericFingerprint } from '../math/fingerprint.ts'
import { computeTargets, type Target } from '../policy/index.ts'
import { computeSignals, foldBars, foldObservations, type Signals } from '../signals/index.ts'
import type {
  Book,
  Catalogue,
  Decision,
  DocumentStore,
  EngineConfiguration,
  EngineState,
  HaltReason,
  Hash,
  Json,
  MarketSnapshot,
  ParamId,
  Recommendation,
  RiskReport,
} from '../types/index.ts'
import { fromBps } from '../units.ts'
import { assessImpact, type Impact, usdToWadUp } from './assessImpact.ts'
import type { MarketTerms } from './assessMarked.ts'
import { buildAdjustment } from './buildAdjustment.ts'
import { clipTarget } from './clipTarget.ts'
import { coordinate } from './coordinate.ts'
import { groupSignals } from './groupSignals.ts'
import { type MarkedMarket, markBook } from './markBook.ts'
import { parametersIn, type ValueView } from './parametersIn.ts'
import { signalTerms } from './signalTerms.ts'

export type DecideInput = {
  readonly snapshot: MarketSnapshot
  /** The document that `snapshot.book` names. */
  readonly book: Book
  /** The document that `snapshot.priorState` names. */
  readonly state: EngineState
  readonly configuration: EngineConfiguration
  readonly catalogue: Catalogue
  /** Build hash of this engine, see engineBuildHash. */
  readonly engine: Hash
  /** Series are read from here; the report and the next state are put here. */
  readonly documents: DocumentStore
}

/** All that a tick decided, with every step on the way, so that a reader can follow it. */
export type Decided = {
  readonly decision: Decision
  /** Unchanged when the bars could not be used: they come again with the next tick. */
  readonly nextState: EngineState
  readonly nextStateHash: Hash
  /** Null when the tick halted before anything was computed. */
  readonly report: RiskReport | null
  readonly signals: Signals | null
}

/**
 * The decision of one tick: bars are inspected and folded into the state, accounts marked, signals computed, targets recommended, clipped by the rules of the store,
 * coordinated into one round, and the round's impact measured. Pure: the same documents give the same bytes on every machine.
 *
 * @throws {InvalidInputError} The documents do not belong together: a hash that differs, another market or scope, a missing constant or chunk.
 */
export function decide(input: DecideInput): Decided {
  const { snapshot, state, configuration, documents } = input
  assertBelongTogether(input)
  if (configuration.fingerprint !== ownFingerprint())
    return halted(
      state,
      documents,
      'engineMismatch',
      `The numeric fingerprint is ${ownFingerprint()}; the configuration asks for ${configuration.fingerprint}.`,
    )
  const { observedAt } = snapshot
  const frame = { lastEnd: state.lastBarEnd, lastClose: state.lastClose, barSeconds: configuration.tickSeconds, observedAt }
  const inspection = inspectBars(snapshot.bars, frame)
  if (inspection.kind === 'faulty') return halted(state, documents, 'badBar', inspection.detail)

  const nextState = fold(state, snapshot, inspection.bars, documents)
  const lane = laneFault(snapshot)
  if (lane !== null) return halted(nextState, documents, ...lane)
  const age = observedAt - (nextState.staleSince ?? nextState.lastBarEnd)
  if (age > configuration.maxBarAge) {
    return halted(nextState, documents, 'staleData', `The last genuine price is ${age} s old; the limit is ${configuration.maxBarAge} s.`)
  }

  const marked = markAccounts(input)
  const signals = readSignals(input, marked, nextState)
  const { recommendations, impact } = recommendRound(input, marked, nextState, signals, age > 0)
  const report = buildReport(input, signals, recommendations, impact)
  const evidence = {
    snapshot: hashOf(snapshot),
    configuration: hashOf(configuration),
    engine: input.engine,
    report: documents.put(canonicalJson(report as unknown as Json)),
  }
  const adjustment = buildAdjustment(snapshot, configuration, recommendations, impact, evidence)
  const kind = adjustment.items.length > 0 ? 'adjust' : 'hold'
  return { decision: { kind, adjustment }, nextState, nextStateHash: put(nextState, documents), report, signals }
}

// ------------------------------------------------------------------ steps

/** Folds what a tick saw into the state. Excluded bars leave no trace but the time they cover. */
function fold(state: EngineState, snapshot: MarketSnapshot, bars: MarketSnapshot['bars'], documents: DocumentStore): EngineState {
  const folded = foldObservations(foldBars(state, bars, documents), newObservations(snapshot, state), documents)
  const lastBarEnd = snapshot.bars.at(-1)?.end ?? folded.lastBarEnd
  return { ...folded, lastBarEnd, ticks: state.ticks + 1, scalars: { ...folded.scalars, observedAt: snapshot.observedAt } }
}

/** A source is asked for everything since the last bar, so after a gap it shows observations again that were folded already. */
function newObservations(snapshot: MarketSnapshot, state: EngineState): MarketSnapshot {
  const since = state.scalars['observedAt'] ?? Number.NEGATIVE_INFINITY
  const isNew = ({ knownAt }: { readonly knownAt: number }): boolean => knownAt > since
  return {
    ...snapshot,
    liquidity: snapshot.liquidity.filter(isNew),
    impliedVol: snapshot.impliedVol.filter(isNew),
    clearing: snapshot.clearing.filter(isNew),
    openInterest: snapshot.openInterest?.filter(isNew) ?? [],
    funding: snapshot.funding?.filter(isNew) ?? [],
  }
}

/** Why the lane takes no round now, or null. */
function laneFault({ chain: { lane } }: MarketSnapshot): [HaltReason, string] | null {
  if (lane.powers.submit) return null
  if (lane.mode === 'closed') return ['laneClosed', 'The lane was never opened.']
  if (lane.mode === 'paused') return ['lanePaused', 'The lane is paused; only a vote resumes it.']
  return ['laneExpired', 'The mandate has expired, or its engines were revoked.']
}

/** The round and its impact. One whose impact passes the lane's limits needs a steward, and is clipped again for what that charges. */
function recommendRound(
  input: DecideInput,
  marked: MarkedAccounts,
  state: EngineState,
  signals: Signals,
  stale: boolean,
): { readonly recommendations: readonly Recommendation[]; readonly impact: Impact } {
  const { lane } = input.snapshot.chain
  const recommendations = recommend(input, signals, stale, lane.powers.cosigned)
  const impact = measureImpact(input, marked, state, recommendations)
  const { accounts, notional } = impact.newly
  const heavy = accounts > lane.impactAccountsLimit || usdToWadUp(notional) > BigInt(lane.impactNotionalLimit)
  if (!heavy || lane.powers.cosigned) return { recommendations, impact }
  const cosigned = recommend(input, signals, stale, true)
  return { recommendations: cosigned, impact: measureImpact(input, marked, state, cosigned) }
}

/** What policy wants of every parameter of the scope, clipped one by one and then as a round. A stale window moves nothing. */
function recommend(
  { snapshot, catalogue, configuration }: DecideInput,
  signals: Signals,
  stale: boolean,
  cosigned: boolean,
): Recommendation[] {
  const { parameters, lane, time } = snapshot.chain
  const targets = computeTargets(signals, parameters, configuration, snapshot.observedAt)
  const frame = { now: time, powers: lane.powers, epoch: lane.epoch, cosigned, hysteresis: configuration.hysteresis }
  const single = parameters.map((live): Recommendation => {
    const spec = catalogue.parameters.find(({ id }) => id === live.id)
    const target = targets.get(live.id)
    if (spec === undefined || target === undefined)
      throw new InvalidInputError({ argument: 'snapshot.chain.parameters', got: live.id, limit: `in the catalogue ${catalogue.name}` })
    const about = { id: live.id, value: live.state.value, target: target.target, terms: target.terms, flags: target.flags }
    const reason = holdReason(target, stale)
    if (reason !== null || target.target === null) {
      return { ...about, clips: [], proposed: live.state.value, outcome: { kind: 'hold', reason: reason ?? 'inputUnavailable' } }
    }
    return { ...about, ...clipTarget(spec, live, target.target, frame) }
  })
  return coordinate(single, { catalogue, parameters, powers: lane.powers, now: time })
}

function holdReason(target: Target, stale: boolean): Target['hold'] {
  return target.hold ?? (stale ? 'stale' : null)
}

/** The accounts with the market that marks them, and what margin asks of each underlying under given values of the scope. */
type MarkedAccounts = {
  readonly markets: readonly MarkedMarket[]
  readonly termsUnder: (view: ValueView) => (market: string) => MarketTerms
}

function markAccounts({ snapshot, book, configuration }: DecideInput): MarkedAccounts {
  const termsUnder: MarkedAccounts['termsUnder'] = (view) => {
    const known = new Map<string, MarketTerms>()
    return (market) => {
      const terms = known.get(market) ?? {
        parameters: parametersIn(market, view, snapshot, configuration),
        residual: residualOf(market, snapshot),
      }
      known.set(market, terms)
      return terms
    }
  }
  return { markets: markBook(snapshot, book), termsUnder }
}

function residualOf(market: string, { scope, chain, group }: MarketSnapshot): number {
  const id = 'margin.betaResidual'
  const own = scope === `market:${market}` ? chain.parameters.find((live) => live.id === id)?.state.value : undefined
  return fromBps(own ?? group?.values.find((each) => each.scope === `market:${market}` && each.id === id)?.value ?? 10_000)
}

/** Signals of the bars and of what was observed; of a deployed clearing, what its accounts say now. */
function readSignals({ snapshot, book, documents }: DecideInput, { markets, termsUnder }: MarkedAccounts, state: EngineState): Signals {
  const signals = computeSignals(state, snapshot.observedAt, documents)
  const { group } = snapshot
  if (group === undefined) return signals
  const terms = termsUnder({ stage: 'inForce', values: new Map() })
  return { ...signals, clearing: groupSignals(snapshot, group, book, markets, terms, signals.liquidity) }
}

function measureImpact(
  { snapshot, documents }: DecideInput,
  { markets, termsUnder }: MarkedAccounts,
  state: EngineState,
  recommendations: readonly Recommendation[],
): Impact {
  const live = new Map<ParamId, number>(recommendations.map(({ id, value }) => [id, value]))
  const tightened = recommendations.filter(({ outcome }) => outcome.kind === 'move' && outcome.direction === 'tighten')
  const after = new Map([...live, ...tightened.map(({ id, proposed }): [ParamId, number] => [id, proposed])])
  const terms = {
    inForce: termsUnder({ stage: 'inForce', values: live }),
    before: termsUnder({ stage: 'settled', values: live }),
    after: termsUnder({ stage: 'settled', values: after }),
  }
  return assessImpact(markets, terms, snapshot, state, documents)
}

function buildReport(
  { snapshot, configuration }: DecideInput,
  signals: Signals,
  recommendations: readonly Recommendation[],
  impact: Impact,
): RiskReport {
  return {
    schema: 'ballast.report',
    version: 1,
    market: snapshot.market,
    scope: snapshot.scope,
    observedAt: snapshot.observedAt,
    snapshot: hashOf(snapshot),
    configuration: hashOf(configuration),
    signals: signalTerms(signals),
    before: impact.before,
    after: impact.after,
    impact: impact.newly,
    recommendations,
  }
}

// ------------------------------------------------------------------ documents

function halted(state: EngineState, documents: DocumentStore, reason: HaltReason, detail: string): Decided {
  return { decision: { kind: 'halt', reason, detail }, nextState: state, nextStateHash: put(state, documents), report: null, signals: null }
}

function put(state: EngineState, documents: DocumentStore): Hash {
  const hash = documents.put(canonicalJson(state as unknown as Json))
  hashes.set(state, hash)
  return hash
}

// Documents are immutable: one that is still the same object has the hash it had.
const hashes = new WeakMap<object, Hash>()

function hashOf(document: object): Hash {
  const known = hashes.get(document)
  if (known !== undefined) return known
  const hash = contentHash(canonicalJson(document as unknown as Json))
  hashes.set(document, hash)
  return hash
}

function assertBelongTogether({ snapshot, book, state, configuration }: DecideInput): void {
  const check = (argument: string, got: string, limit: string): void => {
    if (got !== limit) throw new InvalidInputError({ argument, got, limit })
  }
  check('snapshot.scope', snapshot.scope, configuration.scope)
  check('snapshot.market', snapshot.market, configuration.market)
  check('state.market', state.market, configuration.market)
  check('hash of the state', hashOf(state), snapshot.priorState)
  check('hash of the book', hashOf(book), snapshot.book)
  check('version of the book', String(book.version), String(snapshot.version))
  check('group of the snapshot', snapshot.group === undefined ? 'absent' : 'there', snapshot.version === 1 ? 'absent' : 'there')
}

let fingerprint: Hash | undefined

function ownFingerprint(): Hash {
  fingerprint ??= numericFingerprint()
  return fingerprint
}
