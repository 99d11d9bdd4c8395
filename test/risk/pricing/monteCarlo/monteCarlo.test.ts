import { describe, expect, it } from 'vitest'
import { exp, normalQuantile } from '../../../../risk/math/index.ts'
import { geometricAsian } from '../../../../risk/pricing/asian/index.ts'
import { singleBarrierPrice } from '../../../../risk/pricing/barrier/index.ts'
import { black76Price, forwardPrice } from '../../../../risk/pricing/index.ts'
import { gaussianOf } from '../../../../risk/pricing/monteCarlo/gaussianOf.ts'
import {
  arithmeticAverageOption,
  blockCount,
  brownianBridge,
  estimateOf,
  europeanOption,
  geometricAverageOption,
  knockOutOption,
  lookbackOption,
  type PathOption,
  pathSimulation,
  simulateBlocks,
  simulatePathOption,
  sobolSequence,
} from '../../../../risk/pricing/monteCarlo/index.ts'
import { expectInvalid } from '../../support/expectInvalid.ts'
import { expectNear } from '../../support/expectNear.ts'
import { uniforms } from '../../support/uniforms.ts'

const market = { spot: 100, rate: 0.05, dividendYield: 0.02, vol: 0.3 }
const monthly = Array.from({ length: 12 }, (_, i) => (i + 1) / 12)

describe('Sobol sequence', () => {
  it('has the points of an independent implementation (SciPy 1.17.1, qmc.Sobol, unscrambled, 32 bits)', () => {
    const sequence = sobolSequence(512, null)
    const point = new Float64Array(512)
    for (const [index, dimension, expected] of [
      [1, 0, 0.5],
      [2, 1, 0.25],
      [5, 7, 0.375],
      [100, 31, 0.4140625],
      [1023, 100, 0.2373046875],
      [2047, 255, 0.47998046875],
      [4095, 511, 0.914794921875],
      [3000, 400, 0.286376953125],
    ] as const) {
      sequence.seek(index)
      sequence.next(point)
      expect(point[dimension]).toBe(expected + 0.5 / 2 ** 32)
    }
  })
  it('puts one point of each block of 2^k into each of 2^k equal intervals, in every dimension, scrambled or not', () => {
    for (const seed of [null, 0, 7]) {
      const sequence = sobolSequence(512, seed)
      const point = new Float64Array(512)
      sequence.seek(3 * 256)
      const seen = Array.from({ length: 512 }, () => new Set<number>())
      for (let i = 0; i < 256; i++) {
        sequence.next(point)
        for (const [d, cells] of seen.entries()) cells.add(Math.floor(256 * point[d]!))
      }
      for (const cells of seen) expect(cells.size).toBe(256)
    }
  })
  it('continues from any index as if it had walked there', () => {
    for (const seed of [null, 12]) {
      const walker = sobolSequence(7, seed)
      const jumper = sobolSequence(7, seed)
      const [a, b] = [new Float64Array(7), new Float64Array(7)]
      for (let i = 0; i < 300; i++) {
        walker.next(a)
        jumper.seek(i)
        jumper.next(b)
        expect(b).toEqual(a)
      }
    }
  })
  it('makes each point uniform over the seeds, and its coordinates independent', () => {
    const count = 4000
    const point = new Float64Array(3)
    const columns = [new Float64Array(count), new Float64Array(count), new Float64Array(count)] as const
    for (let seed = 0; seed < count; seed++) {
      const sequence = sobolSequence(3, seed)
      sequence.seek(5)
      sequence.next(point)
      for (const [d, column] of columns.entries()) column[seed] = Math.sqrt(12) * (point[d]! - 0.5)
    }
    const mean = (values: Float64Array): number => values.reduce((a, b) => a + b) / count
    const limit = 4.5 / Math.sqrt(count)
    for (const column of columns) {
      expect(Math.abs(mean(column))).toBeLessThan(limit)
      expect(Math.abs(mean(column.map((x) => x * x)) - 1)).toBeLessThan(limit)
    }
    for (const [a, b] of [
      [0, 1],
      [0, 2],
      [1, 2],
    ] as const)
      expect(Math.abs(mean(columns[a].map((x, i) => x * columns[b][i]!)))).toBeLessThan(limit)
  })
  it('refuses what it has no numbers for', () => {
    for (const dimensions of [0, 513, 1.5, Number.NaN]) expectInvalid('dimensions', () => sobolSequence(dimensions, null))
    for (const seed of [-1, 0.5, 4294967296]) expectInvalid('seed', () => sobolSequence(2, seed))
    expectInvalid('index', () => sobolSequence(2, 1).seek(-1))
  })
})

