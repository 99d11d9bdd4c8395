/**
 * One coefficient per regressor: constant, last day, mean of the last week (5), of the last month (22), and in the jump model the last
 * day's jump variance.
 */
export type HarCoefficients = {
  readonly constant: number
  readonly day: number
  readonly week: number
  readonly month: number
  /** Of the model with jumps only. */
  readonly jump?: number
}

/**
 * Outcome of a fit. `standardErrors` are Newey and West's, with `lags` lags. `rSquared` is the share of variance explained, in the scale of
 * the fit. `next` is the forecast of the mean variance over the horizon that begins after the last observation, at least 0.
 */
export type HarFit =
  | {
      readonly status: 'fitted'
      readonly coefficients: HarCoefficients
      readonly standardErrors: HarCoefficients
      readonly lags: number
      readonly rSquared: number
      readonly residualVariance: number
      readonly observations: number
      readonly next: number
    }
  | { readonly status: 'tooFewObservations'; readonly observations: number; readonly needed: number }
  /** The regressors are linear combinations of each other, as with a constant series. */
  | { readonly status: 'collinear' }
