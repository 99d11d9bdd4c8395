import type { Fraction, Usd } from '../../risk/types/index.ts'

/** Moves of the index that bring an account to maintenance; null when none on that side does. */
export type LiquidationDistance = { readonly down: Fraction | null; readonly up: Fraction | null }

/** An account as the margin contract reads it, USD; delta per relative move of one, gamma its change. */
export type DistanceInputs = { readonly equity: Usd; readonly maintenance: Usd; readonly delta: Usd; readonly gamma: Usd }

/**
 * How far the index may move, either way, until an account stands below maintenance, from the contract's own sensitivities: equity moves by delta x + gamma x^2 / 2, the requirement with the
 * price, maintenance (1 + x). Exact for futures, whose requirement is a share of the price; for options an estimate that is good for small moves. All underlyings move together.
 */
export function distanceToLiquidation({ equity, maintenance, delta, gamma }: DistanceInputs): LiquidationDistance {
  if (equity < maintenance) return { down: 0, up: 0 }
  // gamma / 2 x^2 + (delta - maintenance) x + (equity - maintenance) = 0
  const roots = rootsOf(gamma / 2, delta - maintenance, equity - maintenance)
  const below = roots.filter((x) => x < 0 && x > -1)
  const above = roots.filter((x) => x > 0)
  return { down: below.length === 0 ? null : Math.max(...below), up: above.length === 0 ? null : Math.min(...above) }
}

/** Real roots of a x^2 + b x + c, in the form that loses no digits. */
function rootsOf(a: number, b: number, c: number): number[] {
  if (a === 0) return b === 0 ? [] : [-c / b]
  const discriminant = b * b - 4 * a * c
  if (discriminant < 0) return []
  const q = -0.5 * (b + (b < 0 ? -1 : 1) * Math.sqrt(discriminant))
  return q === 0 ? [0] : [q / a, c / q]
}
