import { type Concentration, concentrationOf } from './concentrationOf.ts'
import type { MonitoredAccount } from './MonitorStore.ts'

/** Both sides of one instrument. */
export type InstrumentSides = { readonly instrument: bigint; readonly long: Concentration; readonly short: Concentration }

/** Who holds each instrument, ascending by instrument. */
export function sidesOf(accounts: readonly MonitoredAccount[]): InstrumentSides[] {
  const sides = new Map<bigint, { readonly long: bigint[]; readonly short: bigint[] }>()
  for (const { positions } of accounts)
    for (const [instrument, lots] of positions) {
      const side = sides.get(instrument) ?? { long: [], short: [] }
      sides.set(instrument, side)
      if (lots > 0n) side.long.push(lots)
      else side.short.push(-lots)
    }
  return [...sides]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([instrument, { long, short }]) => ({ instrument, long: concentrationOf(long), short: concentrationOf(short) }))
}
