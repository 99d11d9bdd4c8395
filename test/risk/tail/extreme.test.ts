import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { randomSource } from '../../../risk/math/index.ts'
import { gevExponent } from '../../../risk/tail/extreme/gevExponent.ts'
import { gpdMoments } from '../../../risk/tail/extreme/gpdMoments.ts'
import {
  fitGev,
  fitGpd,
  fitTail,
  type GevFit,
  type GpdFit,
  type GpdTail,
  gevReturnLevel,
  gpdShortfall,
  gpdShortfallBand,
  gpdVar,
  hill,
  type ShapeLimits,
  type TailFit,
} from '../../../risk/tail/index.ts'
import { danishCases, portPirie, stratified } from '../reference/extreme.ts'
import { expectInvalid } from '../support/expectInvalid.ts'
import { expectNear } from '../support/expectNear.ts'
import { propertyRuns } from '../support/propertyRuns.ts'
import { readSeries } from '../support/readSeries.ts'

const wide: ShapeLimits = [-0.5, 1.5]
const danish = readSeries('danishFire')
const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length
type FittedTail = Exclude<TailFit, { status: 'tooFewExceedances' }>
const withTail = (fit: TailFit): FittedTail => {
  if (fit.status === 'tooFewExceedances') expect.fail(JSON.stringify(fit))
  return fit
}
const likely = (fit: GpdFit): Extract<GpdFit, { status: 'fitted' }> => {
  if (fit.status !== 'fitted') expect.fail(JSON.stringify(fit))
  return fit
}
/** Quantile of exceedances, from its definition. */
const pareto = (u: number, scale: number, shape: number): number =>
  shape === 0 ? -scale * Math.log(1 - u) : (scale / shape) * ((1 - u) ** -shape - 1)
const drawn = (seed: number, n: number, scale: number, shape: number): number[] => {
  const { uniform } = randomSource(seed)
  return Array.from({ length: n }, () => pareto(uniform(), scale, shape))
}
/** The log density, written out. */
const logLikelihood = (y: readonly number[], scale: number, shape: number): number =>
  y.reduce((sum, v) => sum - Math.log(scale) - (shape === 0 ? v / scale : (1 + 1 / shape) * Math.log(1 + (shape * v) / scale)), 0)
const stratifiedSample = Array.from({ length: stratified.n }, (_, i) =>
  pareto((i + 0.5) / stratified.n, stratified.from.scale, stratified.from.shape),
)

describe('fitGpd and fitTail on the reference cases', () => {
  it.each(danishCases)('$id: Danish fire losses above $threshold', ({ threshold, exceedances, scale, shape, var99, es99, rel }) => {
    const fit = withTail(fitTail(danish, { threshold, limits: wide }))
    if (fit.status !== 'fitted') expect.fail(fit.status)
    const { tail, standardErrors } = fit
    expect(tail.exceedances).toBe(exceedances)
    expectNear('shape', tail.shape, shape, { rel: rel / 20 })
    expectNear('scale', tail.scale, scale, { rel: rel / 20 })
    expectNear('VaR', gpdVar(tail, 0.99), var99, { rel: rel / 20 })
    expectNear('ES', gpdShortfall(tail, 0.99)!, es99, { rel: rel / 20 })
    if (threshold === 10) {
      expectNear('published error of the shape', standardErrors.shape, 0.14, { abs: 0.005 })
      expectNear('published error of the scale', standardErrors.scale, 1.1, { abs: 0.06 })
    }
  })
  it('the Danish shape is beyond 0.5 and held at the limit by default', () => {
    const fit = withTail(fitTail(danish, { threshold: 3 }))
    expect(fit.status).toBe('atLimit')
    expect(fit.tail.shape).toBe(0.5)
  })
  it('ev-01: likelihood, measures, moments, Hill', () => {
    const { rel } = stratified
    const fit = likely(fitGpd(stratifiedSample))
    expectNear('shape', fit.shape, stratified.shape, { rel })
    expectNear('scale', fit.scale, stratified.scale, { rel })
    expectNear('log-likelihood', -fit.logLikelihood, stratified.negLogLikelihood, { rel: 1e-12 })
    const tail = {
      threshold: stratified.threshold,
      scale: fit.scale,
      shape: fit.shape,
      exceedances: stratified.n,
      observations: stratified.observations,
    }
    for (const { level, valueAtRisk, expectedShortfall } of stratified.measures) {
      expectNear({ level }, gpdVar(tail, level), valueAtRisk, { rel })
      expectNear({ level }, gpdShortfall(tail, level)!, expectedShortfall, { rel })
    }
    const moments = gpdMoments(stratifiedSample)
    expectNear('shape by moments', moments.shape, stratified.moments.shape, { rel })
    expectNear('scale by moments', moments.scale, stratified.moments.scale, { rel })
    const losses = stratifiedSample.map((y) => stratified.threshold + y)
    expectNear('Hill', hill(losses, stratified.hill.count).shape, stratified.hill.shape, { rel })
  })
})

