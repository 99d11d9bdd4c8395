import { describe, expect, it } from 'vitest'
import { openImpliedVolBatch, quoteColumns, volStatuses } from '../../../risk/kernel/index.ts'
import { impliedVol } from '../../../risk/pricing/impliedVol/index.ts'
import { black76Price } from '../../../risk/pricing/index.ts'
import { expectInvalid } from '../support/expectInvalid.ts'
import { deep } from '../support/propertyRuns.ts'
import { uniforms } from '../support/uniforms.ts'
import { wideQuote } from './kernelBits.ts'

const plain = ({ sign, ...rest }: ReturnType<typeof wideQuote>) => impliedVol({ type: sign === 1 ? 'call' : 'put', ...rest })

describe('a batch of quotes', () => {
  it('gives the status of the plain solver, and its vol to 1e-12 and what the price does not tell', () => {
    const count = deep ? 200_000 : 20_000
    const batch = openImpliedVolBatch(count)
    const draws = uniforms(31, 8 * count)
    for (let i = 0; i < count; i++) for (const name of quoteColumns) batch.inputs[name][i] = wideQuote(draws, i)[name]
    const left = batch.solve(count)
    expect(left).toBeGreaterThan(0)
    expect(left).toBeLessThan(0.5 * count)
    const seen = new Set<string>()
    for (let i = 0; i < count; i++) {
      const quote = wideQuote(draws, i)
      const expected = plain(quote)
      const status = volStatuses[batch.statuses[i]!]!
      seen.add(status)
      const got = batch.vols[i]!
      if (status !== expected.status) expect.fail(JSON.stringify({ quote, status, expected }))
      if (expected.status !== 'converged') expect(got).toBe(0)
      else if (!(Math.abs(got - expected.vol) <= 1e-12 * expected.vol + 16 * expected.resolution))
        expect.fail(JSON.stringify({ quote, got, expected, error: got / expected.vol - 1 }))
    }
    expect([...seen].sort()).toEqual(['aboveMaximum', 'atIntrinsic', 'belowIntrinsic', 'converged', 'expired'])
  })

  it('gives the vol back that made the price, on the side out of the money, to 1e-12', () => {
    const count = deep ? 100_000 : 10_000
    const batch = openImpliedVolBatch(count)
    const draws = uniforms(32, 3 * count)
    const vols = Array.from({ length: count }, (_, i) => 0.08 + 2 * draws[3 * i]! * draws[3 * i]!)
    for (let i = 0; i < count; i++) {
      const strike = 50 + 150 * draws[3 * i + 1]!
      const timeToExpiry = 0.005 + 2 * draws[3 * i + 2]!
      const sign = strike >= 100 ? 1 : -1
      const price = black76Price({ type: sign === 1 ? 'call' : 'put', forward: 100, strike, timeToExpiry, vol: vols[i]!, rate: 0 })
      const row = { sign, forward: 100, strike, timeToExpiry, rate: 0, price }
      for (const name of quoteColumns) batch.inputs[name][i] = row[name]
    }
    batch.solve(count)
    for (let i = 0; i < count; i++) {
      // A price below the smallest it keeps has no vol left in it.
      if (volStatuses[batch.statuses[i]!] === 'atIntrinsic') continue
      if (!(Math.abs(batch.vols[i]! / vols[i]! - 1) < 1e-12)) expect.fail(JSON.stringify({ vol: vols[i], got: batch.vols[i], i }))
    }
  })

  it('answers nonsense with a status', () => {
    const good = { sign: 1, forward: 100, strike: 100, timeToExpiry: 1, rate: 0, price: 10 }
    const rows = quoteColumns.flatMap((name) =>
      [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -1e300].map((value) => ({ ...good, [name]: value })),
    )
    const batch = openImpliedVolBatch(rows.length)
    rows.forEach((row, i) => {
      for (const name of quoteColumns) batch.inputs[name][i] = row[name]
    })
    expect(batch.solve(rows.length)).toBe(rows.length)
    rows.forEach((row, i) => {
      const expected = row.sign === 1 ? plain(row).status : 'invalid'
      expect(volStatuses[batch.statuses[i]!]).toBe(expected)
      expect(batch.vols[i]).toBe(0)
    })
    expectInvalid('count', () => batch.solve(1000))
    expectInvalid('capacity', () => openImpliedVolBatch(0.5))
  })
})
