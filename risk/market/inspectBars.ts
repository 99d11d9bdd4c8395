import type { Bar, Seconds, UnixSeconds, Usd } from '../types/index.ts'
import { barFault } from './barFault.ts'

/** No liquid market has moved by more than this factor within an hour; a price further than that from all its neighbours is a bad print. */
export const BAD_PRINT_FACTOR = 3

/** What the bars have to fit to. */
export type BarFrame = {
  /** End and close of the last bar before these. */
  readonly lastEnd: UnixSeconds
  readonly lastClose: Usd
  /** Length of every bar. */
  readonly barSeconds: Seconds
  /** End of the data window: nothing may be known later. */
  readonly observedAt: UnixSeconds
}

/** `usable` bars may be folded; `excluded` ones are single bad prints that later bars have refuted. */
export type BarInspection =
  | { readonly kind: 'usable'; readonly bars: readonly Bar[]; readonly excluded: readonly Bar[] }
  | { readonly kind: 'faulty'; readonly detail: string }

/**
 * Judges the new bars of a tick. Faulty are: a value outside its domain, a wrong length, bars out of order, repeated or overlapping, times in the
 * future, and a newest bar whose price nobody has confirmed yet. A missing bar is no fault: the next one carries the move of the gap.
 *
 * @param bars - In the order of the snapshot.
 */
export function inspectBars(bars: readonly Bar[], frame: BarFrame): BarInspection {
  let before = frame.lastEnd
  for (const bar of bars) {
    const fault = barFault(bar) ?? placeFault(bar, before, frame)
    if (fault !== null) return { kind: 'faulty', detail: `Bar ${bar.start}: ${fault}.` }
    before = bar.end
  }
  const usable: Bar[] = []
  const excluded: Bar[] = []
  let close = frame.lastClose
  for (const [i, bar] of bars.entries()) {
    const next = bars[i + 1]
    const verdict = judgePrint(bar, close, next)
    if (verdict === 'unconfirmed')
      return { kind: 'faulty', detail: `Bar ${bar.start}: close ${bar.close} is far from ${close} and not confirmed by a later bar.` }
    if (verdict === 'bad') excluded.push(bar)
    else {
      usable.push(bar)
      close = bar.close
    }
  }
  return { kind: 'usable', bars: usable, excluded }
}

function placeFault({ start, end, knownAt }: Bar, before: UnixSeconds, { barSeconds, observedAt }: BarFrame): string | null {
  if (end - start !== barSeconds) return `it is ${end - start} s long; the market's bars are ${barSeconds} s`
  if (start < before) return `it starts before ${before}, the end of the bar before`
  if (knownAt > observedAt) return `it is known at ${knownAt}, after the window's end ${observedAt}`
  return null
}

/** A wick far from the bar's own body is bad at once; a close far from the close before needs the next bar to tell. */
function judgePrint(bar: Bar, before: Usd, next: Bar | undefined): 'good' | 'bad' | 'unconfirmed' {
  const body = [bar.open, bar.close]
  if (isFar(bar.high, [...body, before]) || isFar(bar.low, [...body, before])) return 'bad'
  if (!isFar(bar.close, [before])) return 'good'
  if (next === undefined) return 'unconfirmed'
  return isFar(bar.close, [next.close]) ? 'bad' : 'good'
}

function isFar(price: Usd, neighbours: readonly Usd[]): boolean {
  return neighbours.every((each) => price > BAD_PRINT_FACTOR * each || price * BAD_PRINT_FACTOR < each)
}