describe('fitGpd', () => {
  it('finds no better point nearby, at any shape (seeds 1 to 60)', () => {
    for (let seed = 1; seed <= 60; seed++) {
      const shape = -0.4 + (0.8 * seed) / 60
      const y = drawn(seed, 80 + 5 * seed, 3, shape)
      const fit = fitGpd(y, wide)
      if (fit.status !== 'fitted') continue
      const best = logLikelihood(y, fit.scale, fit.shape)
      expectNear({ seed }, best, fit.logLikelihood, { rel: 1e-10 })
      for (const [dScale, dShape] of [
        [1e-3, 0],
        [-1e-3, 0],
        [0, 1e-3],
        [0, -1e-3],
        [0.1, 0.1],
        [-0.1, 0.1],
        [0.3, -0.2],
      ] as const) {
        const other = logLikelihood(y, fit.scale * (1 + dScale), fit.shape + dShape)
        if (Number.isFinite(other)) expect(other, JSON.stringify({ seed, dScale, dShape })).toBeLessThan(best)
      }
    }
  })
  it('recovers the shape without bias beyond a fifth of its error, and its errors are its spread (seeds 1 to 300)', () => {
    const fits = Array.from({ length: 300 }, (_, seed) => likely(fitGpd(drawn(1000 + seed, 400, 2, 0.2), [-0.9, 1.5])))
    const shapes = fits.map((fit) => fit.shape)
    const spread = Math.sqrt(mean(shapes.map((s) => (s - mean(shapes)) ** 2)))
    expectNear('bias', mean(shapes), 0.2, { abs: 0.2 * spread + (4 * spread) / Math.sqrt(300) })
    expectNear('spread', spread / mean(fits.map((fit) => fit.standardErrors.shape)), 1, { abs: 0.2 })
  })
  it('scales with the exceedances', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1e6 }),
        fc.integer({ min: 20, max: 120 }),
        fc.double({ min: 1e-8, max: 1e8, noNaN: true }),
        (seed, n, factor) => {
          const y = drawn(seed, n, 1, 0.1)
          const [one, other] = [fitGpd(y), fitGpd(y.map((v) => v * factor))]
          if (one.status === 'tooFewExceedances' || other.status === 'tooFewExceedances') expect.fail('fits')
          expect(other.status).toBe(one.status)
          expectNear({ seed, n, factor }, other.shape, one.shape, { abs: 1e-6 })
          expectNear({ seed, n, factor }, other.scale, factor * one.scale, { rel: 1e-6 })
        },
      ),
      propertyRuns,
    )
  })
  it('holds the shape within its limits and gives the most likely scale there', () => {
    const y = drawn(5, 200, 1, 0.9)
    const fit = fitGpd(y)
    expect(fit.status).toBe('atLimit')
    if (fit.status !== 'atLimit') return
    expect(fit.shape).toBe(0.5)
    for (const factor of [0.99, 1.01]) expect(logLikelihood(y, fit.scale * factor, 0.5)).toBeLessThan(logLikelihood(y, fit.scale, 0.5))
    const bounded = fitGpd(Array.from({ length: 100 }, (_, i) => 1 + i * 1e-4))
    expect(bounded).toMatchObject({ status: 'atLimit', shape: -0.5 })
  })
  it('takes moments between 20 and 49 exceedances, none below', () => {
    const few = fitGpd(stratifiedSample.slice(0, 40))
    const moments = gpdMoments(stratifiedSample.slice(0, 40))
    expect(few.status).toBe('byMoments')
    if (few.status === 'byMoments' && moments.shape > -0.5) expectNear('shape', few.shape, moments.shape, { rel: 1e-12 })
    expect(fitGpd(stratifiedSample.slice(0, 19))).toEqual({ status: 'tooFewExceedances', exceedances: 19, needed: 20 })
    const spread = fitGpd(Array.from({ length: 25 }, (_, i) => pareto((i + 0.5) / 25, 2, 0.3)))
    if (spread.status !== 'byMoments') expect.fail(spread.status)
    expectNear('shape', spread.shape, 0.3, { abs: 0.1 })
    expectNear('scale', spread.scale, 2, { abs: 0.2 })
  })
  it('answers any positive exceedances without NaN', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.double({ min: 1e-300, max: 1e300, noNaN: true }), fc.constantFrom(1, 1, 2)), { minLength: 20, maxLength: 80 }),
        (y) => {
          const fit = fitGpd(y)
          if (fit.status === 'tooFewExceedances') expect.fail('fits')
          for (const value of [fit.shape, fit.scale, fit.logLikelihood])
            expect(Number.isFinite(value), JSON.stringify({ y, fit })).toBe(true)
          expect(fit.scale).toBeGreaterThan(0)
        },
      ),
      propertyRuns,
    )
  })
})

