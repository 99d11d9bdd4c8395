import { verifyChain } from '../../chain/audit/index.ts'
import { domainOf } from '../../chain/typed-data/index.ts'
import { canonicalJson } from '../../risk/hash/index.ts'
import type {
  Bar,
  Book,
  Catalogue,
  EngineConfiguration,
  EngineState,
  Hash,
  Json,
  MarketSnapshot,
  ParameterUnit,
  Recommendation,
  RiskReport,
  UnixSeconds,
} from '../../risk/types/index.ts'
import type { ChainLog } from '../audit/ChainLog.ts'
import { checkSignatures, type SubmittedRound, submittedRound } from '../audit/checkRound.ts'
import type { HistoryLink } from '../audit/decodeHistory.ts'
import type { AcceptedRound, ValueWrite } from '../audit/foldHistory.ts'
import { isoTime, shortTime } from '../kit/time.ts'
import { humanAndRaw, significant } from '../kit/values.ts'
import { documentFinding, type EvidenceDocuments, scratchDocuments } from './EvidenceDocuments.ts'
import { type Recomputed, recomputeTick } from './recomputeTick.ts'
import { agrees, compareText, createStepList, type Fact, type Finding, type Step, type StepId } from './Step.ts'
import { reasonWords, termValue, writerWords } from './words.ts'

/** The raw market data of a tick, read again from where it came. */
export type RawInputs = {
  /** The same observation, from the source as it is on this machine. */
  readonly observation: Pick<MarketSnapshot, 'bars' | 'liquidity' | 'impliedVol' | 'clearing' | 'spot' | 'markVol' | 'provenance'>
  /** The seed bars of the first state. */
  readonly seed: readonly Bar[]
  /** Where the bars stand, for people: file, lines, hash. */
  readonly place: readonly Fact[]
}

/** All that the steps of one value are made from. */
export type Evidence = {
  readonly log: ChainLog
  readonly links: readonly HistoryLink[]
  readonly documents: EvidenceDocuments
  readonly catalogue: Catalogue
  /** Hash of the engine build on this machine. */
  readonly engineBuild: Hash
  /** Null when the source is not on this machine. */
  readonly fetchRaw: ((snapshot: MarketSnapshot, previous: AcceptedRound | undefined) => Promise<RawInputs>) | null
}

/** The round behind a value, where it came with one. */
export type RoundEvidence = {
  readonly accepted: AcceptedRound
  /** The accepted round of the same scope before it. */
  readonly previous: AcceptedRound | undefined
}

export type BuiltSteps = {
  readonly steps: readonly Step[]
  readonly recommendation: Recommendation | null
  readonly report: RiskReport | null
  readonly snapshot: MarketSnapshot | null
}

const short = (hash: string): string => `${hash.slice(0, 10)}…${hash.slice(-6)}`

/** Every step behind one write, each recomputed. A write without a round has the chain's steps only. */
export async function buildSteps(
  evidence: Evidence,
  write: ValueWrite,
  entryIndex: number,
  unit: ParameterUnit,
  round: RoundEvidence | null,
): Promise<BuiltSteps> {
  const list = createStepList()
  addChainSteps(list, evidence, write, entryIndex, unit)
  if (round === null) {
    list.omit('round', 'Signed round', `None: ${writerWords(write.writer)} wrote it ${reasonWords(write.reason)}.`)
    return { steps: list.steps(), recommendation: null, report: null, snapshot: null }
  }
  const submitted = submittedRound(evidence.log, round.accepted.link.transaction)
  await addRoundSteps(list, write, unit, round.accepted, submitted)
  const documents = addDocumentSteps(list, evidence, round.accepted)
  const recomputed = addDecisionSteps(list, evidence, write, unit, round.accepted, documents)
  await addSourceSteps(list, evidence, round.previous, documents)
  const decided = recomputed?.kind === 'done' ? recomputed.decided : null
  return {
    steps: list.steps(),
    recommendation: decided?.report?.recommendations.find(({ id }) => id === write.id) ?? null,
    report: decided?.report ?? null,
    snapshot: documents.snapshot,
  }
}

type List = ReturnType<typeof createStepList>

function addChainSteps(list: List, { log, links }: Evidence, write: ValueWrite, entryIndex: number, unit: ParameterUnit): void {
  const { scope, id, link } = write
  list.add('history', {
    title: 'History',
    says: `Link ${link.index} of ${log.head.count}; all links together hash to the head that the store holds.`,
    how: 'Every event was hashed again and folded from the first link; the head was compared with the store.',
    facts: [
      { name: 'link hash', value: link.entryHash },
      { name: 'head', value: log.head.hash },
      { name: 'transaction', value: `${link.transaction} in block ${link.block}` },
    ],
    check: () => {
      const [first] = verifyChain(links, log.head)
      return first === undefined ? agrees : { ok: false, expected: first.expected, got: `${first.got} (${first.sentence.split(' (')[0]})` }
    },
  })
  const stored = log.entries.find((candidate) => candidate.scope === scope && candidate.id === id && candidate.index === entryIndex)?.entry
  list.add('word', {
    title: 'Stored word',
    says: `${humanAndRaw(write.value, unit)} since ${shortTime(link.time)} UTC, entry ${entryIndex} of the store.`,
    how: 'The entry that the store returns was compared with the event of the history.',
    facts: [{ name: 'before', value: write.reason === 'activation' ? 'not set' : humanAndRaw(write.previous, unit) }],
    restsOn: ['history'],
    check: () =>
      compareText(
        describeEntry(write.value, link.time, write.round, write.writer, write.reason),
        stored === undefined ? 'no entry' : describeEntry(stored.value, stored.time, stored.round, stored.writer, stored.reason),
      ),
  })
}

