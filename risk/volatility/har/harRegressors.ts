/** Days of the week and of the month in the model. */
export const [WEEK, MONTH] = [5, 22] as const

/** Mean of `values` over the `span` entries that end at `last`. Unchecked. */
export function trailingMean(values: ArrayLike<number>, last: number, span: number): number {
  let sum = 0
  for (let i = last - span + 1; i <= last; i++) sum += values[i]!
  return sum / span
}
