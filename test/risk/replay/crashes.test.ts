import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { parseBars, parseUtc } from '../../../risk/market/index.ts'
import { quantile } from '../../../risk/math/index.ts'
import { type ReplayTick, replayMarket } from '../../../risk/replay/index.ts'
import type { Bar, ParameterEntry, Recommendation } from '../../../risk/types/index.ts'
import { deep } from '../support/propertyRuns.ts'
import { replayOf } from './harness.ts'

const data = resolve(process.env['BALLAST_DATA'] ?? '../shared/data')
const available = existsSync(join(data, 'ohlcv'))
const DAY = 86_400
const ID = 'margin.priceScanRange'

const windows = [
  ['2020-03-08T00:00:00Z', '2020-04-15T00:00:00Z'],
  ['2021-05-15T00:00:00Z', '2021-05-25T00:00:00Z'],
  ['2022-05-07T00:00:00Z', '2022-05-16T00:00:00Z'],
  ['2022-06-10T00:00:00Z', '2022-06-20T00:00:00Z'],
] as const

const cache = new Map<string, readonly Bar[]>()
function barsOf(name: 'btc' | 'eth'): readonly Bar[] {
  const file = join(data, 'ohlcv', `${name.toUpperCase()}USDT_binance_spot_1h_2017-08_2022-10.csv.gz`)
  const bars = cache.get(name) ?? parseBars(gunzipSync(readFileSync(file)).toString(), 3600).bars
  cache.set(name, bars)
  return bars
}

/** What a tick says of the scan range: its unclipped target, and the stored and the ramped value before the round. */
type Point = {
  readonly time: number
  readonly target: number
  readonly stored: number
  readonly ramped: number
  readonly recommendation: Recommendation
}

async function run(
  name: 'btc' | 'eth',
  from: number,
  to: number,
): Promise<{ ticks: ReplayTick[]; points: Point[]; history: readonly ParameterEntry[]; ms: number }> {
  const options = replayOf(barsOf(name), name, from, to)
  const ticks: ReplayTick[] = []
  const points: Point[] = []
  const started = performance.now()
  for await (const tick of replayMarket(options)) {
    ticks.push(tick)
    const recommendation = tick.decided.report?.recommendations.find(({ id }) => id === ID)
    const live = tick.reading.parameters.find(({ id }) => id === ID)!
    if (recommendation?.target != null)
      points.push({
        time: tick.observedAt,
        target: recommendation.target,
        stored: live.state.value,
        ramped: live.state.effective,
        recommendation,
      })
  }
  const ms = (performance.now() - started) / ticks.length
  return { ticks, points, history: options.world.store().scopes[options.configuration.scope]![ID]!.history, ms }
}

const hour = (time: number): string => new Date(time * 1000).toISOString().slice(0, 13)

/** One line per tick that moved, pended, executed or halted something. */
function timeline({ ticks, points }: Awaited<ReturnType<typeof run>>): string {
  const byTime = new Map(points.map((point) => [point.time, point]))
  const lines = ticks.flatMap((tick) => {
    const point = byTime.get(tick.observedAt)
    const moved = [...tick.outcomes, ...tick.executed].map((each) =>
      each.kind === 'applied'
        ? `${each.id} ${each.previous}->${each.value}`
        : each.kind === 'pended'
          ? `${each.id} ${each.previous}~>${each.target}`
          : `${each.id} ${each.kind}`,
    )
    const halt = tick.decided.decision.kind === 'halt' ? tick.decided.decision.reason : ''
    return moved.length === 0 && halt === ''
      ? []
      : [
          `${hour(tick.observedAt)} target ${point?.target ?? '-'} stored ${point?.stored ?? '-'} ramped ${point?.ramped ?? '-'} ${halt}${moved.join('; ')}`,
        ]
  })
  return `${lines.join('\n')}\n`
}

