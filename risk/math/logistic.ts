import { exp } from './exp.ts'

/** 1 / (1 + e^-x), in [0, 1], without overflow for any finite x (not checked). */
export function logistic(x: number): number {
  if (x >= 0) return 1 / (1 + exp(-x))
  const odds = exp(x)
  return odds / (1 + odds)
}
