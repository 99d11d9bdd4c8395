import { describe, expect, it } from 'vitest'
import { batchInputs, batchOutputs, hasWasmSimd, openBlack76Batch } from '../../../risk/kernel/index.ts'
import { black76Greeks } from '../../../risk/pricing/index.ts'
import { spotGreeksCases } from '../reference/greeks.ts'
import { expectInvalid } from '../support/expectInvalid.ts'
import { deep } from '../support/propertyRuns.ts'
import { uniforms } from '../support/uniforms.ts'
import { kernelBits, wideOption } from './kernelBits.ts'
import { pinnedBits } from './pinnedBits.ts'

describe('engines', () => {
  it('run WebAssembly here, so that the comparison is one', () => {
    expect(hasWasmSimd).toBe(true)
  })
  it('give the same bits, and those that every Node and Chromium gives', () => {
    expect({ wasm: kernelBits('wasm'), twin: kernelBits('typescript') }).toEqual({ wasm: pinnedBits, twin: pinnedBits })
  })
})

describe('a batch', () => {
  it('gives the price of risk/pricing to 1e-15 of the discounted forward and strike, and finite numbers, over the whole domain', () => {
    const count = deep ? 200_000 : 20_000
    const batch = openBlack76Batch(count)
    const draws = uniforms(11, 8 * count)
    for (let i = 0; i < count; i++) for (const name of batchInputs) batch.inputs[name][i] = wideOption(draws, i)[name]
    batch.price(count)
    for (let i = 0; i < count; i++) {
      const { sign, forward, strike, timeToExpiry, vol, rate } = wideOption(draws, i)
      const { price } = black76Greeks({ type: sign === 1 ? 'call' : 'put', forward, strike, timeToExpiry, vol, rate })
      const scale = Math.exp(-rate * timeToExpiry) * (forward + strike)
      const got = batch.outputs.price[i]!
      if (!(Math.abs(got - price) <= 1e-15 * scale))
        expect.fail(JSON.stringify({ ...wideOption(draws, i), price, got, error: (got - price) / scale }))
      for (const name of batchOutputs)
        if (!Number.isFinite(batch.outputs[name][i])) expect.fail(`${name} of ${JSON.stringify(wideOption(draws, i))}`)
    }
  })

  it('gives the Greeks of risk/pricing to 1e-12 where nothing cancels, in the range that trades', () => {
    const count = deep ? 100_000 : 10_000
    const batch = openBlack76Batch(count)
    const draws = uniforms(12, 6 * count)
    const option = (i: number) => {
      const draw = (k: number): number => draws[6 * i + k]!
      const forward = 50 + 100 * draw(0)
      return {
        sign: draw(1) < 0.5 ? 1 : -1,
        forward,
        strike: forward * (0.6 + 0.9 * draw(2)),
        timeToExpiry: 0.02 + 1.98 * draw(3),
        vol: 0.08 + 0.6 * draw(4),
        rate: 0.1 * draw(5) - 0.02,
      }
    }
    for (let i = 0; i < count; i++) for (const name of batchInputs) batch.inputs[name][i] = option(i)[name]
    batch.price(count)
    for (let i = 0; i < count; i++) {
      const { sign, ...rest } = option(i)
      const exact = black76Greeks({ type: sign === 1 ? 'call' : 'put', ...rest })
      const { forward, vol, timeToExpiry, rate } = rest
      const perTime = (0.5 * vol) / timeToExpiry
      // Terms that the sum is made of: where they cancel, only their rounding is left.
      const scales = {
        price: forward,
        delta: 1,
        gamma: exact.gamma,
        vega: exact.vega,
        theta: exact.vega * perTime + Math.abs(rate) * forward,
        rho: timeToExpiry * forward,
        vanna: exact.vega / forward / vol / Math.sqrt(timeToExpiry),
        volga: exact.vega / vol,
        charm: (exact.vega / forward / Math.sqrt(timeToExpiry)) * perTime + Math.abs(rate),
      }
      for (const name of batchOutputs) {
        const error = Math.abs(batch.outputs[name][i]! - exact[name]) / (scales[name] + Math.abs(exact[name]))
        if (!(error < 1e-12)) expect.fail(JSON.stringify({ name, error, ...option(i), exact: exact[name], got: batch.outputs[name][i] }))
      }
    }
  })

  it.each(spotGreeksCases.filter(({ r, q }) => r === q))(
    'gives the published Greeks of $id',
    ({ type, S, K, r, T, vol, expected, rel }) => {
      const batch = openBlack76Batch(1)
      const row = { sign: type === 'call' ? 1 : -1, forward: S, strike: K, timeToExpiry: T, vol, rate: r }
      for (const name of batchInputs) batch.inputs[name][0] = row[name]
      batch.price(1)
      // With q = r the forward is the spot, and what does not move along with it is the same derivative.
      for (const name of ['price', 'delta', 'gamma', 'vega', 'vanna', 'volga'] as const) {
        const published = expected[name]
        if (published !== undefined) expect(Math.abs(batch.outputs[name][0]! - published)).toBeLessThanOrEqual(rel * Math.abs(published))
      }
    },
  )

  it('refuses inputs outside the domain, by column and option', () => {
    const batch = openBlack76Batch(3)
    const good = { sign: 1, forward: 100, strike: 100, timeToExpiry: 1, vol: 0.5, rate: 0 }
    const refuse = (name: (typeof batchInputs)[number], value: number): void => {
      for (const column of batchInputs) batch.inputs[column].fill(good[column])
      batch.inputs[name][1] = value
      expectInvalid(`${name}[1]`, () => batch.price(3))
    }
    for (const name of batchInputs) {
      refuse(name, Number.NaN)
      refuse(name, Number.POSITIVE_INFINITY)
    }
    refuse('sign', 0)
    refuse('forward', 0)
    refuse('strike', -1)
    refuse('timeToExpiry', -1e-9)
    refuse('vol', -0.1)
    refuse('rate', 1.1)
    expectInvalid('count', () => batch.price(4))
    expectInvalid('count', () => batch.price(0.5))
    expectInvalid('capacity', () => openBlack76Batch(0))
    expect(() => batch.price(0)).not.toThrow()
  })
})
