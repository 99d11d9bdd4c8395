import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type GarchLikelihood, garchLikelihood } from '../../../risk/volatility/garch/garchLikelihood.ts'
import {
  fitGarch,
  forecastGarch,
  type GarchErrors,
  type GarchFit,
  garchPersistence,
  garchStep,
  garchVariances,
  longRunVariance,
} from '../../../risk/volatility/index.ts'
import { garchBenchmark, garchSimulated, garchStudent, garchUpdate } from '../reference/volatility.ts'
import { expectInvalid } from '../support/expectInvalid.ts'
import { expectNear } from '../support/expectNear.ts'
import { propertyRuns } from '../support/propertyRuns.ts'
import { readSeries } from '../support/readSeries.ts'
import { referenceGarch, simulateGarch } from '../support/simulateGarch.ts'
import { referenceNormals } from '../support/uniforms.ts'

type Fitted = Extract<GarchFit, { status: 'fitted' }>
function fitted(fit: GarchFit): Fitted {
  if (fit.status !== 'fitted') expect.fail(`expected a fit, got ${JSON.stringify(fit)}`)
  return fit
}
/** Digits that agree: -log10 of the relative error. */
const digits = (got: number, expected: number): number => -Math.log10(Math.max(Math.abs(got / expected - 1), 1e-15))
const demGbp = readSeries('demGbp')
const names = ['mean', 'omega', 'alpha', 'beta'] as const

/** Second method: the definition, observation by observation, with the platform's logarithm and the norm of Student's density by quadrature. */
function directLogLikelihood(returns: ArrayLike<number>, at: GarchErrors): number {
  const e = Array.from(returns, (r) => r - at.mean)
  const before = e.reduce((sum, v) => sum + v * v, 0) / e.length
  let h = at.omega + (at.alpha + at.gamma / 2 + at.beta) * before
  let total = 0
  const constant = at.degrees === null ? 0 : lnGammaRatio(at.degrees)
  for (const residual of e) {
    const z2 = (residual * residual) / h
    if (at.degrees === null) total -= 0.5 * (Math.log(2 * Math.PI * h) + z2)
    else {
      const v = at.degrees
      total += constant - 0.5 * Math.log(Math.PI * (v - 2) * h) - ((v + 1) / 2) * Math.log(1 + z2 / (v - 2))
    }
    h = at.omega + (at.alpha + (residual < 0 ? at.gamma : 0)) * residual * residual + at.beta * h
  }
  return total
}
/** ln Gamma((v + 1) / 2) - ln Gamma(v / 2), from the integral of (1 + x^2 / v)^(-(v + 1) / 2), which is Student's norm. */
function lnGammaRatio(v: number): number {
  // x = sinh(s) sqrt(v): the integrand becomes cosh(s)^-v, which the trapezoid rule integrates to full precision.
  let sum = 0
  for (let s = -60; s <= 60; s += 1 / 64) sum += Math.cosh(s) ** -v
  return -Math.log(sum / 64 / Math.sqrt(Math.PI))
}

