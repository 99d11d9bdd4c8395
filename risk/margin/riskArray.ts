import { exp } from '../math/index.ts'
import { expiryOf, type PricingRegistry, pricingModuleOf } from '../pricing/index.ts'
import { volStates } from '../scenarios/index.ts'
import type { Fraction, Instrument, Usd, Vol } from '../types/index.ts'
import { type ExpiryMark, expiryMark } from './expiryMark.ts'
import { type MarginGrid, marginGrid } from './marginGrid.ts'
import type { MarginMarket, MarginParameters } from './types.ts'

const DAY = 1 / 365
/** Sorts instruments without an expiry after all others. */
const NEVER = Number.MAX_SAFE_INTEGER
/** What a positive stressed value is worth as backing: 0.97 e^(-0.05 T) (risk policy B6). */
const CREDIT = 0.97
const CREDIT_DECAY = 0.05

/** One instrument, priced once in every state of the grid. */
export type RiskRow = {
  readonly values: Float64Array
  readonly payoffs: Float64Array
  readonly farAbove: { readonly slope: number; readonly level: Usd }
  readonly exact: boolean
  /** Index into `classes`, or -1. */
  readonly shortClass: number
  /** Index into `expiries`. */
  readonly expiry: number
}

/** Facts of one expiry. */
export type ExpiryTerms = {
  readonly credit: Fraction
  /** Within a day of expiry a state counts at the worse of value and payoff: no credit for time that is about to run out. */
  readonly worseOfPayoff: boolean
}

/** All instruments of a book in all states; shared by its accounts. */
export type RiskArray = {
  readonly market: MarginMarket
  readonly parameters: MarginParameters
  readonly grid: MarginGrid
  /** By index of the instrument in the book. */
  readonly rows: readonly RiskRow[]
  /** Place of each instrument in the one order in which positions are added: by expiry, then by id. */
  readonly rank: readonly number[]
  readonly expiries: readonly ExpiryTerms[]
  /** Number of distinct (expiry, short class) pairs. */
  readonly shortClasses: number
}

/** Prices every instrument in every state. Arguments have been checked by the caller. */
export function buildRiskArray(
  instruments: readonly Instrument[],
  market: MarginMarket,
  parameters: MarginParameters,
  registry: PricingRegistry,
): RiskArray {
  const grid = marginGrid(market, parameters)
  const times = [...new Set(instruments.map(expiryOf))].sort((a, b) => (a ?? NEVER) - (b ?? NEVER))
  const states = times.map((expiry) => expiryStates(expiryMark(market, expiry), parameters))
  const classes = new Map<string, number>()
  const rows = instruments.map((instrument): RiskRow => {
    const module = pricingModuleOf(instrument, registry)
    const expiry = times.indexOf(expiryOf(instrument))
    const { mark, shocks } = states[expiry]!
    const { timeToExpiry, forwardRatio } = mark
    const vol = mark.volAt(module.strike(instrument))
    // All strikes of an expiry move by the factor of its vol at the money; a strike at that vol takes the shocked vol itself.
    const strikeVol = (atm: Vol): Vol => (vol === mark.atmVol ? atm : (vol / mark.atmVol) * atm)
    const vols = { up: strikeVol(shocks.up), down: strikeVol(shocks.down) }
    const values = new Float64Array(grid.valueColumns)
    values[0] = module.value(instrument, { spot: market.spot, forward: market.spot * forwardRatio, vol, timeToExpiry })
    for (const { spot, volState, valueColumn } of grid.distinctCells) {
      values[valueColumn] = module.value(instrument, { spot, forward: spot * forwardRatio, vol: vols[volState], timeToExpiry })
    }
    const payoffs = Float64Array.from([0, ...grid.payoffSpots], (spot) => module.payoff(instrument, spot))
    const name = module.shortClass(instrument)
    const key = `${expiry} ${name}`
    if (name !== null && !classes.has(key)) classes.set(key, classes.size)
    const shortClass = name === null ? -1 : classes.get(key)!
    return { values, payoffs, farAbove: module.farAbove(instrument), exact: module.stressedValue === 'exact', shortClass, expiry }
  })
  const order = instruments
    .map((_, index) => index)
    .sort((a, b) => rows[a]!.expiry - rows[b]!.expiry || (instruments[a]!.id < instruments[b]!.id ? -1 : 1))
  const rank = instruments.map(() => 0)
  order.forEach((index, place) => {
    rank[index] = place
  })
  return { market, parameters, grid, rows, rank, expiries: states.map(({ terms }) => terms), shortClasses: classes.size }
}

function expiryStates(mark: ExpiryMark, { volScanUp, volScanDown }: MarginParameters) {
  const { timeToExpiry, atmVol } = mark
  const terms: ExpiryTerms = { credit: CREDIT * exp(-CREDIT_DECAY * timeToExpiry), worseOfPayoff: timeToExpiry < DAY }
  return { mark, shocks: volStates(atmVol, timeToExpiry, volScanUp, volScanDown), terms }
}
