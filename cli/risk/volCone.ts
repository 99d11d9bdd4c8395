import { quantile } from '../../risk/math/index.ts'
import type { Bar, Vol } from '../../risk/types/index.ts'
import { annualise, closeToClose } from '../../risk/volatility/index.ts'

const HORIZONS = [1, 2, 3, 7, 14, 30, 60, 90, 180, 365]
const LEVELS = [0, 0.25, 0.5, 0.75, 1] as const
/** Fewer windows than this say nothing of a spread. */
const LEAST_WINDOWS = 20
const DAY = 86_400

/** Realised volatility over windows of one length: its least, quartiles and largest over the recording, and the one of the last window. */
export type ConePoint = { readonly days: number; readonly windows: number; readonly quantiles: readonly Vol[]; readonly now: Vol }

/** Close-to-close volatility of every window that ends with a day of the recording, by length. Lengths with fewer than 20 windows are left out. */
export function volCone(bars: readonly Bar[]): ConePoint[] {
  const sums = [0]
  for (let i = 1; i < bars.length; i++) sums.push(sums[i - 1]! + closeToClose(bars[i - 1]!.close, bars[i]!.close))
  const ends = bars.map(({ end }) => end)
  return HORIZONS.flatMap((days): ConePoint[] => {
    const vols: Vol[] = []
    let first = 0
    for (let i = 0; i < bars.length; i++) {
      const isDayEnd = i === bars.length - 1 || Math.floor(ends[i + 1]! / DAY) !== Math.floor(ends[i]! / DAY)
      if (!isDayEnd || ends[i]! - ends[0]! < days * DAY) continue
      while (ends[first + 1]! <= ends[i]! - days * DAY) first++
      vols.push(annualise(Math.max(0, sums[i]! - sums[first]!), ends[i]! - ends[first]!))
    }
    if (vols.length < LEAST_WINDOWS) return []
    return [{ days, windows: vols.length, quantiles: LEVELS.map((level) => quantile(vols, level)), now: vols.at(-1)! }]
  })
}