describe('fitGarch on the reference cases', () => {
  it('ga-01: the Fiorentini-Calzolari-Panattoni benchmark to six digits and more', () => {
    const fit = fitted(fitGarch(demGbp))
    for (const name of names) {
      expectNear(name, fit.parameters[name], garchBenchmark[name], { rel: garchBenchmark.rel.parameters })
      expect(digits(fit.parameters[name], garchBenchmark[name]), name).toBeGreaterThan(9)
      expectNear(name, fit.standardErrors.robust[name], garchBenchmark.robust[name], { rel: garchBenchmark.rel.robust })
      expect(digits(fit.standardErrors.robust[name], garchBenchmark.robust[name]), `robust ${name}`).toBeGreaterThan(6)
    }
    expectNear('log-likelihood', fit.logLikelihood, garchBenchmark.logLikelihood, { abs: garchBenchmark.abs.logLikelihood })
    expect(fit.parameters.gamma).toBe(0)
    expect(fit.degrees).toBeNull()
  })
  it('ga-02: a simulated series', () => {
    const { seed, n, check, expected, abs } = garchSimulated
    const x = referenceGarch(seed, n, garchSimulated)
    for (const [i, figure] of check.first3.entries()) expectNear({ i }, x[i]!, figure, { abs: 1e-12 })
    expectNear(
      'sum',
      x.reduce((s, v) => s + v, 0),
      check.sum,
      { abs: 1e-9 },
    )
    expectNear(
      'squares',
      x.reduce((s, v) => s + v * v, 0),
      check.squares,
      { abs: 1e-9 },
    )
    const fit = fitted(fitGarch(x))
    for (const name of names) expectNear(name, fit.parameters[name], expected[name], { abs: abs.parameters })
    expectNear('log-likelihood', fit.logLikelihood, -garchSimulated.negLogLikelihood, { abs: abs.logLikelihood })
  })
  it('ga-05: Student innovations, integrated', () => {
    const fit = fitted(fitGarch(demGbp, { innovations: 'studentT' }))
    for (const name of names) expectNear(name, fit.parameters[name], garchStudent[name], { rel: garchStudent.rel.parameters })
    expectNear('degrees', fit.degrees!, garchStudent.degrees, { rel: garchStudent.rel.parameters })
    expectNear('log-likelihood', fit.logLikelihood, garchStudent.logLikelihood, { abs: garchStudent.abs.logLikelihood })
    expect(longRunVariance(fit.parameters)).toBeNull()
  })
  it('rv-07: one step, and the long-run variance', () => {
    const { omega, alpha, beta, sigmaBefore, observed, abs } = garchUpdate
    const parameters = { mean: 0, omega, alpha, gamma: 0, beta }
    const variance = garchStep(parameters, sigmaBefore * sigmaBefore, observed)
    expectNear('variance', variance, garchUpdate.variance, { abs })
    expectNear('sigma', Math.sqrt(variance), garchUpdate.sigma, { abs })
    expectNear('long run', longRunVariance(parameters)!, garchUpdate.longRunVariance, { abs })
  })
})

describe('the likelihood', () => {
  const point = fc.record({
    mean: fc.double({ min: -0.2, max: 0.2, noNaN: true }),
    omega: fc.double({ min: 0.01, max: 1, noNaN: true }),
    alpha: fc.double({ min: 0.01, max: 0.5, noNaN: true }),
    gamma: fc.double({ min: -0.009, max: 0.3, noNaN: true }),
    beta: fc.double({ min: 0, max: 0.98, noNaN: true }),
    degrees: fc.option(fc.double({ min: 2.2, max: 40, noNaN: true })),
  })
  const x = Float64Array.from(simulateGarch({ omega: 0.1, alpha: 0.1, gamma: 0.05, beta: 0.8 }, referenceNormals(31, 300)))
  const sample = { returns: x, sum: x.reduce((s, v) => s + v, 0), squares: x.reduce((s, v) => s + v * v, 0) }
  const evaluate = (at: readonly number[]): GarchLikelihood => {
    const out = { logLikelihood: 0, gradient: new Float64Array(at.length), scores: new Float64Array(at.length * x.length) }
    garchLikelihood(sample, Float64Array.from(at), out)
    return out
  }
  const listed = (p: GarchErrors): number[] => [p.mean, p.omega, p.alpha, p.beta, p.gamma, ...(p.degrees === null ? [] : [p.degrees])]

  it('is the sum of log densities', () => {
    fc.assert(
      fc.property(point, (p) => expectNear(p, evaluate(listed(p)).logLikelihood, directLogLikelihood(x, p), { rel: 1e-11 })),
      propertyRuns,
    )
  })
  it('has the gradient that Richardson differences give, and scores that add up to it', () => {
    fc.assert(
      fc.property(point, (p) => {
        const at = listed(p)
        const { gradient, scores } = evaluate(at)
        const difference = (i: number, step: number): number => {
          const moved = (sign: number): number => evaluate(at.map((v, j) => (j === i ? v + sign * step : v))).logLikelihood
          return (moved(1) - moved(-1)) / (2 * step)
        }
        for (let i = 0; i < at.length; i++) {
          const h = 1e-4 * Math.max(Math.abs(at[i]!), 0.02)
          const richardson = (4 * difference(i, h / 2) - difference(i, h)) / 3
          expectNear({ p, i }, gradient[i]!, richardson, { abs: 1e-5 * Math.max(1, Math.abs(gradient[i]!)) })
          let sum = 0
          for (let t = 0; t < x.length; t++) sum += scores![t * at.length + i]!
          expectNear({ p, i }, sum, gradient[i]!, { abs: 1e-8 * Math.max(1, Math.abs(gradient[i]!)) })
        }
      }),
      propertyRuns,
    )
  })
  it('stays finite where the running products leave the range of a double', () => {
    const long = Float64Array.from(referenceNormals(8, 4000), (z) => 30 * z)
    const wide = { returns: long, sum: long.reduce((s, v) => s + v, 0), squares: long.reduce((s, v) => s + v * v, 0) }
    for (const degrees of [null, 4] as const) {
      const p = { mean: 0, omega: 400, alpha: 0.1, gamma: 0.1, beta: 0.5, degrees }
      const out = { logLikelihood: 0, gradient: new Float64Array(degrees === null ? 5 : 6) }
      garchLikelihood(wide, Float64Array.from(listed(p)), out)
      expectNear(p, out.logLikelihood, directLogLikelihood(long, p), { rel: 1e-11 })
    }
  })
})

