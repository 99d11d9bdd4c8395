import { larger, smaller } from './integers.ts'
import type { MarketTotals } from './types.ts'

const SIDE = 8n
const MOVES = 17
const BPS = 10_000n
const betas = [7_000n, 10_000n, 14_000n] as const

type GroupMember = Pick<MarketTotals, 'moves' | 'losses' | 'far' | 'range' | 'residual'>

/** What offsets between underlyings take off the sum of their requirements; at most half of the single losses (risk policy B11). */
export function betaCredit(markets: readonly GroupMember[]): bigint {
  const width = markets.reduce((widest, { range }) => larger(widest, range), 0n)
  const apart = markets.reduce((sum, { losses, far }) => sum + [...losses, ...far].reduce(larger, 0n), 0n)
  const together = Array.from({ length: MOVES }, (_, i) => {
    const factor = width * (BigInt(i) - SIDE)
    return markets.reduce((sum, market) => sum + worstWith(market, factor), 0n)
  })
  const loss = [...together, farLoss(markets)].reduce(larger, 0n)
  return apart <= loss ? 0n : smaller(apart - loss, apart / 2n)
}

function farLoss(markets: readonly GroupMember[]): bigint {
  const sums = (markets[0]?.far ?? []).map((_, i) => markets.reduce((sum, { far }) => sum + larger(0n, far[i]!), 0n))
  return sums.reduce(larger, 0n)
}

/** Worst loss around a move of the factor, over the betas; `factor` is in eighths. */
function worstWith(market: GroupMember, factor: bigint): bigint {
  const tried = market.residual === 0n ? [BPS] : betas
  return tried.map((beta) => worstWithin(market, (factor * beta) / (SIDE * BPS))).reduce(larger)
}

/** Worst loss at the moves inside the interval around `centre`, and at the nearest one on either side. */
function worstWithin({ moves, losses, residual, range }: GroupMember, centre: bigint): bigint {
  const away = (residual * range) / BPS
  const last = moves.length - 1
  const above = moves.findIndex((move, i) => i > 0 && move > centre - away)
  const first = above < 0 ? last : above - 1
  const reached = moves.findIndex((move) => move >= centre + away)
  return losses.slice(first, Math.max(first, reached < 0 ? last : reached) + 1).reduce(larger)
}
