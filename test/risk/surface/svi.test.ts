import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { undiscountedValue } from '../../../risk/pricing/undiscountedValue.ts'
import { durrleman } from '../../../risk/surface/durrleman.ts'
import { checkButterfly, checkCalendar, type RawSvi } from '../../../risk/surface/index.ts'
import { refinedMinimum } from '../../../risk/surface/refinedMinimum.ts'
import { totalVariance } from '../../../risk/surface/totalVariance.ts'
import { expectInvalid } from '../support/expectInvalid.ts'
import { expectNear } from '../support/expectNear.ts'
import { deep, propertyRuns } from '../support/propertyRuns.ts'
import { sliceOf, vogt } from '../support/syntheticChain.ts'

const real = (min: number, max: number) => fc.double({ min, max, noNaN: true })
const slices: fc.Arbitrary<RawSvi> = fc
  .record({ least: real(0.001, 0.2), b: real(0, 0.8), rho: real(-0.95, 0.95), m: real(-0.5, 0.5), sigma: real(0.05, 1) })
  .map(({ least, b, rho, m, sigma }) => ({ a: least - b * sigma * Math.sqrt(1 - rho * rho), b, rho, m, sigma }))

/** Density of the forward times strike^2 / forward, from second differences of call prices over strikes. */
function densityFromPrices(svi: RawSvi, k: number): number {
  const call = (strike: number): number => undiscountedValue('call', 1, strike, Math.sqrt(totalVariance(svi, Math.log(strike))))
  const strike = Math.exp(k)
  const step = 2e-4 * strike
  const second =
    (-call(strike - 2 * step) + 16 * call(strike - step) - 30 * call(strike) + 16 * call(strike + step) - call(strike + 2 * step)) / 12
  return (second / (step * step)) * strike * strike
}

describe('durrleman', () => {
  it('is the density of call prices over that of the slice: second differences of prices agree', () => {
    fc.assert(
      fc.property(slices, real(-1, 1), (svi, k) => {
        const w = totalVariance(svi, k)
        const d2 = -k / Math.sqrt(w) - Math.sqrt(w) / 2
        const factor = (Math.exp(-0.5 * d2 * d2) / Math.sqrt(2 * Math.PI * w)) * Math.exp(k)
        expectNear({ svi, k }, durrleman(svi, k) * factor, densityFromPrices(svi, k), { abs: 1e-5 })
      }),
      propertyRuns,
    )
  })
  it('is 1 everywhere on a flat smile', () => {
    for (const k of [-2, 0, 0.3, 5]) expect(durrleman({ a: 0.09, b: 0, rho: 0, m: 0, sigma: 1 }, k)).toBe(1)
  })
})

describe('checkButterfly', () => {
  it("finds the arbitrage of Vogt's slice, near k = 0.8", () => {
    const { free, least } = checkButterfly(vogt)
    expect(free).toBe(false)
    expect(least.k).toBeGreaterThan(0.6)
    expect(least.k).toBeLessThan(1.1)
    expect(least.g).toBeLessThan(-0.01)
  })
  it('passes every SSVI slice inside its conditions, and finds wings above 2', () => {
    fc.assert(
      fc.property(real(0.2, 2), real(0.5, 400), real(-0.9, 0.9), real(0.2, 1.4), (vol, days, rho, eta) => {
        // theta phi (1 + |rho|) < 4; theta phi^2 (1 + |rho|) <= 4 holds for these eta.
        fc.pre(vol * Math.sqrt(days / 365) * eta * (1 + Math.abs(rho)) < 4)
        expect(checkButterfly(sliceOf(days, vol, rho, eta)).free).toBe(true)
      }),
      propertyRuns,
    )
    expect(checkButterfly({ a: 0.1, b: 1.5, rho: 0.5, m: 0, sigma: 1 })).toMatchObject({ free: false, slopes: { left: 0.75, right: 2.25 } })
  })
  it('finds whatever a grid sixty times as dense finds', () => {
    fc.assert(
      fc.property(slices, (svi) => {
        const reach = Math.min(12, 150 * Math.sqrt(totalVariance(svi, 0)))
        const dense = Array.from({ length: 20_001 }, (_, i) => (i / 10_000 - 1) * reach)
        let least = Number.POSITIVE_INFINITY
        for (const k of dense) least = Math.min(least, durrleman(svi, k))
        expect(checkButterfly(svi).least.g).toBeLessThanOrEqual(least + 1e-6)
      }),
      { ...propertyRuns, numRuns: deep ? propertyRuns.numRuns : 25 },
    )
  })
  it('guards the domain of raw SVI', () => {
    expectInvalid('svi.b', () => checkButterfly({ ...vogt, b: -0.1 }))
    expectInvalid('svi.rho', () => checkButterfly({ ...vogt, rho: 1 }))
    expectInvalid('svi.sigma', () => checkButterfly({ ...vogt, sigma: 0 }))
    expectInvalid('svi.a', () => checkButterfly({ ...vogt, a: -0.2 }))
    expectInvalid('svi.m', () => checkButterfly({ ...vogt, m: Number.NaN }))
  })
})

describe('checkCalendar', () => {
  it('passes a slice and one with more variance everywhere, and itself', () => {
    const short = sliceOf(30, 0.6)
    expect(checkCalendar(short, { ...short, a: short.a + 0.001 }).free).toBe(true)
    expect(checkCalendar(short, short).free).toBe(true)
    expect(checkCalendar(short, { ...short, a: short.a - 0.001 }).free).toBe(false)
  })
  it('finds a crossing of wings far out, and one between grid points', () => {
    const short = sliceOf(30, 0.6)
    const { free, greatest } = checkCalendar(short, { ...short, a: short.a + 0.1, b: short.b * 0.9 })
    expect(free).toBe(false)
    expect(greatest.ratio).toBeCloseTo(1 / 0.9, 3)
    const level = totalVariance(short, 0.123_456)
    const touching = { a: level * (1 - 1e-9), b: 1, rho: 0, m: 0.123_456, sigma: 1e-3 }
    expect(checkCalendar(short, { ...touching, a: touching.a - touching.b * touching.sigma }).free).toBe(false)
  })
  it('finds any slope over a flat slice', () => {
    expect(checkCalendar({ a: 0.001, b: 0.001, rho: 0, m: 0, sigma: 0.1 }, { a: 5, b: 0, rho: 0, m: 0, sigma: 1 }).free).toBe(false)
  })
  it('guards both slices', () => {
    expectInvalid('shorter.b', () => checkCalendar({ ...vogt, b: -1 }, vogt))
    expectInvalid('longer.b', () => checkCalendar(vogt, { ...vogt, b: -1 }))
  })
})

describe('refinedMinimum', () => {
  it('follows a minimum between grid points', () => {
    const { k, value } = refinedMinimum([-2, -1, 0, 1, 2], (x) => (x - 0.37) * (x - 0.37) - 3)
    expect(k).toBeCloseTo(0.37, 6)
    expect(value).toBeCloseTo(-3, 12)
  })
})
