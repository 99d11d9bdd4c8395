/**
 * Generalised Pareto tail of losses above a threshold: P(X - threshold > y | X > threshold) = (1 + shape y / scale)^(-1 / shape),
 * exponential for shape 0.
 */
export type GpdTail = {
  readonly threshold: number
  /** Above 0, in the unit of the losses. */
  readonly scale: number
  /** 1 / shape is the tail index of a positive shape; a negative one means that losses end at threshold - scale / shape. */
  readonly shape: number
  /** Losses above the threshold, and losses in all. */
  readonly exceedances: number
  readonly observations: number
}
