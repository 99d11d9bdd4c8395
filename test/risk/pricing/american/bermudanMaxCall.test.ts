import { describe, expect, it } from 'vitest'
import { type BermudanMaxCallInputs, bermudanMaxCall, bermudanPrice } from '../../../../risk/pricing/american/index.ts'
import { simulateBermudan } from '../../../../risk/pricing/monteCarlo/index.ts'
import { bestWorstOfManyPrice } from '../../../../risk/pricing/multiAsset/index.ts'
import { longstaffSchwartzCases } from '../../reference/american.ts'
import { expectInvalid } from '../../support/expectInvalid.ts'
import { expectNear } from '../../support/expectNear.ts'

const plan = { paths: 512, scrambles: 8, seed: 2 }
const put = (prices: Float64Array): number => Math.max(0, 40 - prices[0]!)
const powers = (prices: Float64Array, out: Float64Array): void => {
  const x = prices[0]! / 40 - 1
  for (let n = 0; n < out.length; n++) out[n] = x ** n
}
const max: BermudanMaxCallInputs = {
  spots: [100, 100, 100],
  strike: 100,
  vols: [0.2, 0.2, 0.2],
  dividendYields: [0.1, 0.1, 0.1],
  correlations: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  rate: 0.05,
  timeToExpiry: 3,
  exerciseDates: 9,
}

describe('least-squares simulation', () => {
  it.each(longstaffSchwartzCases)('$id: within the tolerance of the published simulation', ({ inputs, bermudan, simulationAbs }) => {
    const { spot, vol, dividendYield, rate, timeToExpiry, exerciseDates } = inputs
    const market = { spots: [spot], vols: [vol], dividendYields: [dividendYield], correlations: [[1]], rate, timeToExpiry, exerciseDates }
    const { value, standardError } = simulateBermudan({ ...market, payoff: put, describe: powers, features: 5 }, plan)
    expectNear(inputs, value, bermudan, { abs: simulationAbs })
    // A rule that is not the best one cannot be worth more than the option, but for noise.
    expect(value).toBeLessThan(bermudan + 4.5 * standardError)
  })
  it('one date makes a European option, on one asset and on the highest of three', () => {
    const european = bermudanPrice({
      type: 'put',
      spot: 38,
      strike: 40,
      rate: 0.06,
      dividendYield: 0,
      vol: 0.3,
      timeToExpiry: 1,
      exerciseDates: 1,
    })
    const market = { spots: [38], vols: [0.3], dividendYields: [0], correlations: [[1]], rate: 0.06, timeToExpiry: 1, exerciseDates: 1 }
    const one = simulateBermudan({ ...market, payoff: put, describe: powers, features: 5 }, plan)
    expectNear('put', one.value, european, { abs: 4.5 * one.standardError })
    const best = bermudanMaxCall({ ...max, exerciseDates: 1 }, plan)
    const expected = bestWorstOfManyPrice({
      type: 'call',
      payoff: 'max',
      spots: [...max.spots],
      dividendYields: [...max.dividendYields],
      vols: [...max.vols],
      correlation: 0,
      strike: 100,
      timeToExpiry: 3,
      rate: 0.05,
    })
    expectNear('max call', best.value, expected, { abs: 4.5 * best.standardError })
  })
  it('more dates are worth more, and the best of several more than one of them', () => {
    const values = [1, 3, 9].map((exerciseDates) => bermudanMaxCall({ ...max, exerciseDates }, { ...plan, paths: 1024 }))
    expect(values[1]!.value).toBeGreaterThan(values[0]!.value)
    expect(values[2]!.value).toBeGreaterThan(values[1]!.value - 4.5 * values[2]!.standardError)
    const one = bermudanPrice({
      type: 'call',
      spot: 100,
      strike: 100,
      rate: 0.05,
      dividendYield: 0.1,
      vol: 0.2,
      timeToExpiry: 3,
      exerciseDates: 9,
    })
    expect(values[2]!.value).toBeGreaterThan(one)
    expect(values[2]!.value).toBeLessThan(3 * one)
  })
  it('does not depend on the order of the assets, nor on anything but its seed', () => {
    const unequal = { ...max, spots: [90, 100, 110] }
    const forth = bermudanMaxCall(unequal, plan)
    expect(bermudanMaxCall(unequal, plan)).toEqual(forth)
    const back = bermudanMaxCall({ ...unequal, spots: [110, 100, 90] }, plan)
    expectNear('order', back.value, forth.value, { abs: 4.5 * (back.standardError + forth.standardError) })
  })
  it('never exercises where no path is in the money', () => {
    expect(bermudanMaxCall({ ...max, strike: 1e6 }, plan).value).toBe(0)
  })
  it('refuses what is outside the domain, naming it', () => {
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, -2]) {
      for (const field of ['strike', 'rate', 'timeToExpiry', 'exerciseDates'] as const)
        expectInvalid(field, () => bermudanMaxCall({ ...max, [field]: bad }, plan))
      for (const field of ['spots', 'vols', 'dividendYields'] as const)
        expectInvalid(`${field}[1]`, () =>
          bermudanMaxCall({ ...max, [field]: max[field].map((value, k) => (k === 1 ? bad : value)) }, plan),
        )
    }
    expectInvalid('number of spots', () => bermudanMaxCall({ ...max, spots: [100] }, plan))
    expectInvalid('vols', () => bermudanMaxCall({ ...max, vols: [0.2] }, plan))
    expectInvalid('exerciseDates x assets', () => bermudanMaxCall({ ...max, exerciseDates: 200 }, plan))
    expectInvalid('correlations', () => bermudanMaxCall({ ...max, correlations: max.correlations.map((row) => row.map(() => 1)) }, plan))
    expectInvalid('correlations[0][1]', () =>
      bermudanMaxCall({ ...max, correlations: max.correlations.map((row, i) => (i === 0 ? [1, 0.5, 0] : row)) }, plan),
    )
    expectInvalid('paths', () => bermudanMaxCall(max, { ...plan, paths: 100 }))
    expectInvalid('paths x assets', () => bermudanMaxCall(max, { ...plan, paths: 262_144 }))
    const market = { spots: [38], vols: [0.3], dividendYields: [0], correlations: [[1]], rate: 0.06, timeToExpiry: 1, exerciseDates: 1 }
    expectInvalid('features', () => simulateBermudan({ ...market, payoff: put, describe: powers, features: 0 }, plan))
  })
})
