import type { OptionType, Usd } from '../types/index.ts'

/** A value that is known at one price of the index. */
export type KnownValue = { readonly forward: Usd; readonly value: Usd }

/** Bounds between which a value must lie. */
export type ValueBounds = { readonly least: Usd; readonly most: Usd }

/**
 * No-arbitrage bounds of a European option's value at a forward where it is not known, from its values elsewhere at the same vol and time: it lies between payoff
 * and price, is monotone, moves by no more than the forward does, and is convex (Merton, Bell Journal of Economics 4, 1973, theorems 1 to 4).
 *
 * @param known - Nearest known values: one, or one on either side in ascending order.
 */
export function valueBounds(type: OptionType, strike: Usd, forward: Usd, known: readonly KnownValue[]): ValueBounds {
  let least = Math.max(0, type === 'call' ? forward - strike : strike - forward)
  let most = type === 'call' ? forward : strike
  for (const { forward: at, value } of known) {
    const step = forward - at
    const rise = type === 'call' ? step : -step
    least = Math.max(least, rise >= 0 ? value : value + rise)
    most = Math.min(most, rise >= 0 ? value + rise : value)
  }
  const [below, above] = known
  if (below !== undefined && above !== undefined) {
    const part = (forward - below.forward) / (above.forward - below.forward)
    most = Math.min(most, below.value + part * (above.value - below.value))
  }
  return { least: Math.min(least, most), most }
}
