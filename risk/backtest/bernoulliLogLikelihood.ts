import { log } from '../math/index.ts'

/** `hits` ln p + `misses` ln (1 - p), where nothing of a kind adds nothing, also for p = 0 or 1. Unchecked. */
export function bernoulliLogLikelihood(hits: number, misses: number, p: number): number {
  return (hits === 0 ? 0 : hits * log(p)) + (misses === 0 ? 0 : misses * log(1 - p))
}