describe('fitTail', () => {
  it('chooses a threshold between the 90 and 95 % quantiles, the one with the smallest distance', () => {
    const fit = withTail(fitTail(danish))
    expect(fit.tail.exceedances).toBeGreaterThanOrEqual(108)
    expect(fit.tail.exceedances).toBeLessThanOrEqual(217)
    const sorted = [...danish].sort((a, b) => a - b)
    for (const level of [0.9, 0.925, 0.95]) {
      const threshold = sorted[Math.ceil(level * sorted.length) - 1]!
      expect(withTail(fitTail(danish, { threshold })).distance).toBeGreaterThanOrEqual(fit.distance)
    }
    // Distance by its definition on the chosen tail.
    const y = sorted.filter((x) => x > fit.tail.threshold).map((x) => x - fit.tail.threshold)
    const gaps = y.flatMap((v, i) => {
      const fitted = 1 - (1 + (fit.tail.shape * v) / fit.tail.scale) ** (-1 / fit.tail.shape)
      return [Math.abs(fitted - i / y.length), Math.abs((i + 1) / y.length - fitted)]
    })
    expectNear('distance', fit.distance, Math.max(...gaps), { abs: 1e-12 })
  })
  it('names too few exceedances', () => {
    expect(fitTail(danish, { threshold: 150 })).toEqual({ status: 'tooFewExceedances', exceedances: 2, needed: 20 })
    expect(fitTail(danish, { threshold: 1e9 })).toEqual({ status: 'tooFewExceedances', exceedances: 0, needed: 20 })
    expect(fitTail(new Array<number>(500).fill(1)).status).toBe('tooFewExceedances')
    expect(fitTail([1, 2, 3]).status).toBe('tooFewExceedances')
  })
  it('gives a 99 % quantile near that of the sample (seeds 1 to 20, Student-like losses)', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const losses = drawn(seed, 4000, 1, 0.25).map((y, i) => (i % 2 === 0 ? y : -y))
      const sorted = [...losses].sort((a, b) => a - b)
      expectNear({ seed }, gpdVar(withTail(fitTail(losses)).tail, 0.99), sorted[3959]!, { rel: 0.1 })
    }
  })
})

