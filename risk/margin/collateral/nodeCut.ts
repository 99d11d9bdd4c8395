import type { Fraction } from '../../types/index.ts'
import type { CollateralQuote } from '../types.ts'

/** How far a stable asset is taken to fall in every state: the order of the 2023 fall of USDC. */
const STABLE_FALL = 0.12
/** Haircut of an asset that falls in the very state that hurts. */
const WRONG_WAY = 1.3

/**
 * Share of an asset without a ladder that is cut off in a state (risk policy B9): at the mark its haircut; in down states the haircut; 1.3 x the haircut where its
 * beta says that it falls in that state; nothing in up states otherwise. A stable asset falls by 12 % in every state, or by its haircut if that is more.
 *
 * @param move - Relative move of the index in the state; 0 is the mark.
 */
export function nodeCut(quote: CollateralQuote, move: Fraction): Fraction {
  const { haircut } = quote
  if (move === 0) return haircut
  if (quote.kind === 'stable') return Math.max(STABLE_FALL, haircut)
  if (quote.beta * move < 0) return Math.min(1, WRONG_WAY * haircut)
  return move < 0 ? haircut : 0
}
