import { RetryableError } from '../../risk/errors/index.ts'
import type { Address, Decision, Hash, RoundRecord, UnixSeconds } from '../../risk/types/index.ts'
import { EquivocationError } from '../errors/StoreErrors.ts'
import { checkSnapshot, fetchSnapshot } from './checkSnapshot.ts'
import type { EngineContext, Evaluation, TickSummary } from './EngineContext.ts'
import { evaluate } from './evaluate.ts'
import { executeDue } from './executeDue.ts'
import { observe } from './observe.ts'
import { passReason } from './passReason.ts'
import { lastAccepted } from './priorState.ts'
import { propose } from './propose.ts'
import { roundRecord } from './roundRecord.ts'
import { submitRound } from './submitRound.ts'
import { sync } from './sync.ts'

/**
 * One tick of one scope: observe, assess, decide, propose, submit, record.
 *
 * Engines take turns: tick number modulo n proposes at once, each next one after a further timeout without an accepted round, or as soon as those before it
 * passed. Whoever does not propose follows: it waits for the accepted round, recomputes it, and sends a fully signed one itself when its proposer does not.
 *
 * @returns What became of the tick. Failures that a later tick may repair are in `detail`.
 * @throws {FatalError} What only a human can repair.
 */
export async function runTick(context: EngineContext, observedAt: UnixSeconds): Promise<TickSummary> {
  const { identity, log, metrics } = context
  const { scope } = identity
  const started = context.elapsed()
  log.info({ scope, observedAt }, 'tick started')
  const flight: Flight = { observedAt, started, proposer: false, decision: null, detail: '', signedAt: null }
  await follow(context, flight)
  const summary = summarise(context, flight)
  metrics.ticks.inc({ scope, outcome: summary.outcome })
  metrics.tickSeconds.observe({ scope }, context.elapsed() - started)
  const { outcome, round, decision, detail } = summary
  log.info(
    { scope, observedAt, outcome, round, decision, proposer: flight.proposer, detail, durationSeconds: context.elapsed() - started },
    'tick done',
  )
  return summary
}

type Flight = {
  readonly observedAt: UnixSeconds
  readonly started: number
  proposer: boolean
  decision: Decision | null
  detail: string
  /** When this engine learned of a fully signed round. */
  signedAt: number | null
}

/** Turns of the other engines before this one's, 0 for the proposer. */
export function turnsBefore({ engines, key, identity }: EngineContext, observedAt: UnixSeconds): number {
  const first = (observedAt / identity.configuration.tickSeconds) % engines.length
  return (engines.indexOf(key.address) - first + engines.length) % engines.length
}

async function follow(context: EngineContext, flight: Flight): Promise<void> {
  const { timing, engines, mailbox, clock, signal } = context
  const { observedAt, started } = flight
  const rank = turnsBefore(context, observedAt)
  const giveUpAt = started + engines.length * timing.proposerTimeoutSeconds + timing.submitterTimeoutSeconds
  let passed = false
  for (;;) {
    signal.throwIfAborted()
    const seen = mailbox.wakes()
    const progress = await followChain(context, flight)
    if (progress === 'accepted') return
    const waiting = context.elapsed() - started
    // Who cannot follow what was accepted has nothing to propose.
    if (!passed && progress === 'open' && (waiting >= rank * timing.proposerTimeoutSeconds || othersPassed(context, observedAt, rank))) {
      if (await takeTurn(context, flight)) return
      passed = true
      await context.peers.tell({ kind: 'passed', scope: context.identity.scope, observedAt })
      continue
    }
    await sendForOther(context, flight)
    const everyonePassed = passed && othersPassed(context, observedAt, engines.length)
    if (context.elapsed() >= giveUpAt || everyonePassed) return
    const controller = new AbortController()
    const either = AbortSignal.any([controller.signal, signal])
    await Promise.race([mailbox.next(seen, either), clock.sleep(timing.pollSeconds, either).catch(() => undefined)])
    controller.abort()
  }
}

/** Whether the first `turns` engines of this tick have passed; the own turn does not count. */
function othersPassed({ engines, key, mailbox, identity }: EngineContext, observedAt: UnixSeconds, turns: number): boolean {
  const first = (observedAt / identity.configuration.tickSeconds) % engines.length
  const before = Array.from({ length: turns }, (_, i) => engines[(first + i) % engines.length] as Address)
  return before.every((engine) => engine === key.address || mailbox.passed(observedAt, engine))
}

/** Follows the chain; a read that fails now is tried again at the next look. */
async function followChain(context: EngineContext, flight: Flight): Promise<'accepted' | 'open' | 'behind'> {
  try {
    await context.exclusive(() => sync(context))
  } catch (error) {
    if (!(error instanceof RetryableError)) throw error
    flight.detail = error.message
    context.log.warn({ scope: context.identity.scope, observedAt: flight.observedAt, error }, 'chain not followed')
    return 'behind'
  }
  return (lastAccepted(context)?.observedAt ?? 0) >= flight.observedAt ? 'accepted' : 'open'
}

