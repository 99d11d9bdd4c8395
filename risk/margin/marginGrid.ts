import { type ScanCell, scanCells, type VolState } from '../scenarios/index.ts'
import type { Usd } from '../types/index.ts'
import type { Pass, ScanParameters } from './scanPasses.ts'

/** A cell of a scan with its price, the scan whose vol shocks it takes, and where its values stand in a row of the risk array. */
export type GridCell = ScanCell & { readonly spot: Usd; readonly shocks: Pass; readonly valueColumn: number; readonly payoffColumn: number }

/** The cells of both scans. */
export type PassCells = Readonly<Record<Pass, readonly GridCell[]>>

/**
 * Columns of the risk array. `values` holds the states priced with the model, column 0 being the mark; `payoffs` the spots at which the instrument is
 * taken as expired, column 0 being a spot of zero. Maintenance and initial margin each list their cells; states that both visit share columns.
 * First come the columns that every account visits, then those at strikes.
 */
export type MarginGrid = {
  readonly scans: PassCells
  /** Cells at strikes that expire soon, by strike: only accounts that hold one visit them. */
  readonly atStrike: ReadonlyMap<Usd, PassCells>
  readonly valueColumns: number
  readonly payoffColumns: number
  /** Columns that every account visits. */
  readonly commonValueColumns: number
  readonly commonPayoffColumns: number
  /** Distinct cells and distinct spots behind the columns, by column; column 0 left out. */
  readonly distinctCells: readonly GridCell[]
  readonly payoffSpots: readonly Usd[]
}

/**
 * The grid of both scans at one spot.
 *
 * @param soonStrikes - Distinct strikes of the book that expire soon.
 */
export function marginGrid(spot: Usd, passes: Readonly<Record<Pass, ScanParameters>>, soonStrikes: readonly Usd[]): MarginGrid {
  const distinctCells: GridCell[] = []
  const payoffSpots: Usd[] = []
  const valueColumns = new Map<string, number>()
  const payoffColumns = new Map<Usd, number>()
  const { maintenance, initial } = passes
  const sameShocks = maintenance.volScanUp === initial.volScanUp && maintenance.volScanDown === initial.volScanDown
  const place = (cell: ScanCell, cellSpot: Usd, pass: Pass): GridCell => {
    const shocks = sameShocks ? 'maintenance' : pass
    const key = `${cellSpot} ${cell.volState} ${shocks}`
    const payoffColumn = payoffColumns.get(cellSpot) ?? payoffSpots.push(cellSpot)
    payoffColumns.set(cellSpot, payoffColumn)
    const known = valueColumns.get(key)
    const placed = { ...cell, spot: cellSpot, shocks, valueColumn: known ?? distinctCells.length + 1, payoffColumn } as const
    if (known === undefined) distinctCells.push(placed)
    valueColumns.set(key, placed.valueColumn)
    return placed
  }
  const scan = (pass: Pass): GridCell[] =>
    scanCells(passes[pass].range, passes[pass].tailWeight).map((cell) => place(cell, spot * (1 + cell.move), pass))
  const scans = { maintenance: scan('maintenance'), initial: scan('initial') }
  const common = { commonValueColumns: distinctCells.length + 1, commonPayoffColumns: payoffSpots.length + 1 }

  const strikeCells = (strike: Usd, pass: Pass): GridCell[] => {
    const move = strike / spot - 1
    if (Math.abs(move) > passes[pass].range) return []
    return (['up', 'down'] as const).map((volState: VolState) => place({ move, weight: 1, far: false, volState }, strike, pass))
  }
  const atStrike = new Map(
    soonStrikes.map((strike) => [strike, { maintenance: strikeCells(strike, 'maintenance'), initial: strikeCells(strike, 'initial') }]),
  )
  return {
    scans,
    atStrike,
    valueColumns: distinctCells.length + 1,
    payoffColumns: payoffSpots.length + 1,
    ...common,
    distinctCells,
    payoffSpots,
  }
}
