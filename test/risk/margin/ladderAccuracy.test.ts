import { describe, expect, it, vi } from 'vitest'
import { type ExpiryQuote, type SurfaceMarket, smileVol } from '../../../risk/margin/index.ts'
import { bookTime } from '../support/arbitraryBook.ts'
import { denseBooks } from '../support/denseBooks.ts'
import { type Drift, driftedMarket, type LadderError, ladderErrors, postBooks, postSample } from '../support/ladderErrors.ts'
import { deep } from '../support/propertyRuns.ts'
import { chainsWhere, haveChains, type RealSurface, readSurfaces } from '../support/realSurfaces.ts'

if (deep) vi.setConfig({ testTimeout: 3_600_000 })

/** Live at the post, then everything the refresh rule lets stand, then well beyond it. */
const small: readonly Drift[] = [0, 0.01, -0.04, 0.08, -0.08].map((spot) => ({ spot, vol: 0 }))
const volPoint: readonly Drift[] = [0.01, -0.01].map((vol) => ({ spot: 0, vol }))
const large: readonly Drift[] = [
  { spot: 0, vol: 0.05 },
  { spot: 0, vol: -0.05 },
  { spot: 0.08, vol: -0.05 },
  { spot: -0.08, vol: 0.05 },
]

/** Errors over the fixed sample; seeds 1000 and on, one per surface. */
function errorsOf(surfaces: readonly RealSurface[], range: number, drifts: readonly Drift[], seed = 1000): LadderError[] {
  return surfaces.flatMap((surface, i) => {
    const sample = postSample(surface, seed + i, deep ? 60 : 28)
    return drifts.flatMap((drift) => ladderErrors(sample, range, driftedMarket(sample.market, drift)))
  })
}

function summary(errors: readonly LadderError[]) {
  const of = (pick: (error: LadderError) => number) => {
    const sorted = errors.map(pick).sort((a, b) => a - b)
    const at = (share: number): number => Math.round(1e4 * sorted[Math.floor(share * (sorted.length - 1))]!) / 1e4
    return { worst: at(0), p1: at(0.01), p50: at(0.5), p99: at(0.99) }
  }
  return {
    count: errors.length,
    all: of(({ error }) => error),
    vomma: of(({ beforeShares }) => beforeShares),
    bare: of(({ bare }) => bare),
  }
}

/** Asserts what the margin page states; the figures of the deep tier are those of its table. */
function expectOneSided(title: string, errors: readonly LadderError[], typical: number, least = -0.001, beforeShares = -0.03): void {
  const figures = summary(errors)
  const text = `${title}: ${JSON.stringify(figures)}`
  if (deep) process.stdout.write(`${text}\n`)
  expect(figures.count, text).toBeGreaterThan(20)
  expect(figures.all.worst, text).toBeGreaterThanOrEqual(least)
  expect(figures.all.p50, text).toBeLessThanOrEqual(typical)
  expect(figures.vomma.p1, text).toBeGreaterThanOrEqual(Math.min(-0.015, beforeShares))
  expect(figures.vomma.worst, text).toBeGreaterThanOrEqual(beforeShares)
}

/** Errors of the books around every strike near the money of the expiries between two times, in days, with all vols at a share of those recorded. */
function denseErrors(surfaces: readonly RealSurface[], days: readonly [number, number], drifts: readonly Drift[], vols = 1): LadderError[] {
  return surfaces.flatMap(({ market, strikes }) => {
    const kept = market.expiries.map(({ expiry }) => expiry >= market.time + 86_400 * days[0] && expiry < market.time + 86_400 * days[1])
    const expiries = market.expiries.filter((_, i) => kept[i]).map((quote) => scaleVols(quote, vols))
    const part = { market: { ...market, expiries }, strikes: strikes.filter((_, i) => kept[i]) }
    const sample = postBooks(part, denseBooks(part))
    return drifts.flatMap((drift) => ladderErrors(sample, 0.16, driftedMarket(part.market, drift)))
  })
}

function scaleVols(quote: ExpiryQuote, by: number): ExpiryQuote {
  const { smile } = quote
  if (smile.kind !== 'points') throw new Error('the sample has smiles given as points')
  return { ...quote, atmVol: quote.atmVol * by, smile: { ...smile, vols: smile.vols.map((vol) => vol * by) } }
}

/** A surface without the expiries that are within a day of the later time, or no longer quoted then. */
function lastingExpiries({ market, strikes }: RealSurface, later: RealSurface): RealSurface {
  const lasts = ({ expiry }: ExpiryQuote): boolean =>
    expiry - later.market.time > 86_400 && later.market.expiries.some((quote) => quote.expiry === expiry)
  return { market: { ...market, expiries: market.expiries.filter(lasts) }, strikes: strikes.filter((_, i) => lasts(market.expiries[i]!)) }
}

/** The later market, its vols at the money measured where the posted chains have it: at the strike that was at the money at the post. */
function asSeenLater(posted: SurfaceMarket, later: SurfaceMarket): SurfaceMarket {
  const expiries = later.expiries.map((quote): ExpiryQuote => {
    const before = posted.expiries.find(({ expiry }) => expiry === quote.expiry)
    if (before === undefined) return quote
    const timeToExpiry = (quote.expiry - later.time) / 31_536_000
    return { ...quote, atmVol: smileVol(quote, posted.spot * before.forwardRatio, later.spot * quote.forwardRatio, timeToExpiry) }
  })
  return { ...later, expiries }
}

