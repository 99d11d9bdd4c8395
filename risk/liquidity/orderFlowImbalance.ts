import { InvalidInputError } from '../errors/index.ts'
import type { Usd } from '../types/index.ts'
import { assertPrice, assertQuantityOrZero } from './assertMagnitude.ts'

/** Best quotes at one instant; sizes in units of the base asset, at least 0. */
export type TopOfBook = { readonly bid: Usd; readonly bidSize: number; readonly ask: Usd; readonly askSize: number }

/**
 * Net demand at the best quotes between successive observations: what was added to the bid or taken from the ask counts as buying, the reverse as selling.
 * e = [b >= b'] q - [b <= b'] q' - [a <= a'] r + [a >= a'] r', a dash for the observation before.
 *
 * @param quotes - In order of time, at least two.
 * @returns One event per step, in units of the base asset, and their sum; positive is buying.
 * @throws {InvalidInputError} There are fewer than two, a price or size is outside its domain, or quotes cross.
 * @see Cont, Kukanov and Stoikov, Journal of Financial Econometrics 12 (2014), equation 2.
 */
export function orderFlowImbalance(quotes: readonly TopOfBook[]): { readonly events: readonly number[]; readonly total: number } {
  if (quotes.length < 2) throw new InvalidInputError({ argument: 'quotes', got: `${quotes.length} quotes`, limit: 'at least 2' })
  quotes.forEach(assertQuote)
  const events = quotes.slice(1).map((now, i) => {
    const before = quotes[i]!
    return (
      (now.bid >= before.bid ? now.bidSize : 0) -
      (now.bid <= before.bid ? before.bidSize : 0) -
      (now.ask <= before.ask ? now.askSize : 0) +
      (now.ask >= before.ask ? before.askSize : 0)
    )
  })
  return { events, total: events.reduce((sum, event) => sum + event, 0) }
}

function assertQuote({ bid, bidSize, ask, askSize }: TopOfBook, i: number): void {
  assertPrice(`quotes[${i}].bid`, bid)
  assertPrice(`quotes[${i}].ask`, ask)
  if (bid > ask) throw new InvalidInputError({ argument: `quotes[${i}].bid`, got: bid, limit: `at most the ask, ${ask}` })
  assertQuantityOrZero(`quotes[${i}].bidSize`, bidSize)
  assertQuantityOrZero(`quotes[${i}].askSize`, askSize)
}