describe('gpdVar and gpdShortfall', () => {
  const anyTail = fc.record({
    threshold: fc.double({ min: -10, max: 10, noNaN: true }),
    scale: fc.double({ min: 0.01, max: 10, noNaN: true }),
    shape: fc.oneof(fc.double({ min: -0.5, max: 0.9, noNaN: true }), fc.constantFrom(0, 1e-12, -1e-9)),
    exceedances: fc.constant(100),
    observations: fc.constant(1000),
  })
  it('equal the formulas, ES is never below VaR, and both rise with the level', () => {
    fc.assert(
      fc.property(anyTail, fc.double({ min: 0.9, max: 0.9999, noNaN: true }), (tail, level) => {
        const { threshold, scale, shape } = tail
        const odds = 0.1 / (1 - level)
        const value = gpdVar(tail, level)
        const shortfall = gpdShortfall(tail, level)!
        const size = Math.abs(threshold) + scale * Math.max(1, odds ** Math.max(shape, 0.01)) * 20
        const expected = threshold + (Math.abs(shape) < 1e-6 ? scale * Math.log(odds) : (scale / shape) * (odds ** shape - 1))
        expectNear({ tail, level }, value, expected, { abs: 1e-5 * size * (Math.abs(shape) < 1e-6 ? 1 : 1e-5) })
        expectNear({ tail, level }, shortfall, (value + scale - shape * threshold) / (1 - shape), { abs: (1e-11 * size) / (1 - shape) })
        expect(shortfall, JSON.stringify({ tail, level })).toBeGreaterThanOrEqual(value)
        const further = level + 0.5 * (1 - level)
        expect(gpdVar(tail, further)).toBeGreaterThanOrEqual(value)
        expect(gpdShortfall(tail, further)).toBeGreaterThanOrEqual(shortfall)
      }),
      propertyRuns,
    )
  })
  it('ES is the mean of VaR beyond the level (midpoint rule)', () => {
    for (const shape of [-0.3, 0, 0.3]) {
      const tail: GpdTail = { threshold: 1, scale: 2, shape, exceedances: 50, observations: 1000 }
      // Levels 1 - (1 - 0.99) e^-s, so that the rule sees the far tail.
      let sum = 0
      const step = 1e-3
      for (let s = step / 2; s < 36; s += step) sum += gpdVar(tail, 1 - 0.01 * Math.exp(-Math.min(s, 30))) * Math.exp(-s) * step
      expectNear({ shape }, gpdShortfall(tail, 0.99)!, sum, { rel: 1e-4 })
    }
  })
  it('begin at the threshold, and the mean of a shape of 1 is infinite', () => {
    const tail = { threshold: 3, scale: 1, shape: 0.2, exceedances: 50, observations: 1000 }
    expectNear('at the threshold', gpdVar(tail, 0.95), 3, { abs: 1e-12 })
    expect(gpdShortfall({ ...tail, shape: 1 }, 0.99)).toBeNull()
    expectInvalid('level', () => gpdVar(tail, 0.94))
    expectInvalid('level', () => gpdVar(tail, 1))
    expectInvalid('scale', () => gpdVar({ ...tail, scale: 0 }, 0.99))
    expectInvalid('shape', () => gpdShortfall({ ...tail, shape: Number.NaN }, 0.99))
    expectInvalid('exceedances', () => gpdVar({ ...tail, exceedances: 0 }, 0.99))
    expectInvalid('scale', () => gpdVar({ ...tail, scale: 1e308, shape: 5 }, 0.9999))
  })
})

describe('gpdShortfallBand', () => {
  it('encloses the estimate, more to the right than to the left, and widens with the confidence', () => {
    const at = (confidence: number) => {
      const band = gpdShortfallBand(danish, 10, 0.99, confidence, [-0.5, 0.95])
      if (band.status !== 'bounded') expect.fail(band.status)
      return band
    }
    const [narrow, wider] = [at(0.5), at(0.95)]
    expectNear('estimate', wider.estimate, danishCases[0].es99, { rel: 1e-4 })
    expect(wider.low!).toBeLessThan(narrow.low!)
    expect(wider.high!).toBeGreaterThan(narrow.high!)
    expect(wider.high! - wider.estimate).toBeGreaterThan(wider.estimate - wider.low!)
  })
  it('ends where twice the drop of the profile is the chi-square quantile', () => {
    const y = [...danish].filter((x) => x > 10).map((x) => x - 10)
    const band = gpdShortfallBand(danish, 10, 0.99, 0.95, [-0.5, 0.95])
    if (band.status !== 'bounded') expect.fail(band.status)
    const odds = 109 / 2167 / 0.01
    const profile = (shortfall: number): number => {
      let best = Number.NEGATIVE_INFINITY
      for (let shape = -0.3; shape < 0.95; shape += 5e-4) {
        const scale = ((shortfall - 10) * (1 - shape)) / ((odds ** shape - 1) / shape + 1)
        const value = logLikelihood(y, scale, shape)
        if (value > best) best = value
      }
      return best
    }
    const top = profile(band.estimate)
    for (const end of [band.low!, band.high!]) expectNear({ end }, 2 * (top - profile(end)), 3.841458820694124, { abs: 2e-3 })
  })
  it('covers the truth about as often as it says (seeds 1 to 150)', () => {
    const tail = { threshold: 0, scale: 1, shape: 0.15, exceedances: 200, observations: 200 }
    const truth = gpdShortfall(tail, 0.95)!
    let covered = 0
    for (let seed = 1; seed <= 150; seed++) {
      const band = gpdShortfallBand(drawn(seed, 200, 1, 0.15), 0, 0.95, 0.9, [-0.5, 0.9])
      if (band.status === 'bounded' && (band.low ?? 0) <= truth && truth <= (band.high ?? Number.MAX_VALUE)) covered += 1
    }
    expectNear('coverage', covered / 150, 0.9, { abs: 4 * Math.sqrt((0.9 * 0.1) / 150) })
  })
  it('names too few exceedances and refuses arguments out of range', () => {
    expect(gpdShortfallBand(danish, 150, 0.9999, 0.9).status).toBe('tooFewExceedances')
    expect(gpdShortfallBand(danish, 1e9, 0.9999, 0.9).status).toBe('tooFewExceedances')
    expectInvalid('level', () => gpdShortfallBand(danish, 10, 0.5, 0.9))
    expectInvalid('confidence', () => gpdShortfallBand(danish, 10, 0.99, 1))
    expectInvalid('threshold', () => gpdShortfallBand(danish, Number.NaN, 0.99, 0.9))
    expectInvalid('limits', () => gpdShortfallBand(danish, 10, 0.99, 0.9, [-0.5, 1]))
  })
})

