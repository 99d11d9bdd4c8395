import type { Position } from '../types/index.ts'
import type { GridCell } from './marginGrid.ts'
import type { RiskArray } from './riskArray.ts'
import type { Pass } from './scanPasses.ts'

/** The cells of a scan for one account: those that all accounts visit, and those at the strikes that it holds and that expire soon. */
export function cellsOf({ grid, rows }: RiskArray, pass: Pass, positions: readonly Position[]): readonly GridCell[] {
  const common = grid.scans[pass]
  if (grid.atStrike.size === 0) return common
  const strikes = new Set(positions.map(({ instrument }) => rows[instrument]!.soonStrike))
  const own = [...strikes].flatMap((strike) => (strike === null ? [] : (grid.atStrike.get(strike)?.[pass] ?? [])))
  return own.length === 0 ? common : [...common, ...own.sort((a, b) => a.spot - b.spot)]
}
