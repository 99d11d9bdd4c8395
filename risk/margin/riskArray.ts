import { exp, log } from '../math/index.ts'
import { expiryOf, type PricingModule, type PricingRegistry, pricingModuleOf } from '../pricing/index.ts'
import { volStates } from '../scenarios/index.ts'
import type { Fraction, Instrument, UnixSeconds, Usd, Vol, Years } from '../types/index.ts'
import { type ExpiryMark, expiryMark } from './expiryMark.ts'
import { type MarginGrid, marginGrid } from './marginGrid.ts'
import { type RowGreeks, rowGreeks } from './rowGreeks.ts'
import { type Pass, type ScanParameters, scanPasses } from './scanPasses.ts'
import type { MarginMarket, MarginParameters } from './types.ts'

const DAY = 1 / 365
/** Strikes that expire within this time are states of their own for whoever holds them (risk policy B2). */
const SOON = 2 * DAY
/** What a positive stressed value is worth as backing: 0.97 e^(-0.05 T) (risk policy B6). */
const CREDIT = 0.97
const CREDIT_DECAY = 0.05
/** Sorts instruments without an expiry after all others. */
const NEVER = Number.MAX_SAFE_INTEGER

/** One instrument, priced once in every state of the grid. */
export type RiskRow = {
  readonly values: Float64Array
  readonly payoffs: Float64Array
  /** Value at expiry with the index at a spot that is not on the grid. */
  readonly payoffAt: (spot: Usd) => Usd
  readonly strike: Usd | null
  /** The strike where it expires soon, and is a state of its own. */
  readonly soonStrike: Usd | null
  readonly farAbove: { readonly slope: number; readonly level: Usd }
  readonly exact: boolean
  /** Index into the classes of the short-option minimum, or -1. */
  readonly shortClass: number
  /** Index into `expiries`. */
  readonly expiry: number
  readonly greeks: RowGreeks
}

/** Facts of one expiry. */
export type ExpiryTerms = {
  /** Null for instruments that never expire. */
  readonly expiry: UnixSeconds | null
  readonly timeToExpiry: Years
  readonly credit: Fraction
  /** Within a day of expiry a state counts at the worse of value and payoff: no credit for time that is about to run out. */
  readonly worseOfPayoff: boolean
  /** Vol at the money, and by how much each vol state of each scan moves it. */
  readonly atmVol: Vol
  readonly volMoves: Readonly<Record<Pass, { readonly up: Vol; readonly down: Vol }>>
}

/** All instruments of a book in all states; shared by its accounts. */
export type RiskArray = {
  readonly market: MarginMarket
  readonly parameters: MarginParameters
  readonly passes: Readonly<Record<Pass, ScanParameters>>
  readonly grid: MarginGrid
  /** By index of the instrument in the book. */
  readonly rows: readonly RiskRow[]
  /** Place of each instrument in the one order in which positions are added: by expiry, then by id. */
  readonly rank: readonly number[]
  readonly expiries: readonly ExpiryTerms[]
  /** Number of distinct (expiry, short class) pairs. */
  readonly shortClasses: number
}

/** The mark of an expiry, and what margin takes from it. */
type ExpiryState = { readonly mark: ExpiryMark; readonly terms: ExpiryTerms }