/** The own turn. True when the tick is over, false when this engine passes. */
async function takeTurn(context: EngineContext, flight: Flight): Promise<boolean> {
  const { identity, log, metrics, peers, store } = context
  const { observedAt } = flight
  try {
    const resumed = store.round(identity.scope, observedAt)
    const evaluation = await context.exclusive(() => evaluationOf(context, flight, resumed))
    if (evaluation.decision.kind === 'halt') {
      flight.detail = evaluation.decision.detail
      store.saveRound(roundRecord(evaluation, 'failed', { detail: `${evaluation.decision.reason}: ${evaluation.decision.detail}` }))
      metrics.passedTurns.inc({ scope: identity.scope, reason: evaluation.decision.reason })
      log.warn({ scope: identity.scope, observedAt, reason: evaluation.decision.reason, detail: evaluation.decision.detail }, 'tick halted')
      return false
    }
    if (!context.send) {
      flight.detail = 'dry run: nothing is signed or sent'
      store.saveRound(roundRecord(evaluation, 'decided', { detail: flight.detail }))
      return true
    }
    flight.proposer = true
    await proposeAndSubmit(context, flight, evaluation)
    await context.exclusive(() => sync(context))
    await peers.tell({ kind: 'accepted', scope: identity.scope, observedAt })
    await executeDue(context, observedAt)
    return (lastAccepted(context)?.observedAt ?? 0) >= observedAt
  } catch (error) {
    if (!(error instanceof RetryableError) && !(error instanceof EquivocationError)) throw error
    flight.detail = error.message
    metrics.passedTurns.inc({ scope: identity.scope, reason: passReason(error) })
    log.warn({ scope: identity.scope, observedAt, error }, 'turn passed')
    return false
  }
}

/** A round of this tick that was begun before a restart goes on; else the tick is observed and decided now. */
async function evaluationOf(context: EngineContext, flight: Flight, resumed: RoundRecord | undefined): Promise<Evaluation> {
  const isOpen = resumed?.digest != null && context.store.claim(resumed.scope, resumed.adjustment?.round ?? 0)?.digest === resumed.digest
  const snapshot = isOpen
    ? { snapshot: await fetchSnapshot(context, resumed.snapshot), hash: resumed.snapshot }
    : await observe(context, flight.observedAt)
  const evaluation = await evaluate(context, snapshot.snapshot, snapshot.hash)
  flight.decision = evaluation.decision
  return evaluation
}

async function proposeAndSubmit(context: EngineContext, flight: Flight, first: Evaluation): Promise<void> {
  const proposal = await propose(context, first)
  if (proposal.kind === 'signed') return submitRound(context, proposal.evaluation, proposal.signatures)
  const evaluation = await adopt(context, flight.observedAt, proposal.snapshot)
  const second = await propose(context, evaluation)
  if (second.kind === 'signed') await submitRound(context, second.evaluation, second.signatures)
}

/** A round that a peer signed from another snapshot: checked like any other proposal, then proposed by this engine instead of its own. */
async function adopt(context: EngineContext, observedAt: UnixSeconds, hash: Hash): Promise<Evaluation> {
  return context.exclusive(async () => {
    const snapshot = await fetchSnapshot(context, hash)
    await checkSnapshot(context, hash, snapshot, observedAt)
    return evaluate(context, snapshot, hash)
  })
}

/** Sends a fully signed round of another engine that has waited long enough. */
async function sendForOther(context: EngineContext, flight: Flight): Promise<void> {
  const { store, identity, mailbox, timing, log } = context
  const record = store.round(identity.scope, flight.observedAt)
  const signatures = record?.digest == null ? undefined : mailbox.signed(record.digest)
  if (record === undefined || signatures === undefined || !context.send) return
  flight.signedAt ??= context.elapsed()
  if (context.elapsed() - flight.signedAt < timing.submitterTimeoutSeconds) return
  log.warn({ scope: identity.scope, observedAt: flight.observedAt, digest: record.digest }, 'sending for another engine')
  try {
    const evaluation = await context.exclusive(async () =>
      evaluate(context, await fetchSnapshot(context, record.snapshot), record.snapshot),
    )
    await submitRound(context, evaluation, signatures)
  } catch (error) {
    if (!(error instanceof RetryableError)) throw error
    log.warn({ scope: identity.scope, observedAt: flight.observedAt, error }, 'sending for another engine failed')
  }
}

function summarise(context: EngineContext, flight: Flight): TickSummary {
  const { store, identity } = context
  const record = store.round(identity.scope, flight.observedAt)
  const accepted = record?.stage === 'mined'
  const kind = record?.decision ?? flight.decision?.kind ?? null
  return {
    observedAt: flight.observedAt,
    outcome: accepted ? 'accepted' : kind === 'halt' ? 'halted' : context.send ? 'missed' : 'dryRun',
    round: record?.adjustment?.round ?? null,
    decision: kind,
    digest: record?.digest ?? null,
    snapshot: record?.snapshot ?? null,
    proposer: flight.proposer,
    signatures: record?.signatures ?? [],
    detail: flight.detail,
  }
}
