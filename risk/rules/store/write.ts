import type { ParameterSpec, ParameterValue, Reason, UnixSeconds, Writer } from '../../types/index.ts'
import { LOOSEN_SUM_MODULUS, TIGHTEN_SUM_MODULUS } from '../arithmetic.ts'
import { isTighter } from '../moveOf.ts'
import { retargetedRamp } from './ramp.ts'
import type { ParameterRecord } from './state.ts'

/** A value about to be written. Charges are what it adds to the budgets: zero for the DAO, an undo and an activation. */
export type Write = {
  readonly value: number
  readonly writer: Writer
  readonly reason: Reason
  readonly round?: number
  /** Bps. */
  readonly loosenBps?: number
  /** Own unit, controller and dead-man. */
  readonly tighten?: number
  /** Own unit. */
  readonly stewardTighten?: number
}

/** Appends the entry, moves the target and seeds the timers; a pending loosening is void from here on. Mirrors `Store._write`. */
export function writeValue(spec: ParameterSpec, record: ParameterRecord, write: Write, now: UnixSeconds): ParameterRecord {
  const last = record.history.at(-1)!
  const entry = {
    value: write.value as ParameterValue,
    time: now,
    cumulativeLoosenBps: (last.cumulativeLoosenBps + (write.loosenBps ?? 0)) % LOOSEN_SUM_MODULUS,
    cumulativeTighten: (last.cumulativeTighten + (write.tighten ?? 0)) % TIGHTEN_SUM_MODULUS,
    cumulativeStewardTighten: (last.cumulativeStewardTighten + (write.stewardTighten ?? 0)) % TIGHTEN_SUM_MODULUS,
    round: write.round ?? 0,
    writer: write.writer,
    reason: write.reason,
  }
  return {
    ...record,
    value: write.value,
    ramp: retargetedRamp(spec, record, write.value, now),
    lastTightenAt: isTighter(spec.direction, write.value, record.value) ? now : record.lastTightenAt,
    history: [...record.history, entry],
  }
}
