import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { cholesky, randomSource } from '../../../../risk/math/index.ts'
import { basketFactors } from '../../../../risk/pricing/basket/basketFactors.ts'
import { type BasketInputs, basketGreeks, basketPrice } from '../../../../risk/pricing/basket/index.ts'
import { black76Price, forwardPrice } from '../../../../risk/pricing/index.ts'
import { modelCases } from '../../reference/basket.ts'
import { expectInvalid } from '../../support/expectInvalid.ts'
import { expectNear } from '../../support/expectNear.ts'
import { deep, propertyRuns } from '../../support/propertyRuns.ts'

// Ten times the cases on a busy machine take longer than the suite's minute.
if (deep) vi.setConfig({ testTimeout: 600_000 })

const real = (min: number, max: number) => fc.double({ min, max, noNaN: true })
/** A correlation matrix of `size` assets: normalised products of random rows, pulled towards a common correlation. */
function randomCorrelations(size: number, seed: number): number[][] {
  const { uniform } = randomSource(seed)
  const rows = Array.from({ length: size }, () =>
    Array.from({ length: size + 1 }, (_, j) => (j === 0 ? 1.2 * uniform() : 2 * uniform() - 1)),
  )
  const product = (a: number[], b: number[]): number => a.reduce((sum, x, k) => sum + x * b[k]!, 0)
  return rows.map((a, i) =>
    rows.map((b, j) => (i === j ? 1 : product(rows[Math.min(i, j)]!, rows[Math.max(i, j)]!) / Math.sqrt(product(a, a) * product(b, b)))),
  )
}
function randomBasket(size: number, seed: number): BasketInputs {
  const { uniform } = randomSource(seed + 1000)
  const list = (from: number, to: number): number[] => Array.from({ length: size }, () => from + (to - from) * uniform())
  const weights = list(0.2, 1).map((weight) => weight / size)
  return {
    type: uniform() < 0.5 ? 'call' : 'put',
    strike: (60 + 80 * uniform()) * weights.reduce((a, b) => a + b),
    spots: list(60, 140),
    weights,
    vols: list(0.05, 0.8),
    dividendYields: list(0, 0.05),
    correlations: randomCorrelations(size, seed),
    rate: 0.05 * uniform(),
    timeToExpiry: 0.1 + 2 * uniform(),
  }
}
const anyBasket = fc
  .record({ size: fc.integer({ min: 1, max: 3 }), seed: fc.integer({ min: 0, max: 1e6 }) })
  .map(({ size, seed }) => randomBasket(size, seed))
const forwardsOf = ({ spots, dividendYields, rate, timeToExpiry }: BasketInputs): number[] =>
  spots.map((spot, k) => forwardPrice(spot, rate, dividendYields[k]!, timeToExpiry))

/** Second method: pseudo-random paths through a plain Cholesky factor, both signs of each draw, platform arithmetic. */
function simulatedBasket(inputs: BasketInputs, paths: number): { value: number; error: number } {
  const { type, strike, weights, vols, correlations, rate, timeToExpiry } = inputs
  const lower = cholesky(correlations)!
  const forwards = forwardsOf(inputs)
  const { uniform } = randomSource(99)
  const normal = (): number => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform())
  let [sum, squares] = [0, 0]
  for (let path = 0; path < paths; path++) {
    const draws = forwards.map(normal)
    const payoff = [1, -1].map((sign) => {
      const basket = forwards.reduce((total, forward, k) => {
        const z = sign * draws.reduce((s, draw, j) => (j <= k ? s + lower[k]![j]! * draw : s), 0)
        const deviation = vols[k]! * Math.sqrt(timeToExpiry)
        return total + weights[k]! * forward * Math.exp(deviation * z - 0.5 * deviation * deviation)
      }, 0)
      return Math.max(0, type === 'call' ? basket - strike : strike - basket)
    })
    const mean = 0.5 * (payoff[0]! + payoff[1]!)
    sum += mean
    squares += mean * mean
  }
  const discount = Math.exp(-rate * timeToExpiry)
  const mean = sum / paths
  return { value: discount * mean, error: discount * Math.sqrt((squares / paths - mean * mean) / paths) }
}

