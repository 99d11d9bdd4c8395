import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openSources } from '../../../controller/sources/openSources.ts'
import { parseUtc } from '../../../risk/market/index.ts'
import { replayMarket } from '../../../risk/replay/index.ts'
import type { RiskReport } from '../../../risk/types/index.ts'
import { replayOf } from '../../risk/replay/harness.ts'

const data = resolve(process.env['BALLAST_DATA'] ?? '../shared/data')
const available = existsSync(join(data, 'micro')) && existsSync(join(data, 'derivs'))

/** Replays a recorded window under the shipped rules, with everything that the folder has for it; the last report. */
async function lastReport(name: 'btc' | 'eth', from: string, to: string): Promise<RiskReport> {
  const source = { kind: 'recorded' as const, directory: data, from, to, file: null, seedDays: 200 }
  const { market } = openSources({ source, portfolios: { seed: 'recorded', accounts: 3 } }, name.toUpperCase(), 7_200)
  const [first, last] = [parseUtc(from) as number, parseUtc(to) as number]
  const bars = await market.fetchSeed(first)
  let report: RiskReport | null = null
  for await (const tick of replayMarket({ ...replayOf(bars, name, first, last), market })) report = tick.decided.report
  if (report === null) expect.fail('the last tick has no report')
  return report
}

const recommended = (report: RiskReport, id: string) => report.recommendations.find((each) => each.id === id)
const signal = (report: RiskReport, name: string): number | undefined => report.signals.find((each) => each.name === name)?.value

describe.skipIf(!available)(`recorded markets (data in ${available ? data : 'BALLAST_DATA, absent'})`, () => {
  it('ETH, crash of 11 January 2021: minute quotes set the add-ons; depth, which nobody recorded, stays unavailable', async () => {
    const report = await lastReport('eth', '2021-01-11T06:00:00Z', '2021-01-11T18:00:00Z')
    const spread = signal(report, 'liquidity.spreadQ90') ?? 0
    expect(spread).toBeGreaterThan(1e-5)
    expect(spread).toBeLessThan(1e-3)
    expect(recommended(report, 'margin.deltaAddOn')?.target).toBe(Math.ceil((spread / 2 + 0.005) * 10_000))
    expect(recommended(report, 'market.depth')?.outcome).toEqual({ kind: 'hold', reason: 'inputUnavailable' })
    expect(signal(report, 'liquidity.liquidated24hUsd')).toBeGreaterThan(1e6)
  })
  it('ETH, 20 November 2023: quotes by size set the depth; spreads, which nobody recorded, stay unavailable', async () => {
    const report = await lastReport('eth', '2023-11-20T04:00:00Z', '2023-11-20T12:00:00Z')
    const depth = signal(report, 'liquidity.depthQ10') ?? 0
    expect(depth).toBeGreaterThan(1e6)
    expect(depth).toBeLessThan(1e8)
    expect(recommended(report, 'market.depth')?.target).toBe(Math.floor(depth))
    expect(recommended(report, 'margin.deltaAddOn')?.outcome).toEqual({ kind: 'hold', reason: 'inputUnavailable' })
  })
  it('BTC, June 2022: open interest and its worst daily fall stand beside the cap', async () => {
    const report = await lastReport('btc', '2022-06-12T12:00:00Z', '2022-06-14T12:00:00Z')
    const fall = signal(report, 'venue.worstDailyFall') ?? 0
    expect(fall).toBeGreaterThan(0.01)
    expect(fall).toBeLessThan(0.38)
    const cap = recommended(report, 'market.openInterestCap')
    expect(cap?.terms.find(({ name }) => name === 'observedDailyFall')?.value).toBe(fall)
  })
  it('BTC, November 2023: funding is shown', async () => {
    const report = await lastReport('btc', '2023-11-20T00:00:00Z', '2023-11-20T09:00:00Z')
    expect(Math.abs(signal(report, 'venue.fundingPerYear') ?? 0)).toBeGreaterThan(0)
    expect(signal(report, 'venue.largestFunding')).toBeLessThan(0.01)
    expect(recommended(report, 'market.depth')?.target).toBeGreaterThan(1e6)
  })
})
