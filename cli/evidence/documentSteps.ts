import { domainOf } from '../../chain/typed-data/index.ts'
import type { Book, Catalogue, EngineConfiguration, EngineState, Hash, MarketSnapshot, RiskReport } from '../../risk/types/index.ts'
import type { ChainLog } from '../audit/ChainLog.ts'
import type { AcceptedRound } from '../audit/foldHistory.ts'
import { shortTime } from '../kit/time.ts'
import { documentFinding, type EvidenceDocuments, scratchDocuments } from './EvidenceDocuments.ts'
import { type Recomputed, recomputeTick } from './recomputeTick.ts'
import { agrees, compareText, type Finding, type StepId, type StepList } from './Step.ts'

/** What the documents of a tick are checked against. */
export type DocumentEvidence = {
  readonly log: Pick<ChainLog, 'chainId' | 'deployment'>
  readonly documents: EvidenceDocuments
  readonly catalogue: Catalogue
  /** Hash of the engine build on this machine. */
  readonly engineBuild: Hash
}

/** What a signed round says of the tick that it was computed in. */
export type SignedTick = Pick<AcceptedRound, 'round' | 'observedAt' | 'digest' | 'snapshot' | 'engine' | 'configuration' | 'report'>

const short = (hash: string): string => `${hash.slice(0, 10)}…${hash.slice(-6)}`

/** The documents of a tick that are sound; null for one that is not. */
export type TickEvidence = {
  readonly snapshot: MarketSnapshot | null
  readonly book: Book | null
  readonly state: EngineState | null
  readonly configuration: EngineConfiguration | null
  readonly report: RiskReport | null
}

/** Steps of the engine build and of every document that a signed round names. They rest on the step `round`. */
export function addDocumentSteps(list: StepList, { documents, engineBuild }: DocumentEvidence, accepted: SignedTick): TickEvidence {
  list.add('engine', {
    title: 'Engine build',
    says: `The round names build ${short(accepted.engine)}.`,
    how: 'The sources of risk/ on this machine, its locked packages and the numeric fingerprint were hashed again.',
    facts: [{ name: 'here', value: engineBuild }],
    restsOn: ['round'],
    check: () => compareText(accepted.engine, engineBuild),
  })
  const read = <Content>(id: StepId, hash: Hash | undefined): Content | null => {
    const found = hash === undefined ? undefined : documents.find(hash)
    return found?.kind === 'intact' && list.isSound(id) ? (JSON.parse(found.text) as Content) : null
  }
  const addDocument = (id: StepId, title: string, hash: Hash | undefined, says: string, restsOn: readonly StepId[]): void => {
    list.add(id, {
      title,
      says,
      how: 'The stored bytes were hashed again.',
      facts: hash === undefined ? [] : [{ name: 'hash', value: hash }],
      restsOn,
      check: () => (hash === undefined ? { ok: false, expected: 'a hash', got: 'none' } : documentFinding(documents, hash)),
    })
  }
  addDocument(
    'configuration',
    'Configuration',
    accepted.configuration,
    'What the engines agreed on: policy constants, tolerances, hysteresis.',
    ['round'],
  )
  addDocument('snapshot', 'Snapshot', accepted.snapshot, `Everything the tick of ${shortTime(accepted.observedAt)} UTC saw.`, ['round'])
  const snapshot = read<MarketSnapshot>('snapshot', accepted.snapshot)
  addDocument('book', 'Accounts', snapshot?.book, 'The portfolios that the impact was measured on.', ['snapshot'])
  addState(list, documents, snapshot)
  addDocument('report', 'Report', accepted.report, 'What the engines computed: signals, targets, clips, impact.', ['round'])
  return {
    snapshot,
    book: read<Book>('book', snapshot?.book),
    state: read<EngineState>('state', snapshot?.priorState),
    configuration: read<EngineConfiguration>('configuration', accepted.configuration),
    report: read<RiskReport>('report', accepted.report),
  }
}

/** The state and every chunk of its series: a changed byte in either is a changed state. */
function addState(list: StepList, documents: EvidenceDocuments, snapshot: MarketSnapshot | null): void {
  const found = snapshot === null ? undefined : documents.find(snapshot.priorState)
  const state = found?.kind === 'intact' ? (JSON.parse(found.text) as EngineState) : null
  const chunks = Object.values(state?.series ?? {}).flatMap((series) => series.chunks)
  list.add('state', {
    title: 'State before the tick',
    says:
      state === null
        ? 'What the engine carried into the tick.'
        : `What the engine carried into the tick, after ${state.ticks} ticks: ${chunks.length} chunks of history.`,
    how: 'The stored state, and every chunk it names, were hashed again.',
    facts: snapshot === null ? [] : [{ name: 'hash', value: snapshot.priorState }],
    restsOn: ['snapshot'],
    check: () => {
      if (snapshot === null) return { ok: false, expected: 'a snapshot', got: 'none' }
      const own = documentFinding(documents, snapshot.priorState)
      return own.ok ? (chunks.map((chunk) => documentFinding(documents, chunk)).find(({ ok }) => !ok) ?? agrees) : own
    },
  })
}

/** Decides the tick again and compares it with the signed round; what was computed is returned for the steps that follow. */
export function addDecision(list: StepList, evidence: DocumentEvidence, accepted: SignedTick, tick: TickEvidence): Recomputed | null {
  const { log, documents, catalogue } = evidence
  const { snapshot, book, state, configuration } = tick
  const domain = domainOf('controllerMandate', log.chainId, log.deployment.contracts.controllerMandate)
  const complete = snapshot !== null && book !== null && state !== null && configuration !== null
  const recomputed = complete
    ? recomputeTick({ snapshot, book, state, configuration, catalogue, documents: scratchDocuments(documents) }, accepted.engine, domain)
    : null
  list.add('decision', {
    title: 'Decision',
    says: 'Snapshot, accounts, state and configuration lead to exactly the round that was signed.',
    how: 'The tick was decided again on this machine and its digest compared with the signed one.',
    restsOn: ['round', 'configuration', 'snapshot', 'book', 'state'],
    explainedBy: ['engine'],
    check: () => decisionFinding(recomputed, accepted),
  })
  return recomputed
}

function decisionFinding(recomputed: Recomputed | null, accepted: Pick<SignedTick, 'digest'>): Finding {
  if (recomputed === null) return { ok: false, expected: accepted.digest, got: 'documents are missing' }
  if (recomputed.kind === 'impossible') return { ok: false, expected: accepted.digest, got: recomputed.detail }
  const { decided, digest } = recomputed
  if (digest !== null) return compareText(accepted.digest, digest)
  return { ok: false, expected: accepted.digest, got: decided.decision.kind === 'halt' ? `halt: ${decided.decision.detail}` : 'no round' }
}
