const GOLDEN = (Math.sqrt(5) - 1) / 2
const ROUNDS = 40

/** Least value of `f` over an ascending grid, followed between the neighbours of the least point by golden section. Unguarded. */
export function refinedMinimum(grid: readonly number[], f: (k: number) => number): { readonly k: number; readonly value: number } {
  let best = 0
  let value = Number.POSITIVE_INFINITY
  for (let i = 0; i < grid.length; i++) {
    const here = f(grid[i]!)
    if (here < value) {
      value = here
      best = i
    }
  }
  let low = grid[Math.max(0, best - 1)]!
  let high = grid[Math.min(grid.length - 1, best + 1)]!
  let k = grid[best]!
  for (let round = 0; round < ROUNDS; round++) {
    const left = high - GOLDEN * (high - low)
    const right = low + GOLDEN * (high - low)
    const [atLeft, atRight] = [f(left), f(right)]
    if (atLeft < value) [k, value] = [left, atLeft]
    if (atRight < value) [k, value] = [right, atRight]
    if (atLeft < atRight) high = right
    else low = left
  }
  return { k, value }
}
