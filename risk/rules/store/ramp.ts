import type { Direction, ParameterSpec, UnixSeconds } from '../../types/index.ts'
import { rampProgress } from '../arithmetic.ts'
import { isTighter } from '../moveOf.ts'
import type { ParameterRecord } from './state.ts'

/** Value that maintenance margin reads at `now`: speed-limited toward the target. Mirrors `Store._effective` and `Ramp.effective`. */
export function effectiveValue(spec: ParameterSpec, record: ParameterRecord, now: UnixSeconds): number {
  return spec.ramped ? ramped(spec.direction, record, now) : record.value
}

function ramped(direction: Direction, { ramp, rule, value }: ParameterRecord, now: UnixSeconds): number {
  const progress = rampProgress(rule.rampPerHour, now - ramp.since)
  if (direction === 'up') return Math.min(ramp.origin + progress, value)
  return Math.max(Math.max(0, ramp.origin - progress), value)
}

/**
 * Origin of the ramp after the target moves to `value`: while a ramp runs its origin stays, so n small writes give exactly what one big write gives.
 * A target looser than the effective value takes effect at once. Mirrors `Ramp.retarget`.
 */
export function retargetedRamp(spec: ParameterSpec, record: ParameterRecord, value: number, now: UnixSeconds): ParameterRecord['ramp'] {
  if (!spec.ramped) return { origin: value, since: now }
  const current = ramped(spec.direction, record, now)
  if (!isTighter(spec.direction, value, current)) return { origin: value, since: now }
  return current === record.value ? { origin: current, since: now } : record.ramp
}

/** Origin at the effective value under the old speed; called before the speed changes. Mirrors `Ramp.settle`. */
export function settledRamp(spec: ParameterSpec, record: ParameterRecord, now: UnixSeconds): ParameterRecord['ramp'] {
  return { origin: ramped(spec.direction, record, now), since: now }
}
