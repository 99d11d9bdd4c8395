import { verifyChain } from '../../chain/audit/index.ts'
import { ofDeployedGroup } from '../../risk/decide/index.ts'
import { canonicalJson } from '../../risk/hash/index.ts'
import type { Bar, Json, MarketSnapshot, ParameterUnit, Recommendation, RiskReport, UnixSeconds } from '../../risk/types/index.ts'
import type { ChainLog } from '../audit/ChainLog.ts'
import { checkSignatures, type SubmittedRound, signedDigests, submittedRound, transactionOf } from '../audit/checkRound.ts'
import type { HistoryLink } from '../audit/decodeHistory.ts'
import type { AcceptedRound, ValueWrite } from '../audit/foldHistory.ts'
import { recoverSigners } from '../audit/recoverSigners.ts'
import { isoTime, shortTime } from '../kit/time.ts'
import { humanAndRaw, significant } from '../kit/values.ts'
import { addDecision, addDocumentSteps, type DocumentEvidence, type TickEvidence } from './documentSteps.ts'
import { documentFinding } from './EvidenceDocuments.ts'
import type { Recomputed } from './recomputeTick.ts'
import { agrees, compareText, createStepList, type Fact, type Finding, type Step, type StepList } from './Step.ts'
import { reasonWords, termValue, writerWords } from './words.ts'

/** The raw market data of a tick, read again from where it came. */
export type RawInputs = {
  /** The same observation, from the source as it is on this machine. */
  readonly observation: Pick<
    MarketSnapshot,
    'bars' | 'liquidity' | 'impliedVol' | 'clearing' | 'openInterest' | 'funding' | 'spot' | 'markVol' | 'provenance'
  >
  /** The seed bars of the first state. */
  readonly seed: readonly Bar[]
  /** Where the bars stand, for people: file, lines, hash. */
  readonly place: readonly Fact[]
}

/** All that the steps of one value are made from. */
export type Evidence = DocumentEvidence & {
  readonly log: ChainLog
  readonly links: readonly HistoryLink[]
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
  const submitted = submittedRound(evidence.log, transactionOf(evidence.log, round.accepted.link.transaction))
  await addRoundSteps(list, evidence, write, unit, round.accepted, submitted)
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

function addChainSteps(list: StepList, { log, links }: Evidence, write: ValueWrite, entryIndex: number, unit: ParameterUnit): void {
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
  list: StepList,
  { log }: Evidence,
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
  const signed =
    submitted === undefined
      ? undefined
      : checkSignatures(log, accepted, submitted, await recoverSigners(signedDigests(submitted)), `round ${round}`)
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

function addDecisionSteps(
  list: StepList,
  evidence: Evidence,
  write: ValueWrite,
  unit: ParameterUnit,
  accepted: AcceptedRound,
  tick: TickEvidence,
): Recomputed | null {
  const recomputed = addDecision(list, evidence, accepted, tick)
  const { report } = tick
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
  list: StepList,
  { documents, fetchRaw }: Evidence,
  previous: AcceptedRound | undefined,
  { snapshot, state }: TickEvidence,
): Promise<void> {
  if (fetchRaw === null) {
    list.omit('bars', 'Raw bars', 'Not checked: the source is not on this machine (name it with --data).')
    list.omit('seed', 'Seed', 'Not checked: the source is not on this machine (name it with --data).')
    return
  }
  const raw = snapshot === null ? null : await fetchRaw(snapshot, previous)
  // Where clearing is deployed its accounts are the chain's, and what the source generates in their place is not used.
  const seen = raw === null ? null : snapshot?.version === 2 ? ofDeployedGroup(raw.observation) : raw.observation
  const observed = (from: RawInputs['observation'] | MarketSnapshot): string => {
    const { bars, liquidity, impliedVol, clearing, openInterest = [], funding = [], spot, markVol, provenance } = from
    return canonicalJson({ bars, liquidity, impliedVol, clearing, openInterest, funding, spot, markVol, provenance } as unknown as Json)
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
      snapshot === null || seen === null
        ? { ok: false, expected: 'a snapshot', got: 'none' }
        : firstDifference(observed(seen), observed(snapshot)),
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
