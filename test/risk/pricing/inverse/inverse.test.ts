import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { inverseOption } from '../../../../risk/pricing/index.ts'
import { inverseOptionGreeks, inverseOptionPrice } from '../../../../risk/pricing/inverse/index.ts'
import { type BsmInputs, bsmGreeks, bsmPrice } from '../../../../risk/pricing/vanilla/index.ts'
import * as big from '../../reference/bigFixed.ts'
import { bigBsm, bigGreeks, type GreekName, greekScales } from '../../support/bigGreeks.ts'
import { expectInvalid } from '../../support/expectInvalid.ts'
import { expectNear } from '../../support/expectNear.ts'
import { deep, propertyRuns } from '../../support/propertyRuns.ts'
import { uniforms } from '../../support/uniforms.ts'

const real = (min: number, max: number) => fc.double({ min, max, noNaN: true })
const option = fc.record({
  type: fc.constantFrom('call' as const, 'put' as const),
  spot: real(1000, 100_000),
  strike: real(1000, 100_000),
  timeToExpiry: real(0, 2),
  vol: real(0, 2),
  rate: real(-0.1, 0.2),
  dividendYield: real(-0.05, 0.1),
})
const base: BsmInputs = { type: 'call', spot: 60_000, strike: 50_000, timeToExpiry: 0.25, vol: 0.6, rate: 0.05, dividendYield: 0.01 }

describe('price in coins', () => {
  it('is the integral of the payoff in coins over the distribution with the coin as numeraire', () => {
    // Under the coin's measure ln(S_T / F) is normal with mean +vol^2 T / 2; the payoff is max(0, +/-(1 - K / S_T)) coins.
    const integral = ({ type, spot, strike, timeToExpiry, vol, rate, dividendYield }: BsmInputs): number => {
      const deviation = vol * Math.sqrt(timeToExpiry)
      const logForward = Math.log(spot) + (rate - dividendYield) * timeToExpiry
      const kink = (Math.log(strike) - logForward - 0.5 * deviation * deviation) / deviation
      const [from, to] = type === 'call' ? [kink, Math.max(kink, 0) + 12] : [Math.min(kink, 0) - 12, kink]
      const n = 4000
      const h = (to - from) / n
      let sum = 0
      for (let i = 0; i <= n; i++) {
        const z = from + i * h
        const share = 1 - Math.exp(Math.log(strike) - logForward - 0.5 * deviation * deviation - deviation * z)
        const weight = i === 0 || i === n ? 1 : i % 2 === 1 ? 4 : 2
        sum += ((weight * h) / 3) * (type === 'call' ? share : -share) * Math.exp(-0.5 * z * z)
      }
      return (Math.exp(-dividendYield * timeToExpiry) * sum) / Math.sqrt(2 * Math.PI)
    }
    const u = uniforms(17, 4 * 40)
    for (let i = 0; i + 4 <= u.length; i += 4) {
      const timeToExpiry = 0.02 + u[i]!
      const vol = 0.3 + u[i + 1]!
      const strike = 60_000 * Math.exp(2 * (2 * u[i + 2]! - 1) * vol * Math.sqrt(timeToExpiry))
      const inputs = { ...base, type: i % 8 === 0 ? ('call' as const) : ('put' as const), strike, timeToExpiry, vol, rate: 0.1 * u[i + 3]! }
      expectNear(inputs, inverseOptionPrice(inputs).coin, integral(inputs), { abs: 1e-10 * Math.max(1, strike / 60_000) })
    }
  })
  it('pays the cash option in dollars, is below one coin for a call, and its parity is a coin less K / S dollars of coin', () => {
    fc.assert(
      fc.property(option, (inputs) => {
        const { coin, usd } = inverseOptionPrice(inputs)
        expect(usd).toBe(bsmPrice(inputs))
        const { spot, strike, timeToExpiry, rate, dividendYield } = inputs
        const held = Math.exp(-dividendYield * timeToExpiry)
        if (inputs.type === 'call') expect(coin, JSON.stringify(inputs)).toBeLessThanOrEqual(held * (1 + 1e-15))
        const difference = inverseOptionPrice({ ...inputs, type: 'call' }).coin - inverseOptionPrice({ ...inputs, type: 'put' }).coin
        expectNear(inputs, difference, held - (strike / spot) * Math.exp(-rate * timeToExpiry), { abs: 2e-13 * (1 + strike / spot) })
      }),
      propertyRuns,
    )
  })
  it('at no yield of the coin is what the margin module values at spot and forward', () => {
    const { spot, strike, timeToExpiry, vol, rate, type } = base
    const forward = spot * Math.exp(rate * timeToExpiry)
    const instrument = { kind: 'inverseOption' as const, id: 'O', type, strike, expiry: 0 }
    const inputs = { ...base, dividendYield: 0 }
    expectNear(inputs, inverseOption.value(instrument, { spot, forward, vol, timeToExpiry }), inverseOptionPrice(inputs).usd, {
      rel: 1e-13,
    })
  })
})

