import { pow } from '../../math/index.ts'
import type { Vol, Years } from '../../types/index.ts'
import type { SetCell, VolRule } from './ScenarioSet.ts'

const DAY = 1 / 365
const REFERENCE = 30 * DAY

/** Vol of an expiry in a state of a set; never below zero. Arguments are not checked. */
export function shockedVol(rule: VolRule, vol: Vol, timeToExpiry: Years, state: SetCell['vol']): Vol {
  if (state === 'flat') return vol
  if (rule.kind === 'points') return Math.max(0, state === 'up' ? vol + rule.up : vol - rule.down)
  const time = Math.max(timeToExpiry, DAY)
  const scale = pow(REFERENCE / time, time < REFERENCE ? rule.shortPower : rule.longPower)
  if (state === 'up') return Math.max(vol, rule.upFloor) * (1 + rule.up * scale)
  const downScale = rule.downScaleCeiling === null ? scale : Math.min(scale, rule.downScaleCeiling)
  return vol * Math.max(rule.downLeast, 1 - rule.down * downScale)
}
