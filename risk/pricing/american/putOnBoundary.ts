import { expOfSum } from '../../math/exp.ts'
import { log } from '../../math/index.ts'
import { scaledErfc } from '../../math/scaledErfc.ts'
import { undiscountedValue } from '../undiscountedValue.ts'
import type { ExerciseBoundary } from './ExerciseBoundary.ts'

/**
 * American put with strike 1 at `spot` (not checked): the European put plus the interest earned less the yield lost while the spot is below the boundary.
 *
 * @see Kim, Review of Financial Studies 3 (1990), equation 11.
 */
export function putOnBoundary(boundary: ExerciseBoundary, spot: number): number {
  const { rate, dividendYield, vol, timeToExpiry } = boundary.carry
  const forward = spot * expOfSum((rate - dividendYield) * timeToExpiry, 0)
  if (boundary.kind === 'never') return european(forward, boundary.carry)
  const logSpot = log(spot)
  if (logSpot <= boundary.logNow) return 1 - spot
  const { logLater, ages, spreads, interestWeights, yieldWeights } = boundary
  const up = rate - dividendYield + 0.5 * vol * vol
  let premium = 0
  for (let k = 0; k < ages.length; k++) {
    const spread = spreads[k]!
    const u = (logSpot - logLater[k]! + up * ages[k]!) / spread
    premium += interestWeights[k]! * upperTail(u - spread) - yieldWeights[k]! * spot * upperTail(u)
  }
  return Math.max(1 - spot, european(forward, boundary.carry) + Math.max(0, premium))
}

function european(forward: number, { rate, vol, timeToExpiry }: ExerciseBoundary['carry']): number {
  return expOfSum(-rate * timeToExpiry, 0) * undiscountedValue('put', forward, 1, vol * Math.sqrt(timeToExpiry))
}

/** N(-d). */
function upperTail(d: number): number {
  const tail = 0.5 * expOfSum(-0.5 * d * d, 0) * scaledErfc(Math.abs(d) * Math.SQRT1_2)
  return d >= 0 ? tail : 1 - tail
}