/** A made surface with the shape of the recorded ones: 14 hours to a year, low vols at the money near expiry, wings. */
function madeSurface(): RealSurface {
  const spot = 3000
  const days = [0.6, 1.6, 2.6, 9, 30, 90, 365]
  const strikes = days.map((_, e) => Array.from({ length: 33 }, (__, k) => Math.round((spot * (0.6 + 0.025 * k)) / 25) * 25 + (e % 2) * 10))
  const expiries = days.map((left, e): ExpiryQuote => {
    const atmVol = 0.35 + 0.25 * Math.min(1, left / 60)
    const deviation = atmVol * Math.sqrt(left / 365)
    const vols = strikes[e]!.map((strike) => {
      const z = Math.max(-6, Math.min(6, Math.log(strike / spot) / deviation))
      return atmVol * (1 + 0.03 * z * z - 0.02 * z)
    })
    return {
      expiry: bookTime + 86_400 * left,
      forwardRatio: 1 + (0.05 * left) / 365,
      atmVol,
      smile: { kind: 'points', strikes: strikes[e]!, vols },
    }
  })
  return { market: { time: bookTime, spot, expiries } satisfies SurfaceMarket, strikes }
}

describe("the contract's ladder against full revaluation on a made surface", () => {
  const surfaces = [madeSurface()]
  it('is one-sided while the market stands still or moves up to 8 %', () => {
    expectOneSided('made, 16 %', errorsOf(surfaces, 0.16, small), 0.06)
  })
  it('is one-sided when vol moves too', () => {
    expectOneSided('made, 16 %, vol', errorsOf(surfaces, 0.16, [...volPoint, ...large]), 0.12, -0.005, -0.05)
  })
})

describe.skipIf(!haveChains)(`the contract's ladder against full revaluation on recorded surfaces (${chainsWhere})`, () => {
  const coins = { ETH: { every: deep ? 10 : 55, ceiling: 0.5 }, BTC: { every: deep ? 4 : 20, ceiling: 0.4 } } as const
  for (const coin of ['ETH', 'BTC'] as const) {
    const { every, ceiling } = coins[coin]
    const surfaces = haveChains ? readSurfaces(coin, every) : []
    for (const range of [0.16, ceiling]) {
      it(`${coin}, range ${range}: spot drift to 8 %`, () => {
        expectOneSided(`${coin} ${range} spot`, errorsOf(surfaces, range, small), 0.06)
      })
      it(`${coin}, range ${range}: vol drift of a point`, () => {
        expectOneSided(`${coin} ${range} point`, errorsOf(surfaces, range, volPoint), 0.06)
      })
      it(`${coin}, range ${range}: vol drift of 5 points, with spot drift of 8 %`, () => {
        expectOneSided(`${coin} ${range} large`, errorsOf(surfaces, range, large), 0.12, -0.005, -0.08)
      })
    }
  }
  it.runIf(deep)('is one-sided on surfaces and books that nothing was fitted on', () => {
    expectOneSided('ETH, others', errorsOf(readSurfaces('ETH', 11), 0.16, small), 0.06)
    expectOneSided('ETH, others still', errorsOf(readSurfaces('ETH', 13), 0.16, small, 5000), 0.06)
    // A skew charge read between nodes twice as far apart as a day's move at 12 % vol: what the share of the last day is for.
    expectOneSided('BTC, others', errorsOf(readSurfaces('BTC', 5), 0.16, small, 7000), 0.06, -0.001, -0.08)
  })
  it.runIf(deep)('is one-sided on every surface of BTC at the range for new risk', () => {
    expectOneSided('BTC, others still', errorsOf(readSurfaces('BTC', 1), 0.22, [...small, ...volPoint], 3000), 0.06, -0.001, -0.08)
  })
  describe('books around every strike near the money', () => {
    const surfaces = haveChains ? readSurfaces('BTC', deep ? 5 : 25) : []
    const drifts: readonly Drift[] = [{ spot: 0, vol: 0 }, { spot: 0, vol: -0.01 }, ...(deep ? [...small.slice(1), volPoint[0]!] : [])]
    it('two weeks from expiry and more', () => {
      expectOneSided('BTC dense', denseErrors(surfaces, [14, deep ? 91 : 30], drifts), 0.06)
    })
    it('the same, vols a quarter lower than recorded', () => {
      expectOneSided('BTC dense, 3/4 of vols', denseErrors(surfaces, [deep ? 14 : 30, deep ? 91 : 45], drifts, 0.75), 0.06, -0.002)
    })
    it('within a day of expiry', () => {
      expectOneSided('BTC dense, last day', denseErrors(surfaces, [0, 1], drifts), 0.15, -0.001, -0.08)
    })
  })
  it('six hours after the post, against the next recorded snapshot: expiries a day away and more stay within 8 % without a new post', () => {
    const snapshots = readSurfaces('ETH', 1)
    const starts = snapshots.map((_, i) => i).filter((i) => i % (deep ? 4 : 24) === 0 && i + 1 < snapshots.length)
    const errors = starts.flatMap((i) => {
      const [posted, later] = [snapshots[i]!, snapshots[i + 1]!]
      if (later.market.time - posted.market.time > 8 * 3600) return []
      const sample = postSample(lastingExpiries(posted, later), 2000 + i, deep ? 40 : 20)
      return ladderErrors(sample, 0.16, asSeenLater(posted.market, later.market))
    })
    expectOneSided('ETH 0.16 six hours later', errors, 0.06, -0.08, -0.12)
  })
})
