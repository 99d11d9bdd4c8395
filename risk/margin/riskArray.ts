import { exp } from '../math/index.ts'
import { type PricingRegistry, pricingModuleOf, yearsBetween } from '../pricing/index.ts'
import { volStates } from '../scenarios/index.ts'
import type { Fraction, Instrument, UnixSeconds, Usd } from '../types/index.ts'
import { type MarginGrid, marginGrid } from './marginGrid.ts'
import type { MarginMarket, MarginParameters } from './types.ts'

const DAY = 1 / 365
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
  const times = [...new Set(instruments.map(({ expiry }) => expiry))].sort((a, b) => a - b)
  const states = times.map((expiry) => expiryStates(expiry, market, parameters))
  const classes = new Map<string, number>()
  const rows = instruments.map((instrument): RiskRow => {
    const module = pricingModuleOf(instrument, registry)
    const expiry = times.indexOf(instrument.expiry)
    const { timeToExpiry, vols } = states[expiry]!
    const values = new Float64Array(grid.valueColumns)
    values[0] = module.value(instrument, { spot: market.spot, vol: market.markVol, timeToExpiry })
    for (const { spot, volState, valueColumn } of grid.distinctCells) {
      values[valueColumn] = module.value(instrument, { spot, vol: vols[volState], timeToExpiry })
    }
    const payoffs = Float64Array.from([0, ...grid.payoffSpots], (spot) => module.payoff(instrument, spot))
    const name = module.shortClass(instrument)
    const key = `${instrument.expiry} ${name}`
    if (name !== null && !classes.has(key)) classes.set(key, classes.size)
    const shortClass = name === null ? -1 : classes.get(key)!
    return { values, payoffs, farAbove: module.farAbove(instrument), exact: module.stressedValue === 'exact', shortClass, expiry }
  })
  const order = instruments
    .map((_, index) => index)
    .sort((a, b) => instruments[a]!.expiry - instruments[b]!.expiry || (instruments[a]!.id < instruments[b]!.id ? -1 : 1))
  const rank = instruments.map(() => 0)
  order.forEach((index, place) => {
    rank[index] = place
  })
  return { market, parameters, grid, rows, rank, expiries: states.map(({ terms }) => terms), shortClasses: classes.size }
}

function expiryStates(expiry: UnixSeconds, { time, markVol }: MarginMarket, { volScanUp, volScanDown }: MarginParameters) {
  const timeToExpiry = yearsBetween(time, expiry)
  const terms: ExpiryTerms = { credit: CREDIT * exp(-CREDIT_DECAY * timeToExpiry), worseOfPayoff: timeToExpiry < DAY }
  return { timeToExpiry, vols: volStates(markVol, timeToExpiry, volScanUp, volScanDown), terms }
}
