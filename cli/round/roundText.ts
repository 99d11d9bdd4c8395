import type { Catalogue, Recommendation } from '../../risk/types/index.ts'
import { specOf } from '../context/openCatalogue.ts'
import { termValue } from '../evidence/words.ts'
import type { Document } from '../kit/json.ts'
import { bothTimes, formatDuration, isoTime, shortTime } from '../kit/time.ts'
import { grouped, humanAndRaw, relativeChange } from '../kit/values.ts'
import type { WaitingRound } from './openWaiting.ts'

const usd = (wad: bigint): string => `${grouped(wad / 10n ** 18n)} USD`

/** `Round 7 of market:ETH, observed at 2024-01-03 00:00 UTC`. */
export function roundTitle({ adjustment: { round, scope, observedAt } }: Pick<WaitingRound, 'adjustment'>): string {
  return `Round ${round} of ${scope}, observed at ${shortTime(observedAt)} UTC`
}

/** What a waiting round changes and why, its impact, why it needs a steward, and until when it waits: a line each, for people. */
export function roundLines(
  { adjustment, digest, signatures, report, waitSeconds, lane, need, now }: WaitingRound,
  catalogue: Catalogue,
): string[] {
  const { items, impactAccounts, impactNotional, validUntil } = adjustment
  const changes = items.flatMap(({ id, expected, value }) => {
    const { unit } = specOf(catalogue, id)
    const why = report.recommendations.find((each) => each.id === id)
    return [
      `${id}: ${humanAndRaw(expected, unit)} → ${humanAndRaw(value, unit)}, ${relativeChange(expected, value)}${directionWords(why)}`,
      ...(why === undefined ? [] : [`  why: ${reasonOf(why, catalogue)}`]),
    ]
  })
  return [
    ...(changes.length === 0 ? ['changes nothing: it is the heartbeat of the lane'] : changes),
    `impact: ${impactAccounts} accounts with ${usd(impactNotional)} become liquidatable; the lane allows ${lane.impactAccountsLimit} accounts and ${usd(BigInt(lane.impactNotionalLimit))} without a steward`,
    `needs a steward: ${needWords(need, lane.mode)}`,
    `shown with the signatures of ${signatures.length} engines; the engine waits ${formatDuration(waitSeconds)} more, it may be sent until ${isoTime(validUntil)}${now > validUntil ? ', which has passed' : ''}`,
    `digest: ${digest}`,
  ]
}

function directionWords(why: Recommendation | undefined): string {
  if (why?.outcome.kind !== 'move') return ''
  return why.outcome.direction === 'tighten' ? ', tightens' : ', loosens after its veto window'
}

function reasonOf({ id, target, terms, clips }: Recommendation, catalogue: Catalogue): string {
  const { unit } = specOf(catalogue, id)
  const asked = target === null ? 'no target' : `target ${humanAndRaw(target, unit)}`
  const from = terms.map((term) => `${term.name} ${termValue(term)}`).join(', ')
  const cut = clips.map(({ bound, to }) => `cut to ${humanAndRaw(to, unit)} by ${bound}`).join(', ')
  return [asked, ...(from === '' ? [] : [`from ${from}`]), ...(cut === '' ? [] : [cut])].join('; ')
}

function needWords(need: WaitingRound['need'], mode: WaitingRound['lane']['mode']): string {
  switch (need) {
    case 'lane':
      return `every round of a lane on probation does (${mode})`
    case 'impact':
      return 'its impact is above a limit of the lane'
    case null:
      return 'no longer'
  }
}

/** A waiting round as documents carry it. */
export function waitingDocument({ adjustment, digest, signatures, report, waitSeconds, need }: WaitingRound): {
  readonly [key: string]: Document
} {
  const { scope, epoch, round, observedAt, validUntil, items, impactAccounts, impactNotional } = adjustment
  return {
    scope,
    epoch,
    round,
    digest,
    observedAt: bothTimes(observedAt),
    validUntil: bothTimes(validUntil),
    waitSeconds: Math.round(waitSeconds),
    need,
    items: items.map(({ id, expected, value }) => {
      const why = report.recommendations.find((each) => each.id === id)
      return { id, expected, value, target: why?.target ?? null, terms: why?.terms ?? [], clips: why?.clips ?? [] }
    }),
    impactAccounts,
    impactNotional,
    engines: signatures.map(({ signer }) => signer),
    snapshot: adjustment.snapshot,
    engine: adjustment.engine,
    configuration: adjustment.configuration,
    report: adjustment.report,
  }
}
