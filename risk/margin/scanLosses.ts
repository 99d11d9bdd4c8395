import type { Fraction, Position, Usd } from '../types/index.ts'
import { cellsOf } from './cellsOf.ts'
import type { RiskArray } from './riskArray.ts'
import type { Pass } from './scanPasses.ts'
import type { StressedPortfolio } from './stressPortfolio.ts'

/** Losses of one account along a scan; negative is a gain. */
export type ScanLosses = {
  readonly range: Fraction
  /** In-range moves of the index, ascending, and the worse of both vol states at each. */
  readonly moves: readonly Fraction[]
  readonly losses: readonly Usd[]
  /** Damped losses at the far multiples, ascending. */
  readonly far: readonly Usd[]
}

/** The losses of a stressed account by move, for one scan. */
export function scanLosses(
  array: RiskArray,
  pass: Pass,
  positions: readonly Position[],
  { mark, stressed }: StressedPortfolio,
): ScanLosses {
  const inRange = new Map<Fraction, Usd>()
  const far: Usd[] = []
  for (const { move, weight, far: isFar, valueColumn } of cellsOf(array, pass, positions)) {
    const loss = weight * (mark - stressed[valueColumn]!)
    if (isFar) far.push(loss)
    else inRange.set(move, Math.max(inRange.get(move) ?? Number.NEGATIVE_INFINITY, loss))
  }
  const ordered = [...inRange].sort(([a], [b]) => a - b)
  return { range: array.passes[pass].range, moves: ordered.map(([move]) => move), losses: ordered.map(([, loss]) => loss), far }
}