describe('a fit', () => {
  const series = (seed: number, n = 800): number[] =>
    simulateGarch({ omega: 0.05, alpha: 0.1, gamma: 0.1, beta: 0.8 }, referenceNormals(seed, n))
  it('is a maximum: no neighbour within a standard error is more likely', () => {
    for (const [model, innovations] of [
      ['garch', 'normal'],
      ['gjr', 'normal'],
      ['gjr', 'studentT'],
    ] as const) {
      const fit = fitted(fitGarch(demGbp, { model, innovations }))
      const best = { ...fit.parameters, degrees: fit.degrees }
      expectNear({ model, innovations }, directLogLikelihood(demGbp, best), fit.logLikelihood, { rel: 1e-11 })
      for (const [name, error] of Object.entries(fit.standardErrors.hessian)) {
        if (error === null || error === 0) continue
        for (const step of [-0.5, -0.01, 0.01, 0.5]) {
          const near = { ...best, [name]: (best[name as keyof typeof best] as number) + step * error }
          expect(directLogLikelihood(demGbp, near), `${model} ${innovations} ${name} ${step}`).toBeLessThan(fit.logLikelihood)
        }
      }
    }
  })
  it('of the larger model is at least as likely, also on short series with several maxima (seeds 1 to 20)', () => {
    const likelihoodOf = (fit: GarchFit): number => ('logLikelihood' in fit ? fit.logLikelihood : expect.fail(fit.status))
    for (const x of [demGbp, ...Array.from({ length: 20 }, (_, i) => series(31 * (i + 1), 300 + 20 * i))]) {
      const plain = likelihoodOf(fitGarch(x))
      const gjr = likelihoodOf(fitGarch(x, { model: 'gjr' }))
      expect(gjr).toBeGreaterThanOrEqual(plain - 1e-6)
      // A million degrees of freedom, where the search ends, is not quite the normal.
      expect(likelihoodOf(fitGarch(x, { innovations: 'studentT' }))).toBeGreaterThanOrEqual(plain - 1e-3)
      expect(likelihoodOf(fitGarch(x, { model: 'gjr', innovations: 'studentT' }))).toBeGreaterThanOrEqual(gjr - 1e-3)
    }
  })
  it('of normal returns finds no tail for Student’s t, at the end of its domain', () => {
    const ends = Array.from({ length: 8 }, (_, i) => fitGarch(series(50 + i, 700), { innovations: 'studentT' }))
    const atEnd = ends.filter((fit) => fit.status === 'atBoundary')
    expect(atEnd.length).toBeGreaterThan(0)
    for (const fit of atEnd) expect(fit.status === 'atBoundary' && fit.boundary).toContain('degrees')
  })
  it('scales with the returns and moves with their mean', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        fc.double({ min: 1e-4, max: 1e4, noNaN: true }),
        fc.double({ min: -1, max: 1, noNaN: true }),
        (seed, factor, shift) => {
          const x = series(seed, 400)
          const one = fitGarch(x)
          const other = fitGarch(x.map((v) => factor * (v + shift)))
          expect(other.status).toBe(one.status)
          if (one.status !== 'fitted' || other.status !== 'fitted') return
          const given = { seed, factor, shift }
          expectNear(given, other.parameters.omega, one.parameters.omega * factor * factor, { rel: 1e-6 })
          expectNear(given, other.parameters.alpha, one.parameters.alpha, { rel: 1e-6 })
          expectNear(given, other.parameters.beta, one.parameters.beta, { rel: 1e-6 })
          expectNear(given, other.parameters.mean, factor * (one.parameters.mean + shift), { abs: 1e-6 * factor })
          expectNear(given, other.standardErrors.robust.omega, one.standardErrors.robust.omega * factor * factor, { rel: 1e-5 })
          expectNear(given, other.logLikelihood, one.logLikelihood - x.length * Math.log(factor), { abs: 1e-6 })
        },
      ),
      { ...propertyRuns, numRuns: propertyRuns.numRuns / 10 },
    )
  })
  it('finds the parameters of simulated series within four standard errors (seeds 1 to 10)', () => {
    let outside = 0
    for (let seed = 1; seed <= 10; seed++) {
      const fit = fitted(fitGarch(series(seed, 3000), { model: 'gjr' }))
      const truth = { mean: 0, omega: 0.05, alpha: 0.1, gamma: 0.1, beta: 0.8 }
      for (const name of ['mean', 'omega', 'alpha', 'gamma', 'beta'] as const) {
        const error = fit.standardErrors.hessian[name]
        expectNear({ seed, name }, fit.parameters[name], truth[name], { abs: 4 * error })
        if (Math.abs(fit.parameters[name] - truth[name]) > 2 * error) outside += 1
      }
    }
    // Of 50 figures about 2.3 lie outside two standard errors.
    expect(outside).toBeLessThanOrEqual(9)
  })
  it('gives robust errors like the Hessian’s when the innovations are normal, larger ones when they are not', () => {
    const x = fitted(fitGarch(series(3, 4000)))
    for (const name of names) expectNear(name, x.standardErrors.robust[name] / x.standardErrors.hessian[name], 1, { abs: 0.3 })
    const heavy = fitted(fitGarch(demGbp)).standardErrors
    expect(heavy.robust.omega).toBeGreaterThan(2 * heavy.hessian.omega)
  })
  it('tells independent returns from clustered ones: the reaction reaches its end at zero, or is small', () => {
    const fit = fitGarch(referenceNormals(12, 500))
    if (fit.status === 'atBoundary') expect(fit.boundary).toContain('alpha')
    else expect(fitted(fit).parameters.alpha).toBeLessThan(4 * fitted(fit).standardErrors.hessian.alpha)
  })
  it('names the parameters that reach the end of their domain', () => {
    // Alternating signs and equal sizes: nothing clusters.
    const flat = Array.from({ length: 300 }, (_, i) => (i % 2 === 0 ? 1 : -1) * (1 + 0.2 * ((i * 7) % 5)))
    const fit = fitGarch(flat)
    expect(fit.status).toBe('atBoundary')
    if (fit.status === 'atBoundary') {
      expect(fit.boundary.length).toBeGreaterThan(0)
      expect(Number.isFinite(fit.logLikelihood)).toBe(true)
    }
  })
  it('answers too few and constant returns with a status, whatever their size', () => {
    expect(fitGarch(demGbp.slice(0, 99))).toEqual({ status: 'tooFewReturns', returns: 99, needed: 100 })
    for (const value of [0, 1, 1e8]) expect(fitGarch(new Array<number>(200).fill(value))).toEqual({ status: 'constantReturns' })
  })
  it('never throws, returns NaN or hangs on ugly returns', () => {
    const ugly = fc.oneof(
      fc.array(fc.constantFrom(0, 0, 0, 1, -1), { minLength: 100, maxLength: 150 }),
      fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 100, maxLength: 150 }),
      fc.integer({ min: 100, max: 300 }).map((n) => Array.from({ length: n }, (_, i) => (i === 50 ? 1e9 : Math.sin(i)))),
      fc.integer({ min: 100, max: 300 }).map((n) => Array.from({ length: n }, (_, i) => i * i)),
    )
    fc.assert(
      fc.property(
        ugly,
        fc.constantFrom('garch' as const, 'gjr' as const),
        fc.constantFrom('normal' as const, 'studentT' as const),
        (x, model, innovations) => {
          const fit = fitGarch(x, { model, innovations })
          if (fit.status !== 'fitted' && fit.status !== 'atBoundary') return
          for (const value of [...Object.values(fit.parameters), fit.logLikelihood, fit.next, fit.degrees ?? 0, ...fit.variances])
            expect(Number.isFinite(value), JSON.stringify({ x, fit })).toBe(true)
          if (fit.status === 'fitted')
            for (const errors of Object.values(fit.standardErrors))
              for (const value of Object.values(errors))
                expect(value === null || Number.isFinite(value), JSON.stringify({ x, fit })).toBe(true)
        },
      ),
      { ...propertyRuns, numRuns: propertyRuns.numRuns / 5 },
    )
  })
  it('refuses NaN and an empty series', () => {
    expectInvalid('returns', () => fitGarch([]))
    expectInvalid('returns[1]', () => fitGarch([1, Number.NaN]))
  })
})

