import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { quantile } from '../../../risk/math/index.ts'
import { impliedVol } from '../../../risk/pricing/impliedVol/index.ts'
import { undiscountedValue } from '../../../risk/pricing/undiscountedValue.ts'
import { fitSlice } from '../../../risk/surface/fitSlice.ts'
import {
  buildSurface,
  checkButterfly,
  checkCalendar,
  checkSurface,
  type OptionChain,
  parseOptionChains,
  surfaceVol,
} from '../../../risk/surface/index.ts'
import { planSlice, type SlicePlan } from '../../../risk/surface/planSlice.ts'

/** One line of a recording with what the venue says of it. */
type VenueLine = { readonly underlying: number; readonly iv: number | null }

/** Strike over forward. */
const BUCKETS = [0, 0.7, 0.9, 1.1, 1.4, Number.POSITIVE_INFINITY] as const
export const bucketNames = ['below 0.7', '0.7 to 0.9', '0.9 to 1.1', '1.1 to 1.4', 'above 1.4']

export type ErrorQuantiles = { readonly count: number; readonly median: number; readonly q90: number; readonly q99: number }

export type ChainReport = {
  readonly chains: number
  readonly slices: number
  readonly expiries: number
  /** Lines with bid and ask. */
  readonly twoSided: number
  /** Shares of those lines at which the surface's price, and the venue's mark, are within bid and ask. */
  readonly surfaceInside: number
  readonly markInside: number
  /** As surfaceInside, of lines out of the money; the smiles before repair beside it. */
  readonly outsideMoney: { readonly count: number; readonly repaired: number; readonly fitted: number }
  readonly butterfly: { readonly before: number; readonly after: number }
  readonly calendar: { readonly pairs: number; readonly before: number; readonly after: number }
  readonly repairs: Readonly<Record<string, number>>
  /** Vol of the venue's mark, inverted at the venue's forward, against the vol the venue states; lines out of the money, by strike over forward. */
  readonly inverted: readonly ErrorQuantiles[]
  /** Vol of the surface against the vol the venue states, or that of its mark where it states none: lines between the outermost two-sided strikes. */
  readonly surface: readonly ErrorQuantiles[]
  /** The same beyond those strikes, where the smile is an extrapolation. */
  readonly beyond: ErrorQuantiles
  /** Distance of the forward from the venue's, as a fraction. */
  readonly forward: ErrorQuantiles
}