describe.skipIf(!available)(`recorded crashes under the shipped rules (data in ${available ? data : 'BALLAST_DATA, absent'})`, () => {
  // The deep tier runs both markets.
  for (const name of deep ? (['eth', 'btc'] as const) : (['eth'] as const))
    for (const [first, last] of windows) {
      const [from, to] = [parseUtc(first)!, parseUtc(last)!]
      it(`${name} ${first.slice(0, 10)}..${last.slice(0, 10)}: follows a far target within two ticks, stays inside its rule, loosens inside its budget`, {
        timeout: 300_000,
      }, async () => {
        const result = await run(name, from, to)
        const { ticks, points, history } = result
        const folder = process.env['BALLAST_TIMELINES']
        if (folder !== undefined) {
          mkdirSync(folder, { recursive: true })
          writeFileSync(join(folder, `${name}-${first.slice(0, 10)}.txt`), timeline(result))
        }
        expect(ticks).toHaveLength((to - from) / 3600 + 1)
        expect(
          ticks.flatMap(({ outcomes }) => outcomes.filter(({ kind }) => kind === 'rejected')),
          'nothing is rejected',
        ).toEqual([])

        // Whenever the unclipped target exceeds the stored value by 25 % or more: up by 25 %, or at ceiling or budget, within two ticks.
        points.forEach((point, i) => {
          const later = points[i + 2]
          if (point.target < point.stored * 1.25 || later === undefined) return
          const bounds = later.recommendation.clips.map(({ bound }) => bound)
          const followed = later.stored >= point.stored * 1.25
          const bounded =
            later.stored === 5_000 ||
            later.stored === 4_000 ||
            bounds.includes('tightenBudget') ||
            points[i + 1]!.recommendation.clips.some(({ bound }) => bound === 'tightenBudget')
          expect(
            followed || bounded,
            `${hour(point.time)}: target ${point.target}, stored ${point.stored}, two ticks later ${later.stored} (${bounds.join()})`,
          ).toBe(true)
        })

        // Wherever the target stays 2 % below the stored value for 48 h with budget left, the value is loosened.
        for (let i = 0; i + 48 < points.length; i++) {
          const span = points.slice(i, i + 49)
          if (!span.every(({ target, stored }) => target <= stored * 0.98)) continue
          const held = span.some(
            ({ recommendation }) => recommendation.outcome.kind === 'hold' && recommendation.outcome.reason === 'budget',
          )
          const loosened = history.some(
            ({ reason, time }) => reason === 'loosening' && time > span[0]!.time && time <= span[48]!.time + 7_200,
          )
          expect(loosened || held, `from ${hour(span[0]!.time)} on`).toBe(true)
        }

        const { floor, ceiling, loosenBudgetBps } = ticks[0]!.reading.parameters.find(({ id }) => id === ID)!.rule
        for (const entry of history) expect(entry.value >= floor && entry.value <= ceiling).toBe(true)
        for (const { reading } of ticks)
          for (const { rule, state } of reading.parameters) {
            expect(state.value >= rule.floor && state.value <= rule.ceiling).toBe(true)
            expect(state.loosenBudgetUsedBps).toBeLessThanOrEqual(rule.loosenBudgetBps)
          }
        expect(loosenBudgetBps).toBeGreaterThan(0)
        if (first.startsWith('2020')) {
          expect(
            history.some(({ reason }) => reason === 'loosening'),
            'loosening happens in March 2020',
          ).toBe(true)
          const at = parseUtc('2020-03-12T13:00:00Z')!
          const now = points.find(({ time }) => time === at)!.stored
          const before = await run(name, from - 30 * DAY, at)
          const median = quantile(
            before.points.filter(({ time }) => time > at - 30 * DAY).map(({ stored }) => stored),
            0.5,
          )
          expect(before.points.at(-1)!.stored, `30-day median ${median}; ${now} when started on 8 March`).toBeGreaterThanOrEqual(
            1.4 * median,
          )
          expect(now).toBeGreaterThanOrEqual(1.4 * median)
        }
      })
    }
})
