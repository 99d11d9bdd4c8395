import { InvalidInputError } from '../errors/index.ts'
import { compensatedSum, log } from '../math/index.ts'
import type { Bar, Fraction, Usd } from '../types/index.ts'

/**
 * Amihud's illiquidity: mean of |return| / volume, in fraction of price per USD traded. Multiply by 1e6 for the usual scale.
 * Periods without volume say nothing about price impact and are left out.
 *
 * @param returns - One per period, finite.
 * @param volumes - USD traded in the same periods, finite, at least 0.
 * @returns null when no period has volume.
 * @throws {InvalidInputError} Lengths differ or a number is outside its domain.
 * @see Amihud, Journal of Financial Markets 5 (2002).
 */
export function amihud(returns: ArrayLike<Fraction>, volumes: ArrayLike<Usd>): number | null {
  if (returns.length !== volumes.length)
    throw new InvalidInputError({
      argument: 'volumes',
      got: `${volumes.length} values`,
      limit: `${returns.length} values, as many as returns`,
    })
  const ratios: number[] = []
  for (let i = 0; i < returns.length; i++) {
    const move = returns[i]!
    const volume = volumes[i]!
    if (!Number.isFinite(move)) throw new InvalidInputError({ argument: `returns[${i}]`, got: move, limit: 'finite' })
    if (!(volume >= 0 && volume < Number.POSITIVE_INFINITY))
      throw new InvalidInputError({ argument: `volumes[${i}]`, got: volume, limit: 'finite and at least 0' })
    if (volume > 0) ratios.push(ratioOf(Math.abs(move), volume, i))
  }
  return ratios.length === 0 ? null : compensatedSum(ratios) / ratios.length
}

/**
 * {@link amihud} from bars: log returns between closes, and volume in USD at the bar's close.
 *
 * @param bars - Ascending in time, at least two.
 * @throws {InvalidInputError} Fewer than two bars, bars out of order, or a number outside its domain.
 */
export function amihudFromBars(bars: readonly Pick<Bar, 'end' | 'close' | 'volume'>[]): number | null {
  if (bars.length < 2) throw new InvalidInputError({ argument: 'bars', got: `${bars.length} bars`, limit: 'at least 2' })
  const returns = bars.slice(1).map((bar, i) => {
    const before = bars[i]!
    if (!(bar.end > before.end)) throw new InvalidInputError({ argument: `bars[${i + 1}].end`, got: bar.end, limit: `after ${before.end}` })
    return log(bar.close / before.close)
  })
  return amihud(
    returns,
    bars.slice(1).map(({ close, volume }) => close * volume),
  )
}

function ratioOf(move: Fraction, volume: Usd, i: number): number {
  const ratio = move / volume
  if (ratio === Number.POSITIVE_INFINITY)
    throw new InvalidInputError({ argument: `volumes[${i}]`, got: volume, limit: `0, or large enough that ${move} over it is finite` })
  return ratio
}
