import { exp, integrate, log, normalPdf } from '../../math/index.ts'
import type { Usd } from '../../types/index.ts'
import { undiscountedValue } from '../undiscountedValue.ts'
import { type PairGreeks, pairGreeks } from './pairGreeks.ts'
import { type PairLaw, pairLaw } from './pairInputs.ts'
import { assertSpreadInputs, type SpreadInputs } from './spreadInputs.ts'

/** Where the normal density has died: what lies beyond is below 1e-18. */
const REACH = 9
/** Share of the prices' size that the integral may be off. */
const TOLERANCE = 1e-13
const BISECTIONS = 32
/** Width of the bend, in standard deviations of z, that the quadrature sees by itself. */
const WIDE = 0.5

/**
 * Spread option by quadrature: the call pays max(0, S1 - S2 - strike), the put max(0, strike - S1 + S2).
 *
 * Given the shock z of asset 2, asset 1 is lognormal and the option on it has a Black price with strike S2(z) + strike; that price is integrated over z. A put is the
 * call with the assets exchanged and the strike's sign turned; a call with a negative strike is its forward plus that put. Error below 1e-12 of S1 + S2 + |strike|.
 * @throws {InvalidInputError} A field is NaN or outside its range.
 * @see Pearson, Journal of Derivatives 3 (1) (1995), for the reduction to one dimension.
 */
export function spreadPrice(inputs: SpreadInputs): Usd {
  assertSpreadInputs(inputs)
  return Math.max(0, value(inputs))
}

/** @throws {InvalidInputError} A field is outside its range, no time or vol is left, or the correlation is next to 1 or -1. */
export function spreadGreeks(inputs: SpreadInputs): PairGreeks {
  assertSpreadInputs(inputs)
  return pairGreeks(value, inputs)
}

function value(inputs: SpreadInputs): Usd {
  const law = pairLaw(inputs)
  const strike = inputs.strike * law.discount
  return inputs.type === 'call' ? callValue(law, strike) : callValue(exchanged(law), -strike)
}

/** @param strike - Discounted. */
function callValue(law: PairLaw, strike: Usd): Usd {
  if (strike < 0) return law.asset1 - law.asset2 - strike + callValue(exchanged(law), -strike)
  const { asset1, asset2, deviation1, deviation2, correlation } = law
  const common = correlation * deviation1
  const own = deviation1 * Math.sqrt((1 - correlation) * (1 + correlation))
  const strikeAt = (z: number): Usd => asset2 * exp(deviation2 * (z - 0.5 * deviation2)) + strike
  const integrand = (z: number): number =>
    normalPdf(z) * undiscountedValue('call', asset1 * exp(common * (z - 0.5 * common)), strikeAt(z), own)
  const moneyness = (z: number): number => log(asset1) + common * (z - 0.5 * common) - log(strikeAt(z))

  const from = Math.min(0, common) - REACH
  const to = Math.max(0, common, deviation2) + REACH
  const wide = own > WIDE * (Math.abs(common) + deviation2)
  const bends = wide ? [] : bendsOf(moneyness, own, peakOf(law, common, strike), from, to)
  const cuts = [from, ...bends, to].sort((a, b) => a - b)
  const tolerance = (TOLERANCE * (asset1 + asset2 + strike)) / cuts.length
  let sum = 0
  for (let i = 1; i < cuts.length; i++) {
    if (cuts[i]! > cuts[i - 1]!) sum += integrate(integrand, cuts[i - 1]!, cuts[i]!, tolerance).value
  }
  return sum
}

/**
 * Where the integrand may bend too sharply to be seen from afar. The Black price bends within 8 of its own deviations of the money and is smooth beyond; the log-moneyness is concave in z, so
 * that it passes each level at most once on either side of its peak.
 */
function bendsOf(moneyness: (z: number) => number, own: number, peak: number, from: number, to: number): number[] {
  const top = Math.min(to, Math.max(from, peak))
  const levels = [-8 * own, 0, 8 * own]
  const crossings = levels.flatMap((level) => [crossing(moneyness, level, from, top), crossing(moneyness, level, top, to)])
  return [top, ...crossings.filter((z) => z !== undefined)]
}

function exchanged({ asset1, asset2, deviation1, deviation2, ...rest }: PairLaw): PairLaw {
  return { asset1: asset2, asset2: asset1, deviation1: deviation2, deviation2: deviation1, ...rest }
}

/** Where d moneyness / dz = common - deviation2 S2 / (S2 + strike) is 0; an infinity where it has one sign. */
function peakOf({ asset2, deviation2 }: PairLaw, common: number, strike: Usd): number {
  if (common <= 0) return Number.NEGATIVE_INFINITY
  if (common >= deviation2 || strike === 0) return Number.POSITIVE_INFINITY
  return (log(strike) - log(asset2) + log(common) - log(deviation2 - common)) / deviation2 + 0.5 * deviation2
}

/** Where a monotone `f` passes `level` between `from` and `to`, by bisection; undefined if it does not. */
function crossing(f: (z: number) => number, level: number, from: number, to: number): number | undefined {
  const rising = f(to) > level
  if (f(from) > level === rising) return undefined
  let below = from
  let above = to
  for (let i = 0; i < BISECTIONS; i++) {
    const middle = 0.5 * (below + above)
    if (f(middle) > level === rising) above = middle
    else below = middle
  }
  return 0.5 * (below + above)
}
