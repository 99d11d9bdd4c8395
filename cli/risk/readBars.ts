import { BadRecordingError, parseBars, parseUtc } from '../../risk/market/index.ts'
import type { Bar, Seconds } from '../../risk/types/index.ts'
import { CliError } from '../kit/CliError.ts'
import type { InputText } from '../kit/readInput.ts'

const SHOWN = 20

/** Bars of a recording, ascending; `barSeconds` is their length. */
export type ReadBars = { readonly bars: readonly Bar[]; readonly barSeconds: Seconds; readonly missingBars: number }

/**
 * Reads bars as CSV: timestamp, open, high, low, close, volume, times UTC at the start of a bar. The length of a bar is the shortest step between two lines.
 *
 * @throws {CliError} Lines are wrong; each is named, up to twenty.
 */
export function readBars({ name, text }: InputText): ReadBars {
  const barSeconds = shortestStep(text)
  try {
    return { ...parseBars(text, barSeconds), barSeconds }
  } catch (cause) {
    if (!(cause instanceof BadRecordingError)) throw cause
    const { faults } = cause.context
    const lines = faults.slice(0, SHOWN).map(({ line, fault }) => `  line ${line}: ${fault}`)
    const more = faults.length > SHOWN ? [`  and ${faults.length - SHOWN} more`] : []
    const count = faults.length === 1 ? '1 line' : `${faults.length} lines`
    throw new CliError(
      'configuration',
      `${name}: ${count} cannot be used.`,
      [...lines, ...more].join('\n'),
      { faults: [...faults] },
      { cause },
    )
  }
}

function shortestStep(text: string): Seconds {
  const times = text.split('\n', 2_000).flatMap((line) => parseUtc(line.slice(0, line.indexOf(','))) ?? [])
  const steps = times.slice(1).flatMap((time, i) => (time > times[i]! ? [time - times[i]!] : []))
  return steps.length === 0 ? 3_600 : Math.min(...steps)
}
