/** One measured figure. `ratio` is value over reference, where there is one. */
export type BenchRow = {
  readonly name: string
  readonly value: number
  readonly unit: string
  /** What the figure is held against, in words and numbers. */
  readonly reference?: string
  readonly ratio?: number
}
