import type { Instrument, Usd } from '../../types/index.ts'
import type { EntryReader } from './readEntry.ts'

/** What a call is worth by the put of its strike, exactly and at all times: sign x put + slope x forward + level. */
export type Parity = { readonly sign: 1 | -1; readonly slope: number; readonly level: Usd }

/** Parity of a call whose put may stand for it; null for everything else. */
export function parityOf(instrument: Instrument): Parity | null {
  if (instrument.kind === 'option' && instrument.type === 'call') return { sign: 1, slope: 1, level: -instrument.strike }
  if (instrument.kind === 'digital' && instrument.type === 'call' && instrument.pays === 'cash') return { sign: -1, slope: 0, level: 1 }
  return null
}

/** Whether `put` is the put of the call's strike and expiry. */
export function isPutOf(put: Instrument, call: Instrument): boolean {
  if (call.kind === 'option') return put.kind === 'option' && put.type === 'put' && put.strike === call.strike && put.expiry === call.expiry
  if (call.kind !== 'digital' || put.kind !== 'digital') return false
  return put.type === 'put' && put.pays === call.pays && put.strike === call.strike && put.expiry === call.expiry
}

/** Reads a call off the entry of its put. */
export function readByParity({ read, skew }: EntryReader, { sign, slope, level }: Parity, forwardRatio: number): EntryReader {
  return {
    read: (spot, vol) => {
      const put = read(spot, vol)
      const linear = slope * spot * forwardRatio + level
      // The bound that counts against a long digital call is the one that counts against a short put.
      return sign === 1 ? { long: linear + put.long, short: linear + put.short } : { long: linear - put.short, short: linear - put.long }
    },
    skew: (spot) => sign * skew(spot),
  }
}
