import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Seconds } from '../../risk/types/index.ts'

/** A file of recorded bars, as its name describes it. */
export type Recording = {
  readonly path: string
  readonly name: string
  /** Length of its bars. */
  readonly barSeconds: Seconds
  /** Whether a row's time is the start or the end of its bar. */
  readonly stamp: 'start' | 'end'
}

const barSeconds: Readonly<Record<string, Seconds>> = { '1m': 60, '10m': 600, '30m': 1_800, '1h': 3_600 }
/** Recordings whose rows carry the end of the bar, against the rule of the folder. */
const stampedAtEnd = ['BTC-PERP_1m']

/**
 * Recordings of a market in `ohlcv/` of a data folder, by file name: `<base><quote>_<venue>_<interval>_<from>_<to>.csv`, plain or gzipped. Daily bars are left out:
 * the engine's tick is an hour.
 */
export function listRecordings(directory: string, market: string): Recording[] {
  const folder = join(directory, 'ohlcv')
  return readdirSync(folder)
    .filter((file) => /\.csv(\.gz)?$/.test(file) && new RegExp(`^${market}(USD|-)`).test(file))
    .sort()
    .flatMap((file): Recording[] => {
      const interval = file.split('_').find((part) => part in barSeconds)
      if (interval === undefined) return []
      const stamp = stampedAtEnd.some((name) => file.startsWith(name)) ? 'end' : 'start'
      return [{ path: join(folder, file), name: file, barSeconds: barSeconds[interval] as Seconds, stamp }]
    })
}
