import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type HeldLeg, type MarketTotals, marketRequirement } from '../../../../risk/margin/contract/index.ts'
import type { ExpiryQuote, SurfaceMarket } from '../../../../risk/margin/index.ts'
import { black76Price } from '../../../../risk/pricing/index.ts'
import { bookTime } from '../../support/arbitraryBook.ts'
import { type ChainToHold, heldChain, plainRule, queryOf, wad } from '../../support/contractBooks.ts'
import { expectNear } from '../../support/expectNear.ts'
import { propertyRuns } from '../../support/propertyRuns.ts'

const spot = 2000
const days = 10
const vol = 0.6
const strikes = [1500, 1800, 2000, 2200, 2600]
const quote: ExpiryQuote = {
  expiry: bookTime + 86_400 * days,
  forwardRatio: 1.01,
  atmVol: vol,
  smile: { kind: 'points', strikes: [spot], vols: [vol] },
}
const market: SurfaceMarket = { time: bookTime, spot, expiries: [quote] }
const LOT = 10_000n

/** What the account that holds `legs` is asked for at another price and another vol at the money. */
function assess(legs: readonly HeldLeg[], at = spot, drift = 1, kind: ChainToHold['kind'] = 'vanilla', rule = plainRule): MarketTotals {
  const chain = heldChain(market, { quote, kind, strikes, legs })
  const index = drift === 1 ? chain.index : { ...chain.index, atmVol: wad(vol * drift), version: 2n }
  return marketRequirement(queryOf({ time: bookTime, spot: at }, [{ ...chain, index }], rule))
}

const dollars = (figure: bigint): number => Number(figure) / 1e18
const model = (type: 'call' | 'put', strike: number, at: number, with_: number): number =>
  black76Price({ type, forward: at * quote.forwardRatio, strike, timeToExpiry: days / 365, vol: with_, rate: 0 })
const aStrike = fc.integer({ min: 0, max: strikes.length - 1 })
const drifts = fc.constantFrom(1, 0.85, 0.95, 1.1, 1.4)

describe('values read off a ladder', () => {
  it('are within a thousandth of the price of the model near the base, and within 0.6 % between the words farther out', () => {
    fc.assert(
      fc.property(aStrike, fc.boolean(), fc.double({ min: -0.69, max: 0.53, noNaN: true }), drifts, (index, isCall, distance, drift) => {
        const at = spot * Math.exp(distance)
        const { equity } = assess([{ leg: 2 * index + (isCall ? 1 : 0), lots: LOT }], at, drift)
        const exact = model(isCall ? 'call' : 'put', strikes[index]!, at, vol * drift)
        expectNear({ index, isCall, distance, drift }, dollars(equity), exact, { abs: (Math.abs(distance) < 0.18 ? 0.001 : 0.006) * spot })
      }),
      propertyRuns,
    )
  })
  it('beyond the nodes hold longs to what the model is not below, and shorts to what it is not above', () => {
    fc.assert(
      fc.property(
        aStrike,
        fc.boolean(),
        fc.oneof(fc.double({ min: -2, max: -0.71, noNaN: true }), fc.double({ min: 0.55, max: 2.2, noNaN: true })),
        (index, isCall, distance) => {
          const at = spot * Math.exp(distance)
          const read = (lots: bigint): number => dollars(assess([{ leg: 2 * index + (isCall ? 1 : 0), lots }], at).equity)
          const exact = model(isCall ? 'call' : 'put', strikes[index]!, at, vol)
          const [long, short] = [read(LOT), -read(-LOT)]
          expect(long).toBeLessThanOrEqual(exact + 0.002 * spot)
          expect(short).toBeGreaterThanOrEqual(exact - 0.002 * spot)
          expect(short - long).toBeLessThanOrEqual(0.35 * spot)
        },
      ),
      propertyRuns,
    )
  })
})

describe('parity', () => {
  it('makes a call, its put and a future one position, worth its strike whatever happens', () => {
    fc.assert(
      fc.property(aStrike, fc.double({ min: -0.6, max: 0.5, noNaN: true }), drifts, (index, distance, drift) => {
        const legs = [
          { leg: 2 * index, lots: -LOT },
          { leg: 2 * index + 1, lots: LOT },
          { leg: 255, lots: -LOT },
        ]
        const { equity, gamma, vega } = assess(legs, spot * Math.exp(distance), drift)
        expectNear({ index, distance }, dollars(equity), -strikes[index]!, { abs: 1e-9 })
        expect([gamma, vega]).toEqual([0n, 0n])
      }),
      propertyRuns,
    )
  })
  it('makes a digital call and its put a dollar, with no skew between them', () => {
    for (const at of [0.8, 0.97, 1, 1.04, 1.3]) {
      const both = strikes.flatMap((_, index) => [0, 1].map((side): HeldLeg => ({ leg: 2 * index + side, lots: LOT })))
      const { equity, required, vega } = assess(both, at * spot, 1, 'digital')
      expectNear({ at }, dollars(equity), strikes.length, { abs: 1e-12 })
      expect(vega).toBe(0n)
      // A positive value counts for 97 % of itself in a scan.
      expect(dollars(required)).toBeLessThan(0.05 * strikes.length)
    }
  })
})

describe('a ladder that does not cover the live scans', () => {
  const short = [{ leg: 5, lots: -LOT }]
  it('is stale: no new risk on it', () => {
    expect(assess(short).footing).toBe('proved')
    expect(assess(short, spot, 1, 'vanilla', { ...plainRule, volScanUp: 4_500n }).footing).toBe('stale')
    expect(assess(short, spot, 1, 'vanilla', { ...plainRule, volScanDown: 2_200n }).footing).toBe('stale')
    expect(assess(short, spot, 1.5).footing).toBe('stale')
  })
})
