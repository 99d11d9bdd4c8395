import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { assessGroup, betaLadder, type GroupMember } from '../../../risk/margin/group/index.ts'
import type { MarginParameters } from '../../../risk/margin/index.ts'
import type { Instrument } from '../../../risk/types/index.ts'
import { parameters as anyParameters, portfolio as anyPortfolio, bookTime, instruments as chain } from '../support/arbitraryBook.ts'
import { expectInvalid } from '../support/expectInvalid.ts'
import { expectNear } from '../support/expectNear.ts'
import { propertyRuns } from '../support/propertyRuns.ts'

const future: Instrument = { kind: 'future', id: 'F', expiry: bookTime + 86_400 * 30 }
const parameters = (priceScanRange: number): MarginParameters => ({
  priceScanRange,
  initialRange: priceScanRange,
  volScanUp: 0.35,
  volScanDown: 0.17,
  initialMultiplier: 1.3,
  shortOptionMinimum: 0,
  tailWeight: 0,
  haircut: 0.25,
})
const member = (market: string, spot: number, range: number, residual: number, quantity: number, cash = 0): GroupMember => ({
  market,
  instruments: [future],
  portfolio: { account: 'A', cash, collateral: 0, positions: quantity === 0 ? [] : [{ instrument: 0, quantity }] },
  mark: { time: bookTime, spot, markVol: 0.7 },
  parameters: parameters(range),
  residual,
})
const btc = (quantity: number, cash = 0) => member('BTC', 50_000, 0.16, 0, quantity, cash)
const eth = (quantity: number) => member('ETH', 2500, 0.2, 0.7, quantity)
const assess = (...members: GroupMember[]) => assessGroup(members, 'BTC')

/** A future's losses along a scan of 33 moves. */
const linear = (range: number, size: number) => {
  const moves = Array.from({ length: 33 }, (_, i) => (range * (i - 16)) / 16)
  return { range, moves, losses: moves.map((move) => -size * move), far: [0] }
}

describe('betaLadder', () => {
  it('of one underlying is its own worst loss, with no credit', () => {
    const { loss, apart, credit } = betaLadder([{ scan: linear(0.2, 100), residual: 0, isFactor: true }])
    expectNear('loss', loss, 20, { rel: 1e-13 })
    expect([apart, credit]).toEqual([loss, 0])
  })
  it('gives a hedge between underlyings credit only for what the worst beta and the residual leave', () => {
    const lanes = [
      { scan: linear(0.16, 100), residual: 0, isFactor: true },
      { scan: linear(0.2, -100), residual: 0.7, isFactor: false },
    ]
    const { loss, apart, credit, factorMove } = betaLadder(lanes)
    // At a factor move f the short loses at most 100 (1.4 f + 0.14), held at its range; nothing is gained on the other side of the residual.
    const worst = Math.max(
      ...Array.from({ length: 33 }, (_, i) => (0.16 * (i - 16)) / 16).map(
        (f) => -100 * f + 100 * Math.min(0.2, Math.max(0.7 * f, 1.4 * f) + 0.14),
      ),
    )
    expect(loss).toBeGreaterThanOrEqual(worst - 1e-9)
    expect(loss, 'the nearest move outside an interval counts too').toBeLessThanOrEqual(worst + 100 * 0.0126)
    expectNear('apart', apart, 36, { rel: 1e-13 })
    expectNear('credit', credit, apart - loss, { rel: 1e-13 })
    expect(credit).toBeGreaterThan(0)
    expect(factorMove).not.toBeNull()
  })
  it('takes at most half off', () => {
    const lanes = [1, -1].map((side) => ({ scan: linear(0.2, 100 * side), residual: 0, isFactor: true }))
    expect(betaLadder(lanes)).toMatchObject({ apart: 40, credit: 20 })
    expectNear('nothing is lost', betaLadder(lanes).loss, 0, { abs: 1e-9 })
  })
  it('lets far moves come together and offset nothing', () => {
    const flat = { ...linear(0.2, 0), far: [50, -70] }
    const other = { ...linear(0.2, 0), far: [-20, 40] }
    const { loss, factorMove } = betaLadder([flat, other].map((scan) => ({ scan, residual: 0.7, isFactor: false })))
    expect(loss).toBe(50)
    expect(factorMove).toBeNull()
  })
  it('of nothing is nothing; refuses lanes that are malformed', () => {
    expect(betaLadder([])).toEqual({ loss: 0, apart: 0, credit: 0, factorMove: null })
    const lane = { scan: linear(0.2, 1), residual: 0.7, isFactor: false }
    expectInvalid('lanes[0].residual', () => betaLadder([{ ...lane, residual: 2 }]))
    expectInvalid('lanes[0].scan.losses', () => betaLadder([{ ...lane, scan: { ...lane.scan, losses: [1] } }]))
    expectInvalid('lanes[0].scan.losses[2]', () =>
      betaLadder([{ ...lane, scan: { ...lane.scan, losses: lane.scan.losses.map((x, i) => (i === 2 ? Number.NaN : x)) } }]),
    )
  })
})

