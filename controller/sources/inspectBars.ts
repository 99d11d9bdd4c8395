import type { Bar } from '../../risk/types/index.ts'
import { BadPrintError } from '../errors/SourceErrors.ts'

/** Largest move of a price against the closes around it that an hour of a liquid market has shown, with room to spare. */
const MAX_MOVE = 3

/**
 * Looks for single prints that no market made, such as a low of 0.06 in a market at 1,180: a price more than three times above, or less than a third of,
 * both the close before and the bar's own close; or a close that far from both its neighbours.
 *
 * @param bars - Ascending; the first one is only a neighbour.
 * @throws {BadPrintError} With the first such price.
 */
export function assertNoBadPrints(source: string, bars: readonly Bar[]): void {
  for (let i = 1; i < bars.length; i++) {
    const bar = bars[i] as Bar
    const before = (bars[i - 1] as Bar).close
    // The newest bar has no neighbour after it; its own open stands in.
    const after = bars[i + 1]?.open ?? bar.open
    assertNear(source, bar, 'close', before, after)
    assertNear(source, bar, 'high', before, bar.close)
    assertNear(source, bar, 'low', before, bar.close)
  }
}

function assertNear(source: string, bar: Bar, field: 'close' | 'high' | 'low', left: number, right: number): void {
  const ceiling = MAX_MOVE * Math.max(left, right)
  const floor = Math.min(left, right) / MAX_MOVE
  const got = bar[field]
  if (got > ceiling) throw new BadPrintError({ source, start: bar.start, field, got, limit: ceiling })
  if (got < floor) throw new BadPrintError({ source, start: bar.start, field, got, limit: floor })
}
