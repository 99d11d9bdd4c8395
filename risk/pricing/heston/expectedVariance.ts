import { exp } from '../../math/index.ts'
import type { Years } from '../../types/index.ts'
import type { HestonVariance } from './hestonInputs.ts'

/** Expected variance per year until `time`. */
export function expectedVariance({ v0, kappa, theta }: HestonVariance, time: Years): number {
  const x = kappa * time
  const share = x > 1e-3 ? (1 - exp(-x)) / x : 1 - x / 2 + (x * x) / 6 - (x * x * x) / 24
  return theta + (v0 - theta) * share
}
