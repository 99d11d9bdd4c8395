import type { Instrument, Portfolio } from '../../../risk/types/index.ts'
import type { BookSample, LadderBook } from './ladderBooks.ts'
import type { RealSurface } from './realSurfaces.ts'

/** Strikes within this distance of the money in ln(K / S) are the middle of a book. */
const MIDDLES = 0.2
/** Wings are at the strikes nearest to this share of the middle above and below. */
const WING = 0.1

type Leg = readonly [instrument: number, quantity: number]

/**
 * Books of one expiry that a ladder is weakest at, around every strike near the money, bought and sold: straddles, strangles, iron flies, ratios, reversals. A search
 * where {@link drawBooks} is a sample.
 */
export function denseBooks({ market, strikes }: RealSurface): BookSample {
  const { spot } = market
  const instruments: Instrument[] = []
  const books: LadderBook[] = []
  for (const [e, { expiry }] of market.expiries.entries()) {
    const near = strikes[e]!.filter((strike) => Math.abs(Math.log(strike / spot)) < MIDDLES + 2 * WING)
    const calls = near.map((strike) => {
      instruments.push({ kind: 'option', id: `C-${e}-${strike}`, type: 'call', strike, expiry })
      instruments.push({ kind: 'option', id: `P-${e}-${strike}`, type: 'put', strike, expiry })
      return instruments.length - 2
    })
    instruments.push({ kind: 'future', id: `F-${e}`, expiry })
    const future = instruments.length - 1
    const nearest = (price: number): number =>
      calls[near.reduce((best, strike, i) => (Math.abs(strike - price) < Math.abs(near[best]! - price) ? i : best), 0)]!
    for (const [i, strike] of near.entries()) {
      if (Math.abs(Math.log(strike / spot)) > MIDDLES) continue
      const call = calls[i]!
      const [lower, upper, second] = [nearest(strike * (1 - WING)), nearest(strike * (1 + WING)), calls[i + 2]]
      const shapes: Record<string, Leg[]> = { straddle: legs(call, 3, call + 1, 3) }
      if (lower !== call && upper !== call) {
        shapes['strangle'] = legs(upper, 3, lower + 1, 3)
        shapes['ironFly'] = [...legs(call, 3, call + 1, 3), ...legs(upper, -3, lower + 1, -3)]
        shapes['ratio'] = legs(call + 1, 2, lower + 1, -5)
      }
      if (second !== undefined) shapes['reversal'] = [...legs(second, 4, call + 1, -4), [future, -4]]
      for (const [shape, held] of Object.entries(shapes)) {
        for (const [side, sign] of [
          ['bought', 1],
          ['sold', -1],
        ] as const) {
          const positions = held.map(([instrument, quantity]) => ({ instrument, quantity: sign * quantity }))
          const account = `${shape}-${side}-${e}-${strike}`
          books.push({ shape, portfolio: { account, cash: 0, collateral: 0, positions } satisfies Portfolio })
        }
      }
    }
  }
  return { instruments, books }
}

function legs(first: number, firstQuantity: number, second: number, secondQuantity: number): Leg[] {
  return [
    [first, firstQuantity],
    [second, secondQuantity],
  ]
}
