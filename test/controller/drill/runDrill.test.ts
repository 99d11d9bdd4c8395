import { beforeAll, describe, expect, it } from 'vitest'
import { openDrill } from '../../../cli/drill/openDrill.ts'
import { parseDrillOptions } from '../../../cli/drill/parseDrillOptions.ts'
import { runDrill } from '../../../controller/drill/runDrill.ts'
import type { DrillResult } from '../../../controller/drill/types.ts'

const options = parseDrillOptions(
  {
    market: 'BTC,ETH',
    from: '2020-03-10T12:00Z',
    to: '2020-03-12',
    accounts: 30,
    seed: '7',
    controller: 'both',
    bidderCapital: 10,
    fund: 2,
    gas: 5,
    venue: 'twin',
  },
  '.',
)
const HOURS = (options.to - options.from) / 3_600
const run = async (controller: boolean, seed = '7', hours = HOURS): Promise<DrillResult> => {
  const { setup } = await openDrill(options, seed, controller)
  return runDrill({ ...setup, to: options.from + hours * 3_600 })
}

describe('a drill through a simulated crash', () => {
  let off: DrillResult
  let on: DrillResult
  beforeAll(async () => {
    off = await run(false)
    on = await run(true)
  }, 120_000)

  it('adds up after every block, with the controller and without', () => {
    for (const { checks, faults, points } of [off, on]) {
      expect(faults).toEqual([])
      expect(checks).toBe(HOURS * 6 * 3)
      expect(points).toHaveLength(HOURS)
    }
  })
  it('has people who trade, are liquidated, and bidders who take from them', () => {
    expect(off.trades).toBeGreaterThan(30)
    expect(off.liquidatedAccounts).toBeGreaterThan(0)
    expect(off.slices).toBe(off.bidders.reference.filled + off.bidders.naive.filled)
    expect(off.points.every(({ equity, maintenance, initial }) => Number.isFinite(equity) && initial >= maintenance)).toBe(true)
  })
  it('moves parameters only with the controller, which raises the scan range in the crash', () => {
    expect(off.parameterMoves).toBe(0)
    expect(new Set(off.points.map(({ scanRanges }) => scanRanges['ETH'])).size).toBe(1)
    expect(on.parameterMoves).toBeGreaterThan(0)
    expect(on.points.at(-1)?.scanRanges['ETH']).toBeGreaterThan(1.2 * (off.points[0]?.scanRanges['ETH'] as number))
  })
  it('lets the reference bidder send no losing transaction, and earn more than the naive one', () => {
    for (const { bidders } of [off, on]) expect(bidders.reference.losing).toBe(0)
    expect(off.bidders.reference.profit + on.bidders.reference.profit).toBeGreaterThan(off.bidders.naive.profit + on.bidders.naive.profit)
  })
  it('who pays what adds up: every deficit is borne, and the fund changes by what is said', () => {
    for (const { deficit, paidByFund, paidByProfit, paidByPrincipal, uncovered } of [off, on])
      expect(paidByFund + paidByProfit + paidByPrincipal + uncovered).toBeCloseTo(deficit, 6)
  })
  it('repeats bit by bit with the same seed, and differs with another', { timeout: 60_000 }, async () => {
    const first = await run(false, '7', 8)
    expect(await run(false, '7', 8)).toEqual(first)
    expect((await run(false, '8', 8)).points).not.toEqual(first.points)
  })
  it('stops when it is told to', async () => {
    const signal = AbortSignal.abort(new Error('enough'))
    const { setup } = await openDrill(options, '7', false)
    await expect(runDrill({ ...setup, signal })).rejects.toThrow('enough')
  })
})

describe('the pace of a drill', () => {
  it('passes over quiet hours, never the first ones, the fourth in a row or the last, and engines tick in all of them', {
    timeout: 60_000,
  }, async () => {
    const { setup } = await openDrill(options, '7', false)
    const ticks: number[] = []
    const { points, checks } = await runDrill({
      ...setup,
      to: options.from + 12 * 3_600,
      pace: { stepsPerHour: 1, quiet: { move: 1, hours: 4 }, emptyLandings: false },
      openEngines: () => async (observedAt) => {
        ticks.push((observedAt - options.from) / 3_600)
        return 0
      },
    })
    expect(ticks).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])
    expect(points.map(({ time }) => (time - options.from) / 3_600 - 1)).toEqual([0, 1, 2, 3, 4, 5, 9, 11])
    expect(checks).toBe(8 * 3)
  })
  it('clears an hour in which a price leaves the band', { timeout: 60_000 }, async () => {
    const { setup } = await openDrill(options, '7', false)
    const pace = { stepsPerHour: 3, quiet: { move: 1e-9, hours: 100 }, emptyLandings: false } as const
    const { points, checks } = await runDrill({ ...setup, to: options.from + 9 * 3_600, pace })
    expect(points).toHaveLength(9)
    expect(checks).toBe(9 * 3 * 3)
  })
})
