import type { Usd, Vol } from '../../types/index.ts'
import type { ValueSource } from '../riskArray.ts'
import { type RowGreeks, rowGreeks } from '../rowGreeks.ts'
import type { Pass } from '../scanPasses.ts'
import { type Parity, readByParity } from './parity.ts'
import { type EntryReader, type Reading, readEntry } from './readEntry.ts'
import type { LadderChain, LadderHeader } from './types.ts'
import { liveVols } from './volScale.ts'

/** Relative step in price of the difference that gives delta. */
const SMALL_STEP = 1 / 1024
/** Absolute step in vol of the difference that gives vega. */
const VOL_STEP = 1 / 256

/** Where an instrument stands in the posted chains. */
export type PostedEntry = {
  readonly chain: LadderChain
  readonly entry: number
  /** How a call follows from the put that the entry holds; null where the entry is the instrument's own. */
  readonly parity: Parity | null
}

/**
 * Values of a risk array read off the posted chains at the live index price and the live vols at the money. Linear claims are exact. Instruments have been found in the
 * chains by the caller.
 */
export function ladderSource(posted: ReadonlyMap<string, PostedEntry>, spot: Usd): ValueSource {
  return (instrument, module, { mark }, grid, passes) => {
    const { timeToExpiry, forwardRatio, atmVol } = mark
    const values = new Float64Array(grid.valueColumns)
    if (module.stressedValue === 'exact') {
      const at = (price: Usd): Usd => module.value(instrument, { spot: price, forward: price * forwardRatio, vol: atmVol, timeToExpiry })
      values[0] = at(spot)
      for (const cell of grid.distinctCells) values[cell.valueColumn] = at(cell.spot)
      return { values, greeks: rowGreeks(module, instrument, mark, spot, atmVol, 0) }
    }
    const { chain, entry, parity } = posted.get(instrument.id)!
    const { header, entries } = chain
    const own = readEntry(header, entries[entry]!, module, entries[entry]!.instrument)
    const reader = parity === null ? own : readByParity(own, parity, header.forwardRatio)
    const shortValues = new Float64Array(grid.valueColumns)
    const fill = (column: number, reading: Reading): void => {
      values[column] = reading.long
      shortValues[column] = reading.short
    }
    const drift = atmVol / header.atmVol
    const volsIn = (pass: Pass) => liveVols(entries[entry]!, drift, timeToExpiry, passes[pass])
    const vols = { maintenance: volsIn('maintenance'), initial: volsIn('initial') }
    fill(0, reader.read(spot, vols.maintenance.mark))
    for (const cell of grid.distinctCells) fill(cell.valueColumn, reader.read(cell.spot, vols[cell.shocks][cell.volState]))
    return { values, shortValues, greeks: ladderGreeks(reader, spot, vols.maintenance.mark, header) }
  }
}

function ladderGreeks({ read, skew }: EntryReader, spot: Usd, vol: Vol, header: LadderHeader): RowGreeks {
  const value = (at: Usd): Usd => read(at, vol).long
  const small = spot * SMALL_STEP
  // A cubic through nodes says nothing of curvature finer than they are.
  const wide = (spot * header.grid.nearSpacing) / 2
  return {
    delta: (value(spot + small) - value(spot - small)) / (2 * small),
    gamma: (value(spot + wide) - 2 * value(spot) + value(spot - wide)) / (wide * wide),
    vega: (read(spot, vol + VOL_STEP).long - read(spot, vol - VOL_STEP).long) / (2 * VOL_STEP),
    skew: skew(spot),
  }
}
