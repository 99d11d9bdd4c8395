import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FAR_POINTS, SCAN_POINTS, scanCells, scanSpots, volShockScale, volStates } from '../../../risk/scenarios/index.ts'
import { expectInvalid } from '../support/expectInvalid.ts'
import { expectNear } from '../support/expectNear.ts'
import { propertyRuns } from '../support/propertyRuns.ts'

const real = (min: number, max: number) => fc.double({ min, max, noNaN: true })

describe('scanSpots', () => {
  it('are 33 equally spaced moves over +/- range and 8 far ones', () => {
    const spots = scanSpots(0.16, 0.77)
    expect([SCAN_POINTS, FAR_POINTS, spots.length]).toEqual([33, 8, 41])
    const inRange = spots.slice(0, 33)
    expect([inRange[0]!.move, inRange[16]!.move, inRange[32]!.move]).toEqual([-0.16, 0, 0.16])
    for (const [i, { move }] of inRange.slice(1).entries()) expectNear({ i }, move - inRange[i]!.move, 0.01, { abs: 1e-15 })
    expect(inRange.every(({ weight, far }) => weight === 1 && !far)).toBe(true)
    spots.slice(33).forEach(({ move, far }, i) => {
      expectNear({ i }, 1 + move, [0.34, 0.5, 0.67, 1.5, 2, 3, 4, 6][i]!, { rel: 1e-15 })
      expect(far).toBe(true)
    })
  })
  it('damp far losses by weight x range / |move|, at most in full', () => {
    const weights = scanSpots(0.18, 0.77)
      .slice(33)
      .map(({ weight }) => weight)
    // Derive's published row for 18 %: .21 .42 at -66 and -33 %, .2772 at +50 %, .1386 at +100 %, then .0693 .0462 .02772.
    const published = [0.21, 0.2772, 0.42, 0.2772, 0.1386, 0.0693, 0.0462, 0.02772]
    for (const [i, weight] of weights.entries()) expectNear({ i }, weight, published[i]!, { rel: 1e-12 })
    expect(scanSpots(0.6, 0.77)[35]!.weight, 'inside the range a far spot counts in full').toBe(1)
  })
  it('refuse a range or weight outside their domain', () => {
    for (const range of [0, 1, -0.1, Number.NaN]) expectInvalid('range', () => scanSpots(range, 0.5))
    for (const weight of [-0.1, 2.1, Number.NaN]) expectInvalid('tailWeight', () => scanSpots(0.2, weight))
  })
})

describe('scanCells', () => {
  it('hold every in-range spot in both vol states and the far ones with vol up', () => {
    const cells = scanCells(0.2, 1)
    expect(cells).toHaveLength(74)
    expect(cells.filter(({ volState, far }) => volState === 'up' && !far)).toHaveLength(33)
    expect(cells.filter(({ volState, far }) => volState === 'down' && !far)).toHaveLength(33)
    expect(cells.filter(({ far }) => far).every(({ volState }) => volState === 'up')).toBe(true)
  })
})

describe('vol states', () => {
  const day = 1 / 365
  it('scale shocks with the square root below 30 days and the power 0.3 above, flat below one day', () => {
    expectNear('30 d', volShockScale(30 * day), 1, { rel: 1e-12 })
    expectNear('7.5 d', volShockScale(7.5 * day), 2, { rel: 1e-12 })
    expectNear('1 d', volShockScale(day), Math.sqrt(30), { rel: 1e-12 })
    expect(volShockScale(0)).toBe(volShockScale(day))
    expectNear('120 d', volShockScale(120 * day), 4 ** -0.3, { rel: 1e-12 })
  })
  it('up starts from at least 40 %, down is cut off at 1.6 times the scan and at 35 % of the vol', () => {
    expectNear('up', volStates(0.8, 30 * day, 0.35, 0.17).up, 0.8 * 1.35, { rel: 1e-12 })
    expectNear('up floor', volStates(0.2, 30 * day, 0.35, 0.17).up, 0.4 * 1.35, { rel: 1e-12 })
    expectNear('down', volStates(0.8, 30 * day, 0.35, 0.17).down, 0.8 * 0.83, { rel: 1e-12 })
    expectNear('down, 1 d', volStates(0.8, day, 0.35, 0.17).down, 0.8 * (1 - 0.17 * 1.6), { rel: 1e-12 })
    expectNear('down floor', volStates(0.8, day, 0.35, 0.9).down, 0.8 * 0.35, { rel: 1e-12 })
  })
  it('bracket the vol and move outward with the scan', () => {
    fc.assert(
      fc.property(real(0.01, 5), real(0, 3), real(0, 1), real(0, 0.4), real(0, 0.4), (vol, time, up, down, more) => {
        const states = volStates(vol, time, up, down)
        const wider = volStates(vol, time, up + more, down + more)
        expect(states.up).toBeGreaterThanOrEqual(vol)
        expect(states.down).toBeLessThanOrEqual(vol)
        expect(states.down).toBeGreaterThanOrEqual(0.35 * vol)
        expect(wider.up).toBeGreaterThanOrEqual(states.up)
        expect(wider.down).toBeLessThanOrEqual(states.down)
      }),
      propertyRuns,
    )
  })
  it('refuse what is outside their domain', () => {
    expectInvalid('timeToExpiry', () => volShockScale(-1))
    expectInvalid('vol', () => volStates(Number.NaN, 1, 0, 0))
    expectInvalid('scanUp', () => volStates(1, 1, -1, 0))
    expectInvalid('scanDown', () => volStates(1, 1, 0, 1))
  })
})