function describeEntry(value: number, time: UnixSeconds, round: number, writer: string, reason: string): string {
  return `value ${value}, ${isoTime(time)}, round ${round}, ${writer}, ${reason}`
}

async function addRoundSteps(
  list: List,
  write: ValueWrite,
  unit: ParameterUnit,
  accepted: AcceptedRound,
  submitted: SubmittedRound | undefined,
): Promise<void> {
  const { round, scope, digest, engines } = accepted
  const item = submitted?.adjustment.items.find(({ id }) => id === write.id)
  list.add('round', {
    title: 'Signed round',
    says: `Round ${round} of ${scope}, observed at ${shortTime(accepted.observedAt)} UTC, moves it ${item === undefined ? '' : `from ${humanAndRaw(item.expected, unit)} to ${humanAndRaw(item.value, unit)}`}.`,
    how: 'The digest was computed from the calldata of the transaction and compared with the one the mandate recorded.',
    facts: [
      { name: 'digest', value: digest },
      { name: 'items', value: String(submitted?.adjustment.items.length ?? 0) },
      {
        name: 'impact',
        value: `${submitted?.adjustment.impactAccounts ?? 0} accounts, ${Number((submitted?.adjustment.impactNotional ?? 0n) / 10n ** 18n).toLocaleString('en-US')} USD newly liquidatable`,
      },
    ],
    restsOn: ['history'],
    check: () => {
      if (submitted === undefined)
        return { ok: false, expected: 'a call of submitRound', got: `transaction ${accepted.link.transaction} is none` }
      if (submitted.digest !== digest) return { ok: false, expected: digest, got: submitted.digest }
      return compareText(`${write.id} to ${write.value}`, item === undefined ? 'no such item' : `${item.id} to ${item.value}`)
    },
  })
  const signed = submitted === undefined ? undefined : await checkSignatures(accepted, submitted, `round ${round}`)
  list.add('signatures', {
    title: 'Signatures',
    says: `${signed?.valid ?? 0} of ${engines?.engines.length ?? 0} engines signed this digest; ${engines?.threshold ?? 0} are needed (epoch ${accepted.epoch}).`,
    how: 'Each signer was recovered from its signature and looked up in the engine set of that epoch.',
    facts: (submitted?.signatures ?? []).map(({ signer }) => ({ name: 'signer', value: signer })),
    restsOn: ['round'],
    check: () => {
      const [first] = signed?.faults ?? []
      return first === undefined ? agrees : { ok: false, expected: first.expected, got: first.got }
    },
  })
}

type Documents = {
  readonly snapshot: MarketSnapshot | null
  readonly book: Book | null
  readonly state: EngineState | null
  readonly configuration: EngineConfiguration | null
  readonly report: RiskReport | null
}

