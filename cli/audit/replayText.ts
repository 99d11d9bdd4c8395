import { type Step, stepIds } from '../evidence/Step.ts'
import type { Colours } from '../kit/colours.ts'
import type { Document } from '../kit/json.ts'
import { formatTable } from '../kit/table.ts'
import { bothTimes, shortTime } from '../kit/time.ts'
import type { ReplayedRound } from './replayRounds.ts'

/** Steps of all rounds together: how many were verified, failed or not claimed. */
export type StepCount = { readonly id: Step['id']; readonly verified: number; readonly failed: number; readonly blocked: number }

/** Counts every step over all rounds, in the order of the evidence. */
export function countSteps(rounds: readonly ReplayedRound[]): StepCount[] {
  const all = rounds.flatMap(({ steps }) => steps)
  return stepIds.flatMap((id) => {
    const own = all.filter((step) => step.id === id && step.status !== 'absent')
    const count = (status: Step['status']): number => own.filter((step) => step.status === status).length
    return own.length === 0 ? [] : [{ id, verified: count('verified'), failed: count('failed'), blocked: count('blocked') }]
  })
}

/** The result of `audit replay` for people: a line per step, then every failed step. */
export function replayText(rounds: readonly ReplayedRound[], origin: string, colours: Colours): string {
  const rows = countSteps(rounds).map(({ id, verified, failed, blocked }) => [
    failed === 0 && blocked === 0 ? colours.good('✓') : failed > 0 ? colours.bad('✗') : colours.warn('?'),
    id,
    String(verified),
    String(failed),
    String(blocked),
  ])
  const identical = rounds.filter((round) => round.identical).length
  const verdict =
    identical === rounds.length
      ? colours.good(`✓ ${identical} rounds recomputed, byte for byte`)
      : colours.bad(`✗ ${rounds.length - identical} of ${rounds.length} rounds differ`)
  const columns = [
    { title: '' },
    { title: 'step' },
    ...['verified', 'failed', 'not claimed'].map((title) => ({ title, align: 'right' as const })),
  ]
  return [
    `${colours.strong('Replay of every round')} (${origin})`,
    formatTable(columns, rows, colours.dim),
    ...faultGroups(rounds).flatMap((group) => faultLines(group, colours)),
    verdict,
  ].join('\n')
}

type FaultGroup = { readonly title: string; readonly expected: string; readonly got: string; readonly rounds: ReplayedRound[] }

/** The same fault in many rounds is one fault: an engine build differs in all of them. */
function faultGroups(rounds: readonly ReplayedRound[]): FaultGroup[] {
  const groups = new Map<string, FaultGroup>()
  for (const round of rounds) {
    for (const { title, status, expected, got } of round.steps) {
      if (status !== 'failed') continue
      const key = `${title}\n${expected}\n${got}`
      const group = groups.get(key) ?? { title, expected: expected ?? '', got: got ?? '', rounds: [] }
      group.rounds.push(round)
      groups.set(key, group)
    }
  }
  return [...groups.values()]
}

function faultLines({ title, expected, got, rounds }: FaultGroup, colours: Colours): string[] {
  const [first] = rounds
  const place = first === undefined ? '' : `round ${first.round} of ${first.scope} (${shortTime(first.observedAt)} UTC)`
  const more = rounds.length === 1 ? '' : ` and ${rounds.length - 1} more`
  return [
    '',
    `${colours.bad('✗')} ${title} of ${place}${more}`,
    `  ${colours.bad('expected')} ${expected}`,
    `  ${colours.bad('got     ')} ${got}`,
  ]
}

/** The JSON form of one replayed round. */
export function roundDocument({ scope, round, observedAt, identical, steps }: ReplayedRound): { readonly [key: string]: Document } {
  const shown = steps.map(({ id, status, expected, got, blockedBy }) => ({ id, status, expected, got, blockedBy }))
  return { scope, round, observedAt: bothTimes(observedAt), identical, steps: shown }
}