/** Every n-th chain of a recording through the whole surface, measured against what the venue itself says. */
export function chainReport(path: string, every: number): ChainReport {
  const text = gunzipSync(readFileSync(path)).toString('utf8')
  const lines = venueLines(text)
  const chains = parseOptionChains(text, 'coin').chains.filter((_, i) => i % every === 0)
  const inverted: number[][] = bucketNames.map(() => [])
  const surfaceErrors: number[][] = bucketNames.map(() => [])
  const beyond: number[] = []
  const forwards: number[] = []
  const repairs: Record<string, number> = {}
  const count = {
    slices: 0,
    expiries: 0,
    twoSided: 0,
    surfaceInside: 0,
    markInside: 0,
    otm: 0,
    otmRepaired: 0,
    otmFitted: 0,
    bent: 0,
    bentAfter: 0,
    pairs: 0,
    crossing: 0,
    crossingAfter: 0,
  }
  for (const chain of chains) {
    const surface = buildSurface(chain)
    const plans = chain.expiries.map((each) => planSlice(chain, each, 300)).filter((plan): plan is SlicePlan => plan.kind === 'plan')
    const fitted = plans.map(fitSlice)
    const check = checkSurface(surface)
    count.slices += surface.slices.length
    count.expiries += chain.expiries.length
    count.bent += fitted.filter((svi) => !checkButterfly(svi).free).length
    count.bentAfter += check.butterfly.filter((each) => !each.check.free).length
    count.pairs += check.calendar.length
    count.crossing += fitted.slice(1).filter((svi, i) => !checkCalendar(fitted[i]!, svi).free).length
    count.crossingAfter += check.calendar.filter((each) => !each.check.free).length
    for (const slice of surface.slices) for (const repair of slice.repairs) repairs[repair] = (repairs[repair] ?? 0) + 1
    for (const [i, plan] of plans.entries()) {
      const { quotes, venueForward } = chain.expiries.find(({ expiry }) => expiry === plan.expiry)!
      const forward = plan.forward.forward
      forwards.push(Math.abs(forward / venueForward! - 1))
      for (const { strike, type, bid, ask, mark } of quotes) {
        const asked = surfaceVol(surface, plan.expiry, strike)
        if (asked.kind !== 'vol') continue
        const priceAt = (vol: number): number => undiscountedValue(type, forward, strike, vol * Math.sqrt(plan.timeToExpiry)) / forward
        const outside = type === 'call' ? strike >= forward : strike < forward
        const within = (price: number): boolean => bid! <= price && price <= ask!
        if (bid !== null && ask !== null && bid > 0 && ask >= bid) {
          count.twoSided++
          const price = priceAt(asked.vol)
          if (within(price)) count.surfaceInside++
          if (mark !== null && within(mark)) count.markInside++
          if (outside) {
            count.otm++
            if (within(price)) count.otmRepaired++
            const k = Math.log(strike / forward)
            const { a, b, rho, m, sigma } = fitted[i]!
            if (within(priceAt(Math.sqrt((a + b * (rho * (k - m) + Math.hypot(k - m, sigma))) / plan.timeToExpiry)))) count.otmFitted++
          }
        }
        const { underlying, iv } = lines.get(keyOf(chain.time, plan.expiry, strike, type))!
        // The data page's filter: marks 10 % below the bid and vols above 300 % are the source's own slips.
        if (!outside || mark === null || mark <= 0 || (bid !== null && mark < 0.9 * bid)) continue
        const own = impliedVol({ type, forward: underlying, strike, timeToExpiry: plan.timeToExpiry, rate: 0, price: mark * underlying })
        const ownVol = own.status === 'converged' ? own.vol : null
        const stated = iv ?? ownVol
        if (stated === null || stated > 3) continue
        const bucket = BUCKETS.findIndex((edge) => strike / forward < edge) - 1
        if (iv !== null && ownVol !== null) inverted[bucket]!.push(Math.abs(ownVol - iv))
        if (asked.quoted) surfaceErrors[bucket]!.push(Math.abs(asked.vol - stated))
        else beyond.push(Math.abs(asked.vol - stated))
      }
    }
  }
  return {
    chains: chains.length,
    slices: count.slices,
    expiries: count.expiries,
    twoSided: count.twoSided,
    surfaceInside: count.surfaceInside / count.twoSided,
    markInside: count.markInside / count.twoSided,
    outsideMoney: { count: count.otm, repaired: count.otmRepaired / count.otm, fitted: count.otmFitted / count.otm },
    butterfly: { before: count.bent, after: count.bentAfter },
    calendar: { pairs: count.pairs, before: count.crossing, after: count.crossingAfter },
    repairs,
    inverted: inverted.map(quantilesOf),
    surface: surfaceErrors.map(quantilesOf),
    beyond: quantilesOf(beyond),
    forward: quantilesOf(forwards),
  }
}

function quantilesOf(errors: readonly number[]): ErrorQuantiles {
  if (errors.length === 0) return { count: 0, median: 0, q90: 0, q99: 0 }
  const sample = Float64Array.from(errors)
  return { count: errors.length, median: quantile(sample, 0.5), q90: quantile(sample, 0.9), q99: quantile(sample, 0.99) }
}

const keyOf = (time: number, expiry: number, strike: number, type: OptionChain['expiries'][number]['quotes'][number]['type']): string =>
  `${time} ${expiry} ${strike} ${type}`

function venueLines(text: string): Map<string, VenueLine> {
  const [header, ...rows] = text.trimEnd().split('\n')
  const columns = header!.split(',')
  const at = (name: string): number => columns.indexOf(name)
  const [time, expiry, strike, type, underlying, iv] = ['timestamp', 'expiry', 'strike', 'type', 'underlying', 'iv'].map(at) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  return new Map(
    rows.map((row) => {
      const fields = row.split(',')
      const key = keyOf(
        Date.parse(fields[time]!) / 1_000,
        Date.parse(`${fields[expiry]}T08:00:00Z`) / 1_000,
        Number(fields[strike]),
        fields[type] === 'C' ? 'call' : 'put',
      )
      return [key, { underlying: Number(fields[underlying]), iv: iv < 0 || fields[iv] === '' ? null : Number(fields[iv]) }]
    }),
  )
}
