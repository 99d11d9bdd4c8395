/**
 * Conditional variance of a return r with residual e = r - mean:
 * h[t + 1] = omega + (alpha + gamma [e[t] < 0]) e[t]^2 + beta h[t].
 *
 * Units are those of the returns: omega of their square, the others none. gamma is 0 in the symmetric model of Bollerslev (1986); it is
 * what falls weigh more in the model of Glosten, Jagannathan and Runkle (1993).
 */
export type GarchParameters = {
  readonly mean: number
  /** Above 0. */
  readonly omega: number
  /** At least 0. */
  readonly alpha: number
  /** alpha + gamma is at least 0. */
  readonly gamma: number
  /** In [0, 1). */
  readonly beta: number
}