/** Values every instrument in every state with its model. Arguments have been checked by the caller. */
export function buildRiskArray(
  instruments: readonly Instrument[],
  market: MarginMarket,
  parameters: MarginParameters,
  registry: PricingRegistry,
): RiskArray {
  const passes = scanPasses(parameters)
  const times = [...new Set(instruments.map(expiryOf))].sort((a, b) => (a ?? NEVER) - (b ?? NEVER))
  const states = times.map((expiry) => expiryState(expiry, market, passes))
  const indexOf = new Map(times.map((expiry, index) => [expiry, index]))
  const modules = instruments.map((instrument) => pricingModuleOf(instrument, registry))
  const strikes = instruments.map((instrument, i) => modules[i]!.strike(instrument))
  const soon = strikes.filter((_, i) => isSoon(states[indexOf.get(expiryOf(instruments[i]!))!]!))
  const soonStrikes = [...new Set(soon)].filter((strike) => strike !== null).sort((a, b) => a - b)
  const grid = marginGrid(market.spot, passes, soonStrikes)
  const classes = new Map<string, number>()
  const rows = instruments.map((instrument, i): RiskRow => {
    const module = modules[i]!
    const expiry = indexOf.get(expiryOf(instrument))!
    const name = module.shortClass(instrument)
    const key = `${expiry} ${name}`
    if (name !== null && !classes.has(key)) classes.set(key, classes.size)
    return {
      ...modelValues(instrument, module, states[expiry]!.mark, { grid, passes, spot: market.spot }),
      payoffs: Float64Array.from([0, ...grid.payoffSpots], (spot) => module.payoff(instrument, spot)),
      payoffAt: (spot) => module.payoff(instrument, spot),
      strike: strikes[i]!,
      soonStrike: isSoon(states[expiry]!) ? strikes[i]! : null,
      farAbove: module.farAbove(instrument),
      exact: module.stressedValue === 'exact',
      shortClass: name === null ? -1 : classes.get(key)!,
      expiry,
    }
  })
  const order = instruments
    .map((_, index) => index)
    .sort((a, b) => rows[a]!.expiry - rows[b]!.expiry || (instruments[a]!.id < instruments[b]!.id ? -1 : 1))
  const rank = instruments.map(() => 0)
  order.forEach((index, place) => {
    rank[index] = place
  })
  return { market, parameters, passes, grid, rows, rank, expiries: states.map(({ terms }) => terms), shortClasses: classes.size }
}

/** Columns of one instrument by its model, and its sensitivities. */
function modelValues(
  instrument: Instrument,
  module: PricingModule<Instrument>,
  mark: ExpiryMark,
  { grid, passes, spot }: Pick<RiskArray, 'grid' | 'passes'> & { readonly spot: Usd },
): Pick<RiskRow, 'values' | 'greeks'> {
  const { timeToExpiry, forwardRatio } = mark
  const strike = module.strike(instrument)
  const vol = mark.volAt(strike)
  const vols = {
    maintenance: shockedVols(vol, timeToExpiry, passes.maintenance),
    initial: shockedVols(vol, timeToExpiry, passes.initial),
  }
  const values = new Float64Array(grid.valueColumns)
  values[0] = module.value(instrument, { spot, forward: spot * forwardRatio, vol, timeToExpiry })
  for (const { spot: at, volState, valueColumn, shocks: pass } of grid.distinctCells) {
    values[valueColumn] = module.value(instrument, { spot: at, forward: at * forwardRatio, vol: vols[pass][volState], timeToExpiry })
  }
  const logMoneyness = strike === null ? 0 : log(strike / (spot * forwardRatio))
  return { values, greeks: rowGreeks(module, instrument, mark, spot, vol, logMoneyness) }
}

function isSoon({ mark, terms }: ExpiryState): boolean {
  return terms.expiry !== null && mark.timeToExpiry < SOON
}

function expiryState(expiry: UnixSeconds | null, market: MarginMarket, passes: Readonly<Record<Pass, ScanParameters>>): ExpiryState {
  const mark = expiryMark(market, expiry)
  const { timeToExpiry, atmVol } = mark
  const moves = (pass: Pass) => {
    const { up, down } = shockedVols(atmVol, timeToExpiry, passes[pass])
    return { up: up - atmVol, down: down - atmVol }
  }
  const terms: ExpiryTerms = {
    expiry,
    timeToExpiry,
    credit: CREDIT * exp(-CREDIT_DECAY * timeToExpiry),
    worseOfPayoff: expiry !== null && timeToExpiry < DAY,
    atmVol,
    volMoves: { maintenance: moves('maintenance'), initial: moves('initial') },
  }
  return { mark, terms }
}

/** The vol of a strike in both vol states of a scan. */
function shockedVols(vol: Vol, timeToExpiry: Years, { volScanUp, volScanDown }: ScanParameters): { readonly up: Vol; readonly down: Vol } {
  return volStates(vol, timeToExpiry, volScanUp, volScanDown)
}
