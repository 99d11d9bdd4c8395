import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openSources } from '../../../controller/sources/openSources.ts'
import { parseUtc } from '../../../risk/market/index.ts'
import { replayMarket } from '../../../risk/replay/index.ts'
import type { Provenance, RiskReport } from '../../../risk/types/index.ts'
import { replayOf } from '../../risk/replay/harness.ts'

const data = resolve(process.env['BALLAST_DATA'] ?? '../shared/data')
const available = existsSync(join(data, 'options')) && existsSync(join(data, 'iv'))

/** Replays a recorded window under the shipped rules; the last report, and where its inputs came from. */
async function lastTick(name: 'btc' | 'eth', from: string, to: string): Promise<{ report: RiskReport; provenance: Provenance }> {
  const source = { kind: 'recorded' as const, directory: data, from, to, file: null, seedDays: 200 }
  const { market } = openSources({ source, portfolios: { seed: 'recorded', accounts: 3 } }, name.toUpperCase(), 7_200)
  const [first, last] = [parseUtc(from) as number, parseUtc(to) as number]
  const bars = await market.fetchSeed(first)
  let report: RiskReport | null = null
  for await (const tick of replayMarket({ ...replayOf(bars, name, first, last), market })) report = tick.decided.report
  if (report === null) expect.fail('the last tick has no report')
  return { report, provenance: (await market.fetchObservation(last - 3_600, last)).provenance }
}

const recommended = (report: RiskReport, id: string) => report.recommendations.find((each) => each.id === id)
const signal = (report: RiskReport, name: string): number | undefined => report.signals.find((each) => each.name === name)?.value
const term = (report: RiskReport, id: string, name: string): number | undefined =>
  recommended(report, id)?.terms.find((each) => each.name === name)?.value

describe.skipIf(!available)(`recorded implied volatility (data in ${available ? data : 'BALLAST_DATA, absent'})`, () => {
  it('ETH, 8 January 2024: the 7-day vol of the chain enters the scan range, its spread the vega add-on', async () => {
    const { report, provenance } = await lastTick('eth', '2024-01-08T06:00:00Z', '2024-01-08T12:00:00Z')
    expect(provenance.recordings?.map(({ name }) => name)).toContain('deribit_ETH_chain_2024-01-08.csv.gz')
    expect(provenance.synthetic).not.toContain('markVol')
    const atm7d = signal(report, 'impliedVol.atm7d') ?? 0
    expect(atm7d).toBeGreaterThan(0.7)
    expect(atm7d).toBeLessThan(1)
    const implied = term(report, 'margin.priceScanRange', 'impliedSigma24h')
    expect(implied).toBeCloseTo((0.85 * atm7d) / Math.sqrt(365), 12)
    const multiple = term(report, 'margin.priceScanRange', 'lossMultiple') ?? 0
    const sigma = Math.max(implied ?? 0, term(report, 'margin.priceScanRange', 'sigma24h') ?? 0)
    expect(term(report, 'margin.priceScanRange', 'core')).toBeCloseTo(multiple * sigma, 12)
    const halfSpread = signal(report, 'impliedVol.halfSpreadQ90') ?? 0
    expect(recommended(report, 'margin.vegaAddOn')?.target).toBe(Math.ceil(Number((1.5 * halfSpread * 10_000).toPrecision(12))))
    expect(recommended(report, 'market.vegaDepth')?.outcome).toEqual({ kind: 'hold', reason: 'inputUnavailable' })
  })
  it('ETH, January 2026: four chains a day are fresh at every tick', async () => {
    const { report, provenance } = await lastTick('eth', '2026-01-05T00:00:00Z', '2026-01-06T00:00:00Z')
    expect(provenance.recordings?.map(({ name }) => name)).toContain('deribit_ETH_chain_6h_2025-12-30_2026-01-25.csv.gz')
    expect(signal(report, 'impliedVol.atm7d')).toBeGreaterThan(0.4)
    expect(recommended(report, 'margin.volScanUp')?.outcome).toEqual({ kind: 'hold', reason: 'inputUnavailable' })
  })
  it('BTC, June 2022: the weeks before of the hourly index set the vol scan from the first tick on', async () => {
    const { report, provenance } = await lastTick('btc', '2022-06-13T00:00:00Z', '2022-06-13T02:00:00Z')
    expect(provenance.recordings?.map(({ name }) => name)).toContain('BTC_DVOL_1h_2021-03_2022-10.csv.gz')
    const rise = signal(report, 'impliedVol.riseQ995') ?? 0
    expect(rise).toBeGreaterThan(0.1)
    expect(recommended(report, 'margin.volScanUp')?.target).toBe(Math.ceil(Number(((0.75 * rise + 0.25 * 0.6) * 10_000).toPrecision(12))))
    expect(signal(report, 'impliedVol.atm7d')).toBeUndefined()
    expect(recommended(report, 'margin.vegaAddOn')?.outcome).toEqual({ kind: 'hold', reason: 'inputUnavailable' })
  })
})
