import { InvalidInputError } from '../errors/index.ts'
import { compensatedSum } from '../math/index.ts'
import { expiryOf, type PricingRegistry, pricingModuleOf, pricingRegistry } from '../pricing/index.ts'
import { expectedShortfall } from '../tail/index.ts'
import type { Book, Fraction, Usd } from '../types/index.ts'
import { assertInstruments, assertMarginMarket, assertPortfolio } from './assertMarginInputs.ts'
import { expiryMark } from './expiryMark.ts'
import type { MarginMarket } from './types.ts'

const LEVEL = 0.975
/** Ten scenarios in the tail; with fewer the mean of the tail says nothing. */
const FEWEST_MOVES = 400
/** Spots at which a long history is revalued; between them the profit is taken as linear. */
const NODES = 513

/**
 * Expected shortfall at 97.5 % of the whole book over historical moves: the positions of all accounts netted, revalued in full at spot x (1 + move) with
 * vol and time as they are at the mark. Collateral and cash are not positions and stay out.
 *
 * Up to 513 moves are revalued one by one; a longer history through 513 equally spaced spots from its worst fall to its best rise.
 * @param moves - Relative moves over the horizon, for example 24 hours, each above -1.
 * @returns USD, positive is a loss; null with fewer than 400 moves.
 * @throws {InvalidInputError} A move is not finite or not above -1, or the book or the market is outside its domain.
 */
export function bookShortfall(
  book: Pick<Book, 'instruments' | 'portfolios'>,
  market: MarginMarket,
  moves: ArrayLike<Fraction>,
  registry: PricingRegistry = pricingRegistry,
): Usd | null {
  assertMarginMarket(market)
  assertInstruments(book.instruments, market, registry)
  for (const portfolio of book.portfolios) assertPortfolio(portfolio, book.instruments.length, market)
  for (let i = 0; i < moves.length; i++) {
    const move = moves[i]!
    if (!(move > -1 && move < 1e6)) throw new InvalidInputError({ argument: `moves[${i}]`, got: move, limit: 'above -1 and below 1e6' })
  }
  if (moves.length < FEWEST_MOVES) return null
  const profit = netProfit(book, market, registry)
  const pnl = moves.length <= NODES ? Float64Array.from(moves, profit) : tabulated(moves, profit)
  return expectedShortfall(pnl, LEVEL)
}

/** Profit of the netted book as a function of the relative move. */
function netProfit(
  { instruments, portfolios }: Pick<Book, 'instruments' | 'portfolios'>,
  market: MarginMarket,
  registry: PricingRegistry,
): (move: Fraction) => Usd {
  const { spot } = market
  const quantities: number[][] = instruments.map(() => [])
  for (const { positions } of portfolios) for (const { instrument, quantity } of positions) quantities[instrument]!.push(quantity)
  const lanes = instruments
    .map((instrument, i) => {
      const module = pricingModuleOf(instrument, registry)
      const { timeToExpiry, forwardRatio, volAt } = expiryMark(market, expiryOf(instrument))
      const vol = volAt(module.strike(instrument))
      const value = (at: Usd): Usd => module.value(instrument, { spot: at, forward: at * forwardRatio, vol, timeToExpiry })
      return { id: instrument.id, quantity: compensatedSum(quantities[i]!.sort((a, b) => a - b)), value, mark: value(spot) }
    })
    .filter(({ quantity }) => quantity !== 0)
    .sort((a, b) => (a.id < b.id ? -1 : 1))
  return (move) => compensatedSum(lanes.map(({ quantity, value, mark }) => quantity * (value(spot * (1 + move)) - mark)))
}

function tabulated(moves: ArrayLike<Fraction>, profit: (move: Fraction) => Usd): Float64Array {
  let least = moves[0]!
  let most = least
  for (let i = 1; i < moves.length; i++) {
    least = Math.min(least, moves[i]!)
    most = Math.max(most, moves[i]!)
  }
  const step = (most - least) / (NODES - 1)
  if (step === 0) return new Float64Array(moves.length).fill(profit(least))
  const table = Float64Array.from({ length: NODES }, (_, i) => profit(least + i * step))
  return Float64Array.from(moves, (move) => {
    const position = (move - least) / step
    const below = Math.min(NODES - 2, Math.floor(position))
    return table[below]! + (position - below) * (table[below + 1]! - table[below]!)
  })
}