describe('hill', () => {
  it('finds the index of a Pareto tail within four errors (seeds 1 to 20)', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const { uniform } = randomSource(seed)
      const { shape, standardError } = hill(
        Array.from({ length: 2000 }, () => uniform() ** -0.4),
        500,
      )
      expectNear({ seed }, shape, 0.4, { abs: 4 * standardError })
    }
  })
  it('does not depend on the unit or the order', () => {
    const losses = [9, 1, 5, 3, 2, 8]
    const one = hill(losses, 3)
    expectNear(
      'unit',
      hill(
        losses.map((x) => 1e6 * x),
        3,
      ).shape,
      one.shape,
      { rel: 1e-12 },
    )
    expect(hill([...losses].reverse(), 3)).toEqual(one)
    expectNear('by hand', one.shape, (Math.log(9 / 3) + Math.log(8 / 3) + Math.log(5 / 3)) / 3, { rel: 1e-14 })
  })
})

describe('fitGev', () => {
  type Fitted = Extract<GevFit, { status: 'fitted' }>
  const fitted = (fit: GevFit): Fitted => {
    if (fit.status !== 'fitted') expect.fail(JSON.stringify(fit))
    return fit
  }
  const gevDraw = (seed: number, n: number, shape: number): number[] => {
    const { uniform } = randomSource(seed)
    return Array.from({ length: n }, () =>
      Math.abs(shape) < 1e-9 ? -Math.log(-Math.log(uniform())) : ((-Math.log(uniform())) ** -shape - 1) / shape,
    )
  }
  it('ev-03: Port Pirie', () => {
    const fit = fitted(fitGev(portPirie.maxima))
    for (const name of ['location', 'scale', 'shape'] as const) {
      expectNear(name, fit[name], portPirie[name], { abs: portPirie.abs })
      expectNear(`error of ${name}`, fit.standardErrors[name], portPirie.errors[name], { abs: 5e-4 })
    }
    expectNear('log-likelihood', -fit.logLikelihood, portPirie.negLogLikelihood, { abs: 1e-6 })
    for (const { period, level } of portPirie.levels) expectNear({ period }, gevReturnLevel(fit, period), level, { abs: portPirie.abs })
  })
  it('finds the parameters of draws within four errors, for shapes from -0.3 to 0.4 (60 seeds)', () => {
    for (let seed = 1; seed <= 60; seed++) {
      const shape = -0.3 + (0.7 * (seed % 15)) / 14
      const fit = fitted(fitGev(gevDraw(seed, 400, shape)))
      expectNear({ seed }, fit.shape, shape, { abs: 4 * fit.standardErrors.shape })
      expectNear({ seed }, fit.location, 0, { abs: 4 * fit.standardErrors.location })
      expectNear({ seed }, fit.scale, 1, { abs: 4 * fit.standardErrors.scale })
    }
  })
  it('is a maximum of the density, written out', () => {
    const x = gevDraw(7, 200, 0.1)
    const fit = fitted(fitGev(x))
    const total = (location: number, scale: number, shape: number): number =>
      x.reduce((sum, v) => {
        const t = (1 + (shape * (v - location)) / scale) ** (-1 / shape)
        return sum - Math.log(scale) + (1 + shape) * Math.log(t) - t
      }, 0)
    const best = total(fit.location, fit.scale, fit.shape)
    expectNear('log-likelihood', fit.logLikelihood, best, { rel: 1e-12 })
    for (const [a, b, c] of [
      [1e-3, 0, 0],
      [-1e-3, 0, 0],
      [0, 1e-3, 0],
      [0, -1e-3, 0],
      [0, 0, 1e-3],
      [0, 0, -1e-3],
    ] as const)
      expect(total(fit.location + a, fit.scale + b, fit.shape + c)).toBeLessThan(best)
  })
  it('scales and moves with the maxima', () => {
    const one = fitted(fitGev(portPirie.maxima))
    const other = fitted(fitGev(portPirie.maxima.map((x) => 250 * x - 90)))
    expectNear('shape', other.shape, one.shape, { abs: 1e-7 })
    expectNear('scale', other.scale, 250 * one.scale, { rel: 1e-7 })
    expectNear('location', other.location, 250 * one.location - 90, { rel: 1e-7 })
  })
  it('its exponent has the derivatives of differences on both sides of the series', () => {
    fc.assert(
      fc.property(fc.double({ min: -3, max: 6, noNaN: true }), fc.double({ min: -0.3, max: 0.5, noNaN: true }), (z, shape) => {
        fc.pre(1 + shape * z > 0.05)
        const { value, byZ, byShape } = gevExponent(z, shape)!
        const h = 1e-6
        expectNear({ z, shape }, value, Math.abs(shape) < 1e-9 ? z : Math.log1p(shape * z) / shape, { abs: 1e-6 })
        expectNear({ z, shape }, byZ, (gevExponent(z + h, shape)!.value - gevExponent(z - h, shape)!.value) / (2 * h), { abs: 1e-6 })
        const difference = (gevExponent(z, shape + h)!.value - gevExponent(z, shape - h)!.value) / (2 * h)
        expectNear({ z, shape }, byShape, difference, { abs: 1e-5 * (1 + Math.abs(difference)) })
      }),
      propertyRuns,
    )
  })
  it('names what cannot be fitted', () => {
    expect(fitGev([1, 2, 3])).toEqual({ status: 'tooFewMaxima', maxima: 3, needed: 20 })
    expect(fitGev(new Array<number>(30).fill(5))).toEqual({ status: 'constantMaxima' })
    // An end of the distribution at the largest maxima: the likelihood has no inner maximum.
    const bounded = fitGev(Array.from({ length: 200 }, (_, i) => 1 - ((i + 0.5) / 200) ** 4))
    expect(['irregular', 'notConverged']).toContain(bounded.status)
  })
  it('answers any maxima without NaN', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.double({ min: -1e9, max: 1e9, noNaN: true }), fc.constantFrom(0, 1)), { minLength: 20, maxLength: 60 }),
        (maxima) => {
          const fit = fitGev(maxima)
          if (!('shape' in fit)) return
          for (const value of [fit.location, fit.scale, fit.shape, fit.logLikelihood])
            expect(Number.isFinite(value), JSON.stringify({ maxima, fit })).toBe(true)
        },
      ),
      propertyRuns,
    )
  })
  it('return levels have the stated probability', () => {
    for (const shape of [-0.2, 0, 0.3])
      for (const period of [1.1, 2, 50, 1e6]) {
        const x = gevReturnLevel({ location: 1, scale: 2, shape }, period)
        const z = (x - 1) / 2
        const survival = -Math.expm1(-(shape === 0 ? Math.exp(-z) : (1 + shape * z) ** (-1 / shape)))
        expectNear({ shape, period }, survival, 1 / period, { rel: 1e-9 })
      }
  })
})

describe('bad input', () => {
  it('is refused with the name of the argument', () => {
    expectInvalid('exceedances', () => fitGpd([]))
    expectInvalid('exceedances[0]', () => fitGpd([0]))
    expectInvalid('exceedances[1]', () => fitGpd([1, Number.NaN]))
    expectInvalid('limits', () => fitGpd([1], [0.5, -0.5]))
    expectInvalid('limits', () => fitGpd([1], [-1, 0.5]))
    expectInvalid('losses', () => fitTail([]))
    expectInvalid('threshold', () => fitTail([1], { threshold: Number.NaN }))
    expectInvalid('count', () => hill([1, 2, 3], 3))
    expectInvalid('losses', () => hill([-1, 0, 3, 4], 2))
    expectInvalid('maxima[0]', () => fitGev([Number.NaN]))
    expectInvalid('period', () => gevReturnLevel({ location: 0, scale: 1, shape: 0 }, 1))
    expectInvalid('scale', () => gevReturnLevel({ location: 0, scale: 0, shape: 0 }, 10))
  })
})