describe('quick quantile', () => {
  it('stays within 3e-9 of the exact one down to the smallest 32-bit point', () => {
    const points = [
      ...uniforms(501, 20_000),
      ...uniforms(502, 20_000).map((u) => exp(-22 * u)),
      ...uniforms(503, 2_000).map((u) => 1 - exp(-20 * u)),
      0.5 / 2 ** 32,
      1 - 0.5 / 2 ** 32,
    ]
    for (const p of points) expectNear({ p }, gaussianOf(p), normalQuantile(p), { abs: 3e-9 })
  })
})

describe('Brownian bridge', () => {
  it.each([[[1]], [[1, 2]], [[0.5, 1, 1.5]], [[0.1, 0.2, 0.7, 1, 2, 5, 9]]])('has the covariance of Brownian motion at %j', (times) => {
    const { build, steps } = brownianBridge(times)
    const columns = times.map((_, k) => {
      const path = new Float64Array(steps)
      build(
        new Float64Array(steps).fill(0).map((_, i) => (i === k ? 1 : 0)),
        path,
      )
      return path
    })
    for (const [i, s] of times.entries()) {
      for (const [j, t] of times.entries()) {
        const covariance = columns.reduce((sum, column) => sum + column[i]! * column[j]!, 0)
        expectNear({ s, t }, covariance, Math.min(s, t), { abs: 1e-14 })
      }
    }
  })
  it('refuses times that do not rise from above 0', () => {
    expectInvalid('times', () => brownianBridge([]))
    expectInvalid('times[0]', () => brownianBridge([0, 1]))
    expectInvalid('times[1]', () => brownianBridge([1, 1]))
    expectInvalid('times[1]', () => brownianBridge([1, Number.NaN]))
  })
})