describe('accuracy', () => {
  it('two assets: exact to 1e-8, against a Black-Scholes option given the first asset, integrated over it', () => {
    for (let seed = 0; seed < (deep ? 200 : 25); seed++) {
      const inputs = randomBasket(2, seed)
      const { type, strike, weights, vols, correlations, rate, timeToExpiry } = inputs
      const [first, second] = forwardsOf(inputs).map((forward, k) => weights[k]! * forward) as [number, number]
      const [s1, s2] = vols.map((vol) => vol * Math.sqrt(timeToExpiry)) as [number, number]
      const rho = correlations[0]![1]!
      const own = s2 * Math.sqrt(1 - rho * rho)
      const n = 4000
      let sum = 0
      for (let i = 0; i <= n; i++) {
        const z = -9 + (18 * i) / n
        const left = strike - first * Math.exp(s1 * z - 0.5 * s1 * s1)
        const forward = second * Math.exp(rho * s2 * z - 0.5 * rho * rho * s2 * s2)
        const option =
          left > 1e-9
            ? black76Price({ type, forward, strike: left, timeToExpiry: 1, vol: own, rate: 0 })
            : type === 'call'
              ? forward - left
              : 0
        sum += option * Math.exp(-0.5 * z * z)
      }
      const expected = (Math.exp(-rate * timeToExpiry) * sum * 18) / n / Math.sqrt(2 * Math.PI)
      const { value, error } = basketPrice(inputs)
      expectNear(inputs, value, expected, { abs: 1e-8 })
      expect(error).toBeLessThan(1e-8)
    }
  })
  it('up to seven assets: agrees with plain simulation, and its own error is below 1e-3 of the basket', () => {
    for (const size of deep ? [3, 4, 5, 6, 7] : [3, 5, 7]) {
      for (const seed of deep ? [1, 2, 3, 4, 5, 6] : [1]) {
        const inputs = randomBasket(size, seed)
        const { value, error } = basketPrice(inputs)
        const second = simulatedBasket(inputs, deep ? 20_000 : 2_000)
        expectNear({ inputs, second }, value, second.value, { abs: 4.5 * second.error + 1e-9 })
        expect(error).toBeLessThan(1e-3 * forwardsOf(inputs).reduce((sum, forward, k) => sum + inputs.weights[k]! * forward, 0))
      }
    }
  })
  it('the product of rules and the simulation it falls back to agree', () => {
    // Nine wild assets are too many for the product.
    const wild = { ...randomBasket(9, 4), vols: Array.from({ length: 9 }, () => 1.2), timeToExpiry: 2 }
    const { value, standardError } = basketPrice(wild, { paths: 512, scrambles: 16, seed: 1 })
    expect(standardError).toBeGreaterThan(0)
    const second = simulatedBasket(wild, 4_000)
    expectNear({ wild, second }, value, second.value, { abs: 4.5 * (second.error + standardError!) })
  })
  it('the factors carry the whole covariance', () => {
    for (const { inputs } of modelCases) {
      const basket = inputs as unknown as BasketInputs
      const { lead, rest, rank, assets } = basketFactors(basket)
      for (let k = 0; k < assets; k++) {
        for (let l = 0; l < assets; l++) {
          let sum = lead[k]! * lead[l]!
          for (let j = 0; j < rank; j++) sum += rest[k * rank + j]! * rest[l * rank + j]!
          expectNear({ k, l }, sum, basket.vols[k]! * basket.vols[l]! * basket.correlations[k]![l]! * basket.timeToExpiry, { abs: 1e-14 })
        }
      }
      expect(rank).toBeLessThan(assets)
    }
  })
})

