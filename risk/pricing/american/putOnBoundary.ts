import { expOfSum } from '../../math/exp.ts'
import { log } from '../../math/index.ts'
import { undiscountedValue } from '../undiscountedValue.ts'
import type { ExerciseBoundary } from './ExerciseBoundary.ts'
import { scaledTail } from './scaledTail.ts'

/** Standard deviations above the boundary beyond which a point adds less than 1e-15. */
const FAR = 8

/**
 * American put with strike 1 at `spot` (not checked): the European put plus the interest earned less the yield lost while the spot is below
 * the boundary.
 *
 * @see Kim, Review of Financial Studies 3 (1990), for this decomposition.
 */
export function putOnBoundary(boundary: ExerciseBoundary, spot: number): number {
  const { rate, dividendYield, vol, timeToExpiry } = boundary.carry
  const forward = spot * expOfSum((rate - dividendYield) * timeToExpiry, 0)
  if (boundary.kind === 'never') return european(forward, boundary.carry)
  const logSpot = log(spot)
  if (logSpot <= boundary.logNow) return 1 - spot
  const { logLater, ages, spreads, interestWeights, yieldWeights, yieldAtBoundary } = boundary
  const up = rate - dividendYield + 0.5 * vol * vol
  let premium = 0
  for (let k = 0; k < ages.length; k++) {
    const spread = spreads[k]!
    const u = (logSpot - logLater[k]! + up * ages[k]!) / spread
    const d = u - spread
    if (d > FAR) continue
    // One density serves both tails: spot phi(u) = B e^(-(r - q) v) phi(d).
    const density = expOfSum(-0.5 * d * d, 0)
    const interest = density * scaledTail(Math.abs(d))
    const income = yieldAtBoundary[k]! * density * scaledTail(Math.abs(u))
    premium += interestWeights[k]! * (d >= 0 ? interest : 1 - interest) - (u >= 0 ? income : yieldWeights[k]! * spot - income)
  }
  return Math.max(1 - spot, european(forward, boundary.carry) + Math.max(0, premium))
}

function european(forward: number, { rate, vol, timeToExpiry }: ExerciseBoundary['carry']): number {
  return expOfSum(-rate * timeToExpiry, 0) * undiscountedValue('put', forward, 1, vol * Math.sqrt(timeToExpiry))
}
