import { markdownTable } from '../../kit/markdownTable.ts'
import { isoTime, shortTime } from '../../kit/time.ts'
import { grouped } from '../../kit/values.ts'
import type { AuditReport } from './AuditReport.ts'

/** The report as Markdown. */
export function reportText(
  { from, to, changes, rounds, decisions, interventions, responses, coverage }: AuditReport,
  origin: string,
): string {
  return [
    '# Audit report',
    '',
    `${isoTime(from)} to ${isoTime(to)}, from ${origin}. Whether the history is complete and its limits held is what \`ballast audit verify\` says; this report counts.`,
    '',
    '## Changes',
    '',
    table(
      ['parameter', 'scope', 'from', 'to', 'by', 'tightened', 'loosened', 'tighten budget used', 'loosen budget used'],
      changes.map((each) => [
        `\`${each.id}\``,
        each.scope,
        each.first === null ? 'activated' : grouped(each.first),
        grouped(each.last),
        counts(each.writers),
        `${each.tightened} (${percent(each.tightenedBps)})`,
        `${each.loosened} (${percent(each.loosenedBps)})`,
        each.tightenBudgetBps === null ? 'no budget' : `at most ${percent(each.tightenBudgetBps)}`,
        each.loosenBudgetBps === null ? 'no budget' : `at most ${percent(each.loosenBudgetBps)}`,
      ]),
    ),
    '',
    '## Rounds',
    '',
    `${grouped(rounds.accepted)} accepted, ${grouped(rounds.empty)} of them heartbeats; ${grouped(rounds.applied)} items applied, ${grouped(rounds.pended)} pended, ${grouped(total(rounds.rejected))} rejected${after(rounds.rejected)}.`,
    '',
    decisions.read === 0
      ? 'No report of an engine is at hand, so what was held and clipped is not known.'
      : `The engines' reports (${grouped(decisions.read)} of ${grouped(rounds.accepted)}) propose ${grouped(decisions.proposed)} moves, hold ${grouped(total(decisions.held))}${after(decisions.held)}, and clip ${grouped(total(decisions.clipped))} targets${after(decisions.clipped)}.`,
    '',
    '## People',
    '',
    table(
      ['time (UTC)', 'event', 'scope', 'what'],
      interventions.map(({ time, event, scope, detail }) => [shortTime(time), event, scope ?? '', detail]),
    ),
    '',
    '## Response to the market',
    '',
    'Hourly moves beyond four standard deviations of the thirty days before (two at least), the first of a day, and the time until the price scan range was tightened.',
    '',
    table(
      ['time (UTC)', 'market', 'move', 'standard deviations', 'tightened after'],
      responses.map(({ time, market, move, sigmas, seconds }) => [
        shortTime(time),
        market,
        `${(100 * move).toFixed(1)} %`,
        sigmas.toFixed(1),
        seconds === null ? 'not within a day' : `${Math.round(seconds / 60)} min`,
      ]),
    ),
    '',
    '## Coverage of the scan range',
    '',
    'Whole days (UTC) with a price further from the first than the range in force at their start; p is the probability of at least so many if each day had one with 1 %.',
    '',
    table(
      ['market', 'side', 'days', 'breaches', 'largest move', 'p'],
      coverage.map(({ market, side, days, breaches, largest, pValue }) => [
        market,
        side,
        grouped(days),
        grouped(breaches),
        `${(100 * largest).toFixed(1)} %`,
        pValue.toFixed(3),
      ]),
    ),
  ].join('\n')
}

function table(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  return rows.length === 0 ? 'None.' : markdownTable(titles, rows)
}

function percent(bps: number): string {
  return `${(bps / 100).toFixed(1)} %`
}

function total(counted: Readonly<Record<string, number | undefined>>): number {
  return Object.values(counted).reduce<number>((sum, count) => sum + (count ?? 0), 0)
}

function counts(counted: Readonly<Record<string, number | undefined>>): string {
  return Object.entries(counted)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, count]) => `${name} ${count}`)
    .join(', ')
}

function after(counted: Readonly<Record<string, number | undefined>>): string {
  return total(counted) === 0 ? '' : ` (${counts(counted)})`
}