describe('properties', () => {
  it('one asset, or assets that move as one, make a Black-Scholes option', () => {
    fc.assert(
      fc.property(real(0.05, 1), real(60, 160), fc.constantFrom('call' as const, 'put' as const), (vol, strike, type) => {
        const market = { type, strike, rate: 0.03, timeToExpiry: 0.7 }
        const forward = forwardPrice(100, 0.03, 0.01, 0.7)
        const expected = black76Price({ ...market, forward, vol })
        const one = { ...market, spots: [100], weights: [1], vols: [vol], dividendYields: [0.01], correlations: [[1]] }
        expectNear(one, basketPrice(one).value, expected, { abs: 1e-11 })
        const ones = [1, 1, 1]
        const three = {
          ...market,
          spots: [50, 100, 100],
          weights: [0.6, 0.3, 0.4],
          vols: ones.map(() => vol),
          dividendYields: ones.map(() => 0.01),
        }
        const together = { ...three, correlations: ones.map(() => ones) }
        expectNear(together, basketPrice(together).value, expected, { abs: 1e-9 })
      }),
      propertyRuns,
    )
  })
  it('parity, bounds and homogeneity', () => {
    fc.assert(
      fc.property(anyBasket, real(0.1, 10), (inputs, factor) => {
        const call = basketPrice({ ...inputs, type: 'call' }).value
        const put = basketPrice({ ...inputs, type: 'put' }).value
        const discount = Math.exp(-inputs.rate * inputs.timeToExpiry)
        const forward = forwardsOf(inputs).reduce((sum, one, k) => sum + one * inputs.weights[k]!, 0)
        expectNear(inputs, call - put, discount * (forward - inputs.strike), { abs: 1e-7 })
        expect(call).toBeGreaterThanOrEqual(discount * Math.max(0, forward - inputs.strike) - 1e-9)
        expect(call).toBeLessThanOrEqual(discount * forward)
        const scaled = basketPrice({ ...inputs, strike: factor * inputs.strike, spots: inputs.spots.map((spot) => factor * spot) }).value
        expectNear(inputs, scaled / factor, basketPrice(inputs).value, { abs: 1e-7 })
      }),
      propertyRuns,
    )
  })
  it('is worth at most the options on its parts; the order of assets does not matter', () => {
    fc.assert(
      fc.property(anyBasket, (inputs) => {
        const { type, strike, spots, weights, vols, rate, timeToExpiry } = inputs
        const forwards = forwardsOf(inputs)
        const whole = forwards.reduce((sum, one, k) => sum + one * weights[k]!, 0)
        // Strikes that add up to the basket's, in proportion to the forwards.
        const parts = spots.reduce(
          (sum, _, k) =>
            sum +
            weights[k]! *
              black76Price({ type, forward: forwards[k]!, strike: (strike * forwards[k]!) / whole, timeToExpiry, vol: vols[k]!, rate }),
          0,
        )
        const { value } = basketPrice(inputs)
        expect(value).toBeLessThanOrEqual(parts + 1e-8)
        const turn = <Item>(list: readonly Item[]): Item[] => [...list].reverse()
        const turned = {
          ...inputs,
          spots: turn(spots),
          weights: turn(weights),
          vols: turn(vols),
          dividendYields: turn(inputs.dividendYields),
          correlations: turn(inputs.correlations.map(turn)),
        }
        expectNear(inputs, basketPrice(turned).value, value, { abs: 1e-7 })
      }),
      propertyRuns,
    )
  })
  it('deltas and rho are the slopes of the value', () => {
    for (const size of [1, 2, 4]) {
      const inputs = randomBasket(size, 8)
      const greeks = basketGreeks(inputs)
      for (let k = 0; k < size; k++) {
        const at = (move: number): number =>
          basketPrice({ ...inputs, spots: inputs.spots.map((spot, i) => (i === k ? spot + move : spot)) }).value
        expectNear({ size, k }, greeks[`delta${k + 1}`]!, (at(0.05) - at(-0.05)) / 0.1, { abs: 2e-5 })
      }
      const rate = (move: number): number => basketPrice({ ...inputs, rate: inputs.rate + move }).value
      expectNear({ size }, greeks['rho']!, (rate(1e-3) - rate(-1e-3)) / 2e-3, { abs: 2e-3 })
    }
  })
})