describe('variances and forecasts', () => {
  const parameters = { mean: 0.1, omega: 0.05, alpha: 0.1, gamma: 0.1, beta: 0.8 }
  it('follow the recursion, and the fit’s variances are these', () => {
    const { variances, next } = garchVariances(demGbp, parameters)
    let h = variances[0]!
    for (let t = 0; t < demGbp.length; t++) {
      expect(variances[t]).toBe(h)
      h = garchStep(parameters, h, demGbp[t]!)
    }
    expect(next).toBe(h)
    const fit = fitted(fitGarch(demGbp))
    expect(garchVariances(demGbp, fit.parameters)).toEqual({ variances: fit.variances, next: fit.next })
  })
  it('approach the long-run variance by the persistence', () => {
    const forecasts = forecastGarch(parameters, 4, 400)
    const long = longRunVariance(parameters)!
    expect(forecasts[0]).toBe(4)
    const persistence = garchPersistence(parameters)
    expectNear('persistence', persistence, 0.95, { abs: 1e-15 })
    for (const k of [1, 10, 100]) expectNear({ k }, forecasts[k]!, long + (4 - long) * persistence ** k, { rel: 1e-12 })
    expectNear('far', forecasts[399]!, long, { rel: 1e-8 })
  })
  it('are the mean of simulated paths (seed 77, 20,000 paths)', () => {
    const shocks = referenceNormals(77, 100_000)
    const forecasts = forecastGarch(parameters, 2, 5)
    const squares = new Array<number>(5).fill(0)
    for (let path = 0; path < 20_000; path++) {
      let h = 2
      for (let k = 0; k < 5; k++) {
        const e = Math.sqrt(h) * shocks[path * 5 + k]!
        squares[k]! += (e * e) / 20_000
        h = garchStep(parameters, h, parameters.mean + e)
      }
    }
    // A squared normal has a spread of sqrt 2 times its mean; the variance's own spread adds less than half of that.
    for (const [k, square] of squares.entries()) expectNear({ k }, square, forecasts[k]!, { rel: (4 * 2.2) / Math.sqrt(20_000) })
  })
  it('refuse parameters and arguments out of range', () => {
    for (const change of [{ omega: 0 }, { alpha: -0.1 }, { gamma: -0.2 }, { beta: 1 }, { mean: Number.NaN }]) {
      const bad = { ...parameters, ...change }
      const name = Object.keys(change)[0]!
      expectInvalid(name, () => garchVariances([1], bad))
      expectInvalid(name, () => garchStep(bad, 1, 1))
      expectInvalid(name, () => longRunVariance(bad))
      expectInvalid(name, () => forecastGarch(bad, 1, 1))
    }
    expectInvalid('variance', () => garchStep(parameters, -1, 1))
    expectInvalid('observed', () => garchStep(parameters, 1, Number.NaN))
    expectInvalid('returns', () => garchVariances([], parameters))
    expectInvalid('next', () => forecastGarch(parameters, -1, 1))
    for (const horizon of [0, 1.5, 1e6]) expectInvalid('horizon', () => forecastGarch(parameters, 1, horizon))
    expectInvalid('horizon', () => forecastGarch({ ...parameters, alpha: 5 }, 1, 1000))
  })
})