describe('assessGroup', () => {
  it('of one underlying is that underlying', () => {
    const { maintenance, initial, equity, members } = assess(btc(1))
    expect([maintenance, initial, equity]).toEqual([members[0]!.maintenance, members[0]!.initial, members[0]!.equity])
  })
  it('asks for the sum when both sides lose together', () => {
    const { maintenance, scans, members } = assess(btc(1), eth(20))
    expectNear('long both', maintenance, 8000 + 10_000, { rel: 1e-12 })
    expect(scans.maintenance.credit).toBe(0)
    expect(members.map((each) => each.maintenance)).toHaveLength(2)
  })
  it('gives credit for a pair and never more than half', () => {
    const { maintenance, initial, scans } = assess(btc(1), eth(-20))
    expect(maintenance).toBeLessThan(18_000)
    expect(maintenance).toBeGreaterThanOrEqual(9000)
    expectNear('credit', maintenance, 18_000 - scans.maintenance.credit, { rel: 1e-12 })
    expect(initial).toBeLessThan(1.3 * 18_000)
    expect(initial).toBeGreaterThanOrEqual(maintenance)
  })
  it('judges equity over all underlyings', () => {
    const short = btc(-1, 58_500)
    expect(assess(short).liquidatable).toBe(false)
    expect(assess(short, eth(4)).members[1]!.liquidatable).toBe(false)
    const rich = assess(btc(1, -49_000), eth(4))
    expect(rich.equity).toBe(1000 + 10_000)
    expect(rich.liquidatable).toBe(false)
    expect(rich.members[0]!.liquidatable, 'by itself it would be').toBe(true)
  })
  it('refuses a market named twice', () => {
    expectInvalid('members', () => assess(btc(1), btc(1)))
  })
  it('is never above the sum of its members, nor below half of it less rounding', () => {
    fc.assert(
      fc.property(anyPortfolio, anyPortfolio, anyParameters, fc.double({ min: 0, max: 1, noNaN: true }), (a, b, with_, residual) => {
        const mark = { time: bookTime, spot: 2000, markVol: 0.8 }
        const of = (market: string, portfolio: typeof a): GroupMember => ({
          market,
          instruments: chain,
          portfolio,
          mark,
          parameters: with_,
          residual,
        })
        const { maintenance, initial, scans, members } = assessGroup([of('X', a), of('Y', b)], 'X')
        const sum = members.reduce((total, each) => total + each.maintenance, 0)
        expect(maintenance).toBeLessThanOrEqual(sum * (1 + 1e-12) + 1e-9)
        expect(maintenance).toBeGreaterThanOrEqual(0.5 * sum - 1e-6)
        expect(initial).toBeGreaterThanOrEqual(maintenance)
        expect(scans.maintenance.loss).toBeLessThanOrEqual(scans.maintenance.apart * (1 + 1e-12) + 1e-9)
      }),
      propertyRuns,
    )
  })
})
