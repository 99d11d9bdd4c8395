import { type ScanCell, scanCells } from '../scenarios/index.ts'
import type { Usd } from '../types/index.ts'
import type { MarginMarket, MarginParameters } from './types.ts'

/** A cell of a scan with its price, and where its values stand in a row of the risk array. */
export type GridCell = ScanCell & { readonly spot: Usd; readonly valueColumn: number; readonly payoffColumn: number }

/**
 * Columns of the risk array. `values` holds the states priced with the model, column 0 being the mark; `payoffs` the spots at which the instrument is
 * taken as expired, column 0 being a spot of zero. Maintenance and initial margin each list their cells; far spots, and all spots when both ranges
 * are equal, share columns.
 */
export type MarginGrid = {
  readonly maintenance: readonly GridCell[]
  readonly initial: readonly GridCell[]
  readonly valueColumns: number
  readonly payoffColumns: number
  /** Distinct cells and distinct spots behind the columns, by column; column 0 left out. */
  readonly distinctCells: readonly GridCell[]
  readonly payoffSpots: readonly Usd[]
}

/** The grid for one set of parameters at one spot. */
export function marginGrid({ spot }: MarginMarket, parameters: MarginParameters): MarginGrid {
  const distinctCells: GridCell[] = []
  const payoffSpots: Usd[] = []
  const valueColumns = new Map<string, number>()
  const payoffColumns = new Map<Usd, number>()
  const place = (cell: ScanCell): GridCell => {
    const cellSpot = spot * (1 + cell.move)
    const key = `${cellSpot} ${cell.volState}`
    const payoffColumn = payoffColumns.get(cellSpot) ?? payoffSpots.push(cellSpot)
    payoffColumns.set(cellSpot, payoffColumn)
    const known = valueColumns.get(key)
    const placed = { ...cell, spot: cellSpot, valueColumn: known ?? distinctCells.length + 1, payoffColumn }
    if (known === undefined) distinctCells.push(placed)
    valueColumns.set(key, placed.valueColumn)
    return placed
  }
  const { priceScanRange, initialRange, tailWeight } = parameters
  const maintenance = scanCells(priceScanRange, tailWeight).map(place)
  const initial = scanCells(Math.max(priceScanRange, initialRange), tailWeight).map(place)
  return {
    maintenance,
    initial,
    valueColumns: distinctCells.length + 1,
    payoffColumns: payoffSpots.length + 1,
    distinctCells,
    payoffSpots,
  }
}
