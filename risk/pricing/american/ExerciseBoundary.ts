import type { Carry } from './solveBoundary.ts'

/**
 * Early exercise of an American put with strike 1, ready to price at any spot. `never`: waiting is always better, and the put is European.
 * The boundary depends neither on spot nor on strike, so one serves a whole row of a risk array.
 */
export type ExerciseBoundary =
  | { readonly kind: 'never'; readonly carry: Carry }
  | {
      readonly kind: 'single'
      readonly carry: Carry
      /** ln B(T): at or below it the put is exercised now. */
      readonly logNow: number
      /** Points of the premium integral: ln B(T - v), v, vol sqrt(v), and the weights of r e^(-r v) dv and q e^(-q v) dv. */
      readonly logLater: Float64Array
      readonly ages: Float64Array
      readonly spreads: Float64Array
      readonly interestWeights: Float64Array
      readonly yieldWeights: Float64Array
      /** The latter times B(T - v) e^(-(r - q) v). */
      readonly yieldAtBoundary: Float64Array
    }