describe('limits', () => {
  const inputs = randomBasket(3, 2)
  it('no time, no vol, and assets that cancel out', () => {
    const whole = inputs.spots.reduce((sum, spot, k) => sum + spot * inputs.weights[k]!, 0)
    const now = { ...inputs, timeToExpiry: 0, type: 'call' as const, strike: 0.9 * whole }
    expectNear('now', basketPrice(now).value, 0.1 * whole, { abs: 1e-12 })
    expect(basketPrice({ ...now, vols: [0, 0, 0] }).value).toBeCloseTo(0.1 * whole, 12)
    // Two assets in perfect opposition: the sum is convex in the one factor, and both ends pay.
    const opposed: BasketInputs = {
      ...now,
      timeToExpiry: 1,
      rate: 0,
      spots: [100, 100],
      weights: [0.5, 0.5],
      vols: [0.4, 0.4],
      dividendYields: [0, 0],
      correlations: [
        [1, -1],
        [-1, 1],
      ],
      strike: 100,
    }
    let sum = 0
    for (let i = 0; i < 40_000; i++) {
      const z = -10 + (i + 0.5) / 2000
      sum += Math.max(0, 100 * Math.exp(-0.08) * Math.cosh(0.4 * z) - 100) * Math.exp(-0.5 * z * z)
    }
    expectNear(opposed, basketPrice(opposed).value, sum / 2000 / Math.sqrt(2 * Math.PI), { abs: 1e-5 })
  })
  it('refuses what is outside the domain, naming it', () => {
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, -2]) {
      for (const field of ['strike', 'rate', 'timeToExpiry'] as const) expectInvalid(field, () => basketPrice({ ...inputs, [field]: bad }))
      for (const field of ['spots', 'weights', 'vols', 'dividendYields'] as const) {
        expectInvalid(field, () => basketPrice({ ...inputs, [field]: inputs[field].map((value, k) => (k === 1 ? bad : value)) }))
        expectInvalid(field === 'spots' ? 'weights' : field, () => basketPrice({ ...inputs, [field]: inputs[field].slice(1) }))
      }
    }
    expectInvalid('spots', () => basketPrice({ ...inputs, spots: [] }))
    expectInvalid('correlations', () => basketPrice({ ...inputs, correlations: inputs.correlations.slice(1) }))
    expectInvalid('correlations[0]', () => basketPrice({ ...inputs, correlations: inputs.correlations.map((row) => row.slice(1)) }))
    const change = (i: number, j: number, value: number): number[][] =>
      inputs.correlations.map((row, k) => row.map((own, l) => (k === i && l === j ? value : own)))
    expectInvalid('correlations[0][1]', () => basketPrice({ ...inputs, correlations: change(0, 1, 0.123) }))
    expectInvalid('correlations[1][1]', () => basketPrice({ ...inputs, correlations: change(1, 1, 0.9) }))
    const impossible = [
      [1, 0.9, -0.9],
      [0.9, 1, 0.9],
      [-0.9, 0.9, 1],
    ]
    expectInvalid('correlations', () => basketPrice({ ...inputs, correlations: impossible }))
    expectInvalid('paths', () =>
      basketPrice(
        { ...randomBasket(9, 4), vols: Array.from({ length: 9 }, () => 1.2), timeToExpiry: 2 },
        { paths: 3, scrambles: 2, seed: 0 },
      ),
    )
  })
})
