import { describe, expect, test } from 'vitest'
import { decodeHistory } from '../../../cli/audit/decodeHistory.ts'
import { foldHistory, type ValueWrite } from '../../../cli/audit/foldHistory.ts'
import { buildReport } from '../../../cli/audit/report/buildReport.ts'
import { marketResponses } from '../../../cli/audit/report/marketResponses.ts'
import { rangeCoverage } from '../../../cli/audit/report/rangeCoverage.ts'
import { reportText } from '../../../cli/audit/report/reportText.ts'
import type { Bar } from '../../../risk/types/index.ts'
import { writeHistory } from './writeHistory.ts'

const HOUR = 3_600
const DAY = 86_400
const START = 1_600_041_600 - (1_600_041_600 % DAY)

/** Hourly bars that alternate by a per mille, with some closes replaced. */
function barsWith(count: number, closes: Readonly<Record<number, number>>): Bar[] {
  return Array.from({ length: count }, (_, i) => {
    const close = closes[i] ?? (i % 2 === 0 ? 100 : 100.1)
    const end = START + (i + 1) * HOUR
    return { start: end - HOUR, end, knownAt: end, open: 100, high: Math.max(close, 100.1), low: Math.min(close, 100), close, volume: 1 }
  })
}

/** Only what the tables read of a write. */
function rangeAt(time: number, previous: number, value: number): ValueWrite {
  return { link: { time }, previous, value } as unknown as ValueWrite
}

test('a window counts its own rounds, rejections, moves and budgets, and nothing of before or after', async () => {
  const log = await writeHistory(20)
  const links = decodeHistory(log.logs)
  const rounds = links.filter(({ event }) => event === 'RoundAccepted')
  const report = buildReport(log, links, foldHistory(links), { find: () => ({ kind: 'missing' }) }, rounds[8]!.time, rounds[11]!.time)
  expect(report.rounds).toEqual({ accepted: 4, empty: 0, applied: 12, pended: 0, rejected: { ceiling: 1 } })
  expect(report.changes).toHaveLength(3)
  expect(report.changes[0]).toMatchObject({ id: 'market.depth', writers: { controller: 4 }, tightened: 4, loosened: 0, loosenBudgetBps: 0 })
  const [{ first, last }] = report.changes as [(typeof report.changes)[0]]
  expect((first ?? 0) - last).toBe(4)
  expect(report.decisions).toEqual({ read: 0, proposed: 0, held: {}, clipped: {} })
  expect(report.interventions).toEqual([])
  const whole = buildReport(log, links, foldHistory(links), { find: () => ({ kind: 'missing' }) }, 0, log.until.time)
  expect(whole.interventions.map(({ event }) => event)).toEqual(['ScopeActivated', 'EnginesChanged'])
  expect(reportText(whole, 'a test')).toMatch(/20 accepted, 0 of them heartbeats; 60 items applied, 0 pended, 2 rejected \(ceiling 2\)/)
})

describe('response to the market', () => {
  const fall = { 100: 90, 101: 80, 130: 60 }
  test('the first large move of a day, and the next tightening', () => {
    const bars = barsWith(140, fall)
    const at = START + 101 * HOUR
    const writes = [rangeAt(START, 0, 2_000), rangeAt(at + 1_800, 2_000, 1_900), rangeAt(at + 7_200, 1_900, 2_400)]
    const [first, second, ...more] = marketResponses('ETH', bars, writes, START, START + 10 * DAY)
    expect(first).toMatchObject({ market: 'ETH', time: at, seconds: 7_200 })
    expect(first?.move).toBeCloseTo(-0.1, 2)
    expect(second).toMatchObject({ time: START + 131 * HOUR, seconds: null })
    expect(more).toEqual([])
  })
  test('no verdict on two days of memory, or outside the window', () => {
    expect(marketResponses('ETH', barsWith(60, { 40: 80 }), [], START, START + DAY * 10)).toEqual([])
    expect(marketResponses('ETH', barsWith(140, fall), [], START, START + 90 * HOUR)).toEqual([])
  })
})

describe('coverage of the scan range', () => {
  const writes = [rangeAt(START, 0, 1_000)]
  test('a day beyond its range is a breach on its side', () => {
    const [long, short] = rangeCoverage('ETH', barsWith(72, { 30: 85 }), writes, START, START + 3 * DAY)
    expect(long).toMatchObject({ side: 'long', days: 3, breaches: 1 })
    expect(long?.largest).toBeCloseTo(0.15)
    expect(long?.pValue).toBeCloseTo(1 - 0.99 ** 3)
    expect(short).toMatchObject({ side: 'short', days: 3, breaches: 0, pValue: 1 })
  })
  test('the range in force at the start of the day counts, and days with a missing hour do not', () => {
    const raised = [...writes, rangeAt(START + DAY + 60, 1_000, 2_000)]
    expect(rangeCoverage('ETH', barsWith(72, { 30: 85 }), raised, START, START + 3 * DAY)[0]?.breaches).toBe(1)
    expect(rangeCoverage('ETH', barsWith(72, { 30: 85 }).toSpliced(40, 1), writes, START, START + 3 * DAY)[0]).toMatchObject({
      days: 2,
      breaches: 0,
    })
    expect(rangeCoverage('ETH', [], writes, START, START + DAY)).toEqual([])
  })
})
