import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openSources } from '../../../controller/sources/openSources.ts'
import { openRecordedLiquidity } from '../../../controller/sources/recorded/openRecordedLiquidity.ts'
import { openRecordedFunding, openRecordedOpenInterest } from '../../../controller/sources/recorded/openRecordedVenue.ts'
import { recordedLoans } from '../../../controller/sources/recorded/recordedLoans.ts'
import { assessBook } from '../../../risk/margin/index.ts'
import { parseUtc } from '../../../risk/market/index.ts'
import { replayMarket } from '../../../risk/replay/index.ts'
import type { RiskReport } from '../../../risk/types/index.ts'
import { replayOf } from '../../risk/replay/harness.ts'
import { deep } from '../../risk/support/propertyRuns.ts'

const data = resolve(process.env['BALLAST_DATA'] ?? '../shared/data')
const available = existsSync(join(data, 'micro')) && existsSync(join(data, 'derivs'))

const parameters = {
  priceScanRange: 0.21,
  initialRange: 0.29,
  volScanUp: 0.35,
  volScanDown: 0.17,
  initialMultiplier: 1.3,
  shortOptionMinimum: 0.015,
  tailWeight: 0.77,
  haircut: 0.25,
}

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
  it('every file of the folder is read without a fault, and says what it is known to say', () => {
    const ever = { from: 0, to: 1e10 }
    const count = (observations: readonly object[] | undefined, field: string): number =>
      observations?.filter((seen) => field in seen).length ?? 0
    const eth = openRecordedLiquidity(data, 'ETH', ever)?.observations
    const btc = openRecordedLiquidity(data, 'BTC', ever)?.observations
    // Seventeen days of quotes; 17 hours of quotes by size, of which an aggregator was asked in 16 or 17; three hours of depth in 2015.
    expect(count(eth, 'spread')).toBeGreaterThan(400)
    expect(count(eth, 'depthUsd')).toBeGreaterThanOrEqual(15)
    expect(count(btc, 'spread')).toBe(3)
    expect(count(btc, 'depthUsd')).toBeGreaterThanOrEqual(18)
    expect(count(btc, 'tenMinuteMoveQ95')).toBeGreaterThan(730)
    expect(openRecordedOpenInterest(data, 'ETH', ever)?.observations).toHaveLength(395 + 457)
    expect(openRecordedOpenInterest(data, 'BTC', ever)?.observations).toHaveLength(395 + 457)
    expect(openRecordedFunding(data, 'BTC', ever)?.observations).toHaveLength(1371)
    expect(openRecordedFunding(data, 'ETH', ever)).toBeNull()
  })
  it('loans of the last quarter of 2023 are a book that can be assessed', async () => {
    const path = join(data, 'positions', 'crvusd_weth_loans_2023Q4.csv.gz')
    const time = Date.UTC(2024, 0, 10) / 1_000
    const book = await recordedLoans({ path, market: 'ETH', accounts: 300 }).fetchBook(time, 2_300)
    expect(book.portfolios.length).toBeGreaterThan(250)
    const { accounts } = assessBook(book, { time, spot: 2_300, markVol: 0.6 }, parameters)
    const solvent = accounts.filter(({ equity }) => equity > 0)
    expect(solvent.length / accounts.length).toBeGreaterThan(0.5)
    for (const { maintenance } of accounts) expect(maintenance).toBeGreaterThan(0)
  })
  it.skipIf(!deep)(
    'ETH, crash of 11 January 2021: minute quotes set the add-ons; depth, which nobody recorded, stays unavailable',
    async () => {
      const report = await lastReport('eth', '2021-01-11T06:00:00Z', '2021-01-11T18:00:00Z')
      const spread = signal(report, 'liquidity.spreadQ90') ?? 0
      expect(spread).toBeGreaterThan(1e-5)
      expect(spread).toBeLessThan(1e-3)
      expect(recommended(report, 'margin.deltaAddOn')?.target).toBe(Math.ceil((spread / 2 + 0.005) * 10_000))
      expect(recommended(report, 'market.depth')?.outcome).toEqual({ kind: 'hold', reason: 'inputUnavailable' })
      expect(signal(report, 'liquidity.liquidated24hUsd')).toBeGreaterThan(1e6)
    },
  )
  it('ETH, 20 November 2023: quotes by size set the depth; spreads, which nobody recorded, stay unavailable', async () => {
    const report = await lastReport('eth', '2023-11-20T04:00:00Z', '2023-11-20T12:00:00Z')
    const depth = signal(report, 'liquidity.depthQ10') ?? 0
    expect(depth).toBeGreaterThan(1e6)
    expect(depth).toBeLessThan(1e8)
    expect(recommended(report, 'market.depth')?.target).toBe(Math.floor(depth))
    expect(recommended(report, 'margin.deltaAddOn')?.outcome).toEqual({ kind: 'hold', reason: 'inputUnavailable' })
  })
  it.skipIf(!deep)('BTC, June 2022: open interest and its worst daily fall stand beside the cap', async () => {
    const report = await lastReport('btc', '2022-06-12T12:00:00Z', '2022-06-14T12:00:00Z')
    const fall = signal(report, 'venue.worstDailyFall') ?? 0
    expect(fall).toBeGreaterThan(0.01)
    expect(fall).toBeLessThan(0.38)
    const cap = recommended(report, 'market.openInterestCap')
    expect(cap?.terms.find(({ name }) => name === 'observedDailyFall')?.value).toBe(fall)
  })
  it.skipIf(!deep)('BTC, November 2023: funding is shown', async () => {
    const report = await lastReport('btc', '2023-11-20T00:00:00Z', '2023-11-20T09:00:00Z')
    expect(Math.abs(signal(report, 'venue.fundingPerYear') ?? 0)).toBeGreaterThan(0)
    expect(signal(report, 'venue.largestFunding')).toBeLessThan(0.01)
    expect(recommended(report, 'market.depth')?.target).toBeGreaterThan(1e6)
  })
})
