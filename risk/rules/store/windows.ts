import type { ParameterEntry, UnixSeconds } from '../../types/index.ts'
import { LOOSEN_SUM_MODULUS, TIGHTEN_SUM_MODULUS, wrappedDifference } from '../arithmetic.ts'
import type { ParameterRecord } from './state.ts'

const TIGHTEN_WINDOW = 86_400

/** Position of the newest entry not younger than `cutoff`; 0 when none is that old. Mirrors `History.windowStart`. */
export function windowStart(history: readonly ParameterEntry[], cutoff: UnixSeconds): number {
  let low = 0
  let high = history.length
  while (high - low > 1) {
    const middle = (low + high) >>> 1
    if (history[middle]!.time <= cutoff) low = middle
    else high = middle
  }
  return low
}

/** Gross tightening inside the last 24 h per sum, own unit, and the value at the start of the window. Mirrors `Judge._tightenUsed`. */
export function tightenUsed(
  { history }: ParameterRecord,
  now: UnixSeconds,
): { readonly used: number; readonly stewardUsed: number; readonly base: number } {
  const first = history[windowStart(history, Math.max(0, now - TIGHTEN_WINDOW))]!
  const last = history.at(-1)!
  return {
    used: wrappedDifference(last.cumulativeTighten, first.cumulativeTighten, TIGHTEN_SUM_MODULUS),
    stewardUsed: wrappedDifference(last.cumulativeStewardTighten, first.cumulativeStewardTighten, TIGHTEN_SUM_MODULUS),
    base: first.value,
  }
}

/** Gross loosening inside the window of the rule, bps. Mirrors `Judge._loosenUsed`. */
export function loosenUsed({ history, rule }: ParameterRecord, now: UnixSeconds): number {
  const first = history[windowStart(history, Math.max(0, now - rule.loosenWindow * 3600))]!
  return wrappedDifference(history.at(-1)!.cumulativeLoosenBps, first.cumulativeLoosenBps, LOOSEN_SUM_MODULUS)
}

/** Value in force at `time`; null before the first entry. Of entries with one time the last wins. Mirrors `RiskParameters.valueAt`. */
export function valueAt({ history }: ParameterRecord, time: UnixSeconds): number | null {
  const entry = history[windowStart(history, time)]!
  return entry.time > time ? null : entry.value
}