describe('Greeks', () => {
  it('in coins have ten digits against differentiation in whole-number arithmetic, or thirteen of their natural size', () => {
    const u = uniforms(23, 5 * (deep ? 200 : 10))
    for (let i = 0; i + 5 <= u.length; i += 5) {
      const [a, b, c, d, e] = u.slice(i, i + 5) as [number, number, number, number, number]
      const timeToExpiry = 0.01 + 2 * a
      const vol = 0.1 + 1.4 * b
      const strike = 100 * Math.exp(3 * (2 * c - 1) * vol * Math.sqrt(timeToExpiry))
      const type = i % 2 === 0 ? ('call' as const) : ('put' as const)
      const inputs = { type, spot: 100, strike, timeToExpiry, vol, rate: 0.15 * d - 0.05, dividendYield: 0.15 * e - 0.05 }
      const at = {
        S: big.fixed(100),
        T: big.fixed(timeToExpiry),
        vol: big.fixed(vol),
        r: big.fixed(inputs.rate),
        q: big.fixed(inputs.dividendYield),
      }
      const usd = bigBsm(type, strike)
      const exact = bigGreeks((args) => big.divide(usd(args), args.S), at)
      const { coin } = inverseOptionGreeks(inputs)
      const scales = greekScales(inputs)
      for (const name of Object.keys(exact) as GreekName[]) {
        const error = Math.abs(big.toNumber(big.fixed(coin[name]) - exact[name]))
        const size = Math.abs(big.toNumber(exact[name]))
        const limit = Math.max(1e-10 * size, 1e-13 * Math.min((scales[name] / 100) * Math.max(1, strike / 100), 1e3 * size))
        expect(error, `${name} of ${JSON.stringify(inputs)}: got ${coin[name]}, off by ${error}, limit ${limit}`).toBeLessThanOrEqual(limit)
      }
    }
  })
  it('in dollars are those of the cash option, and both are finite everywhere', () => {
    const wild = fc.record({
      type: fc.constantFrom('call' as const, 'put' as const),
      spot: real(1e-9, 1e15),
      strike: real(1e-9, 1e15),
      timeToExpiry: fc.oneof(real(0, 100), fc.constantFrom(0, 1e-61, 1e-59)),
      vol: fc.oneof(real(0, 100), fc.constantFrom(0, 1e-99)),
      rate: real(-1, 1),
      dividendYield: real(-1, 1),
    })
    fc.assert(
      fc.property(fc.oneof(option, wild), (inputs) => {
        const { coin, usd } = inverseOptionGreeks(inputs)
        expect(usd).toEqual(bsmGreeks(inputs))
        expect(coin.price).toBe(inverseOptionPrice(inputs).coin)
        for (const [name, value] of Object.entries(coin))
          expect(Number.isFinite(value), `${name} of ${JSON.stringify(inputs)} is ${value}`).toBe(true)
      }),
      propertyRuns,
    )
  })
  it('given no time left, are those of the payoff in coins', () => {
    const { coin } = inverseOptionGreeks({ ...base, timeToExpiry: 0 })
    expectNear(base, coin.price, 1 - 50 / 60, { rel: 1e-14 })
    expectNear(base, coin.delta, 50_000 / 60_000 ** 2, { rel: 1e-14 })
    expectNear(base, coin.gamma, (-2 * 50_000) / 60_000 ** 3, { rel: 1e-14 })
    expectNear(base, coin.speed, (6 * 50_000) / 60_000 ** 4, { rel: 1e-14 })
    expectNear(base, coin.charm, (0.05 * 50_000) / 60_000 ** 2, { rel: 1e-14 })
  })
  it('guards its arguments', () => {
    for (const field of ['spot', 'strike', 'timeToExpiry', 'vol', 'rate', 'dividendYield'] as const) {
      expectInvalid(field, () => inverseOptionPrice({ ...base, [field]: Number.NaN }))
      expectInvalid(field, () => inverseOptionGreeks({ ...base, [field]: -2 }))
    }
  })
})