describe('simulation', () => {
  const plan = { paths: 1024, scrambles: 16, seed: 5 }
  const option: PathOption = { ...market, times: monthly, payoff: arithmeticAverageOption('call', 100, 12, 0) }
  it('gives the same bits however blocks are divided', () => {
    const count = blockCount(plan)
    expect(count).toBe(64)
    const whole = simulateBlocks(pathSimulation(option), plan, 0, count)
    for (const cuts of [[7, 20, 21, 63], [32], Array.from({ length: 63 }, (_, i) => i + 1)]) {
      const ends = [0, ...cuts, count]
      // Each part has a simulation of its own, as a worker would, and the last part runs first.
      const parts = ends
        .slice(1)
        .map((_, i) => ends.length - 2 - i)
        .map((i) => ({ i, sums: simulateBlocks(pathSimulation(option), plan, ends[i]!, ends[i + 1]!) }))
      const joined = parts.sort((a, b) => a.i - b.i).flatMap(({ sums }) => [...sums])
      expect(joined).toEqual([...whole])
      expect(estimateOf(Float64Array.from(joined), plan)).toEqual(simulatePathOption(option, plan))
    }
  })
  it('a European option comes out at its price, its error shrinking faster than 1 / sqrt(paths)', () => {
    const errors = [256, 4096].map((paths) => {
      const { value, standardError } = simulatePathOption(
        { ...market, times: [1], payoff: europeanOption('call', 110) },
        { paths, scrambles: 16, seed: 1 },
      )
      const expected = black76Price({
        type: 'call',
        forward: forwardPrice(100, 0.05, 0.02, 1),
        strike: 110,
        timeToExpiry: 1,
        vol: 0.3,
        rate: 0.05,
      })
      expectNear({ paths, standardError }, value, expected, { abs: 4.5 * standardError })
      return standardError
    })
    expect(errors[1]!).toBeLessThan(errors[0]! / 8)
  })
  it('the standard error is the spread that other seeds show', () => {
    const estimates = Array.from({ length: 40 }, (_, seed) => simulatePathOption(option, { paths: 256, scrambles: 8, seed: 1000 * seed }))
    const mean = estimates.reduce((sum, { value }) => sum + value, 0) / estimates.length
    const spread = Math.sqrt(estimates.reduce((sum, { value }) => sum + (value - mean) ** 2, 0) / (estimates.length - 1))
    const stated = Math.sqrt(estimates.reduce((sum, { standardError }) => sum + standardError ** 2, 0) / estimates.length)
    expect(spread / stated).toBeGreaterThan(0.7)
    expect(spread / stated).toBeLessThan(1.4)
  })
  it('a control takes noise off and leaves the mean', () => {
    const forward = forwardPrice(100, 0.05, 0.02, 1)
    const mean = black76Price({ type: 'call', forward, strike: 100, timeToExpiry: 1, vol: 0.3, rate: 0 })
    const plain = simulatePathOption(option, plan)
    const inputs = {
      ...market,
      type: 'call' as const,
      strike: 100,
      timeToExpiry: 1,
      fixings: 12,
      firstFixing: 1 / 12,
      lastFixing: 1,
      pastFixings: 0,
      pastAverage: 0,
    }
    const geometric = { payoff: geometricAverageOption('call', 100, 100), mean: exp(0.05) * geometricAsian(inputs) }
    const controlled = simulatePathOption({ ...option, control: geometric }, plan)
    expect(controlled.standardError).toBeLessThan(plain.standardError / 2)
    expectNear('control', controlled.value, plain.value, { abs: 4.5 * (controlled.standardError + plain.standardError) })
    // A control that is the payoff itself leaves no noise at all.
    const own = simulatePathOption(
      { ...market, times: [1], payoff: europeanOption('call', 100), control: { payoff: europeanOption('call', 100), mean } },
      plan,
    )
    expectNear('own control', own.value, exp(-0.05) * mean, { rel: 1e-12 })
  })
  it.each([
    ['call', 80],
    ['put', 80],
    ['call', 130],
    ['put', 130],
  ] as const)('knock-out %s with barrier %d watched all the time', (type, barrier) => {
    const payoff = knockOutOption(type, 100, barrier, 100, 0.3, monthly)
    const { value, standardError } = simulatePathOption({ ...market, times: monthly, payoff }, { paths: 1024, scrambles: 16, seed: 2 })
    const direction = barrier < 100 ? ('down' as const) : ('up' as const)
    const closed = singleBarrierPrice({ ...market, type, strike: 100, timeToExpiry: 1, direction, knock: 'out', barrier, rebate: 0 })
    expectNear({ type, barrier, standardError }, value, closed, { abs: 4.5 * standardError })
  })
  it('a lookback observed more often is worth more, and its two kinds differ by a forward', () => {
    const often = Array.from({ length: 48 }, (_, i) => (i + 1) / 48)
    const value = (times: readonly number[], strike: number | 'floating', type: 'call' | 'put'): number =>
      simulatePathOption({ ...market, times, payoff: lookbackOption(type, strike, 100) }, plan).value
    expect(value(often, 100, 'call')).toBeGreaterThan(value(monthly, 100, 'call'))
    // Highest - S_T = (highest - 100) + (100 - S_T), path by path.
    const forward = exp(-0.05) * (100 - forwardPrice(100, 0.05, 0.02, 1))
    expectNear('floating put', value(monthly, 'floating', 'put'), value(monthly, 100, 'call') + forward, { abs: 1e-3 })
    expectNear('floating call', value(monthly, 'floating', 'call'), value(monthly, 100, 'put') - forward, { abs: 1e-3 })
  })
  it('refuses what is outside the domain', () => {
    for (const paths of [0, 255, 300, 2 ** 25, Number.NaN]) expectInvalid('paths', () => simulatePathOption(option, { ...plan, paths }))
    for (const scrambles of [1, 65, 2.5]) expectInvalid('scrambles', () => simulatePathOption(option, { ...plan, scrambles }))
    expectInvalid('seed', () => simulatePathOption(option, { ...plan, seed: -1 }))
    expectInvalid('to', () => simulateBlocks(pathSimulation(option), plan, 0, 65))
    expectInvalid('from', () => simulateBlocks(pathSimulation(option), plan, 3, 2))
    expectInvalid('from', () => simulateBlocks(pathSimulation(option), plan, 0.5, 2))
    expectInvalid('sums', () => estimateOf(new Float64Array(3), plan))
    for (const field of ['spot', 'rate', 'dividendYield', 'vol'] as const)
      expectInvalid(field, () => simulatePathOption({ ...option, [field]: Number.NaN }, plan))
    expectInvalid('number of times', () => simulatePathOption({ ...option, times: [] }, plan))
    expectInvalid('times[1]', () => simulatePathOption({ ...option, times: [1, 1] }, plan))
  })
})