function addDocumentSteps(list: List, { documents, engineBuild }: Evidence, accepted: AcceptedRound): Documents {
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
function addState(list: List, documents: EvidenceDocuments, snapshot: MarketSnapshot | null): void {
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

function addDecisionSteps(
  list: List,
  { log, documents, catalogue }: Evidence,
  write: ValueWrite,
  unit: ParameterUnit,
  accepted: AcceptedRound,
  { snapshot, book, state, configuration, report }: Documents,
): Recomputed | null {
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
  const decided = recomputed?.kind === 'done' ? recomputed.decided : null
  const own = decided?.report?.recommendations.find(({ id }) => id === write.id)
  const stored = report?.recommendations.find(({ id }) => id === write.id)
  list.add('bounds', {
    title: 'From target to value',
    says: own === undefined ? 'What the rule left of the target.' : boundsSentence(own, unit),
    how: 'The clips were applied again, in their order, to the target computed here.',
    facts: (own?.clips ?? []).map(({ bound, from, to, limit }) => ({
      name: bound,
      value: `${humanAndRaw(from, unit)} to ${humanAndRaw(to, unit)} (limit ${significant(limit)})`,
    })),
    restsOn: ['decision', 'report'],
    check: () => compareText(String(pendedOrWritten(write, stored)), String(own?.proposed ?? 'none')),
  })
  list.add('target', {
    title: 'Target',
    says:
      own?.target === null || own === undefined
        ? 'What the policy formula asks for.'
        : `The policy formula asks for ${humanAndRaw(own.target, unit)}.`,
    how: 'The formula was evaluated again; every term equals the stored report.',
    facts: (own?.terms ?? []).map((term) => ({ name: term.name, value: termValue(term) })),
    restsOn: ['decision', 'report'],
    check: () => compareDocuments(stored?.terms, own?.terms),
  })
  list.add('signals', {
    title: 'Signals',
    says: `${decided?.report?.signals.length ?? 0} signals of the market at that time.`,
    how: 'They were computed again from state and bars; every one equals the stored report.',
    facts: (decided?.report?.signals ?? []).map((term) => ({ name: term.name, value: termValue(term) })),
    restsOn: ['decision', 'report'],
    check: () => compareDocuments(report?.signals, decided?.report?.signals),
  })
  return recomputed
}

function decisionFinding(recomputed: Recomputed | null, accepted: AcceptedRound): Finding {
  if (recomputed === null) return { ok: false, expected: accepted.digest, got: 'documents are missing' }
  if (recomputed.kind === 'impossible') return { ok: false, expected: accepted.digest, got: recomputed.detail }
  const { decided, digest } = recomputed
  if (digest !== null) return compareText(accepted.digest, digest)
  return { ok: false, expected: accepted.digest, got: decided.decision.kind === 'halt' ? `halt: ${decided.decision.detail}` : 'no round' }
}

function boundsSentence({ target, proposed, clips }: Recommendation, unit: ParameterUnit): string {
  const from = target === null ? 'No target' : `Target ${humanAndRaw(target, unit)}`
  return clips.length === 0
    ? `${from}; nothing cut it down.`
    : `${from}, cut to ${humanAndRaw(proposed, unit)} by ${clips.map(({ bound }) => bound).join(', ')}.`
}

/** The value that the report must have proposed: the one that was written. */
function pendedOrWritten(write: ValueWrite, stored: Recommendation | undefined): number | string {
  return stored === undefined ? 'no recommendation' : write.value
}

function compareDocuments(stored: unknown, own: unknown): Finding {
  return compareText(canonicalJson((stored ?? null) as Json), canonicalJson((own ?? null) as Json))
}

async function addSourceSteps(
  list: List,
  { documents, fetchRaw }: Evidence,
  previous: AcceptedRound | undefined,
  { snapshot, state }: Documents,
): Promise<void> {
  if (fetchRaw === null) {
    list.omit('bars', 'Raw bars', 'Not checked: the source is not on this machine (name it with --data).')
    list.omit('seed', 'Seed', 'Not checked: the source is not on this machine (name it with --data).')
    return
  }
  const raw = snapshot === null ? null : await fetchRaw(snapshot, previous)
  const observed = (from: RawInputs['observation'] | MarketSnapshot): string => {
    const { bars, liquidity, impliedVol, clearing, spot, markVol, provenance } = from
    return canonicalJson({ bars, liquidity, impliedVol, clearing, spot, markVol, provenance } as unknown as Json)
  }
  list.add('bars', {
    title: 'Raw bars',
    says:
      snapshot === null
        ? 'What the market did.'
        : `${snapshot.bars.length} bars that were new; last close ${snapshot.bars.at(-1)?.close ?? snapshot.spot} USD, source ${snapshot.provenance.source}.`,
    how: 'The source was read again on this machine and compared with the snapshot, observation by observation.',
    facts: [
      ...(raw?.place ?? []),
      ...(snapshot?.bars ?? []).slice(-3).map((bar) => ({ name: `bar ${shortTime(bar.start)}`, value: barText(bar) })),
    ],
    restsOn: ['snapshot'],
    check: () =>
      snapshot === null || raw === null
        ? { ok: false, expected: 'a snapshot', got: 'none' }
        : firstDifference(observed(raw.observation), observed(snapshot)),
  })
  list.add('seed', {
    title: 'Seed',
    says: `The first state was folded from ${raw?.seed.length ?? 0} bars before the first tick.`,
    how: 'The seed bars were read again from the source and hashed.',
    facts: state === null ? [] : [{ name: 'hash', value: state.seed }],
    restsOn: ['state'],
    check: () => {
      if (state === null || raw === null) return { ok: false, expected: 'a state', got: 'none' }
      const stored = documentFinding(documents, state.seed)
      if (!stored.ok) return stored
      const found = documents.find(state.seed)
      return firstDifference(canonicalJson(raw.seed as unknown as Json), found.kind === 'intact' ? found.text : '')
    },
  })
}

function barText({ open, high, low, close, volume }: Bar): string {
  return `open ${open}, high ${high}, low ${low}, close ${close}, volume ${volume}`
}

/** Long texts by the place where they part. */
function firstDifference(expected: string, got: string): Finding {
  if (expected === got) return agrees
  let i = 0
  while (i < expected.length && expected[i] === got[i]) i++
  const from = Math.max(0, i - 40)
  return { ok: false, expected: `…${expected.slice(from, i + 40)}…`, got: `…${got.slice(from, i + 40)}…` }
}
