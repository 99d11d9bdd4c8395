/**
 * Reorders `values` so that position k holds what a full sort would put there, smaller values before it, larger ones after (quickselect).
 * Expected time linear in the length. The pivot is the median of three, so the order of the result depends on the input alone. Values are not NaN.
 */
export function selectSmallest(values: Float64Array, k: number, from = 0, to = values.length - 1): void {
  let left = from
  let right = to
  while (left < right) {
    const pivot = medianOfThree(values[left]!, values[(left + right) >>> 1]!, values[right]!)
    let i = left
    let j = right
    while (i <= j) {
      while (values[i]! < pivot) i++
      while (values[j]! > pivot) j--
      if (i > j) break
      const held = values[i]!
      values[i] = values[j]!
      values[j] = held
      i++
      j--
    }
    if (k <= j) right = j
    else if (k >= i) left = i
    else return
  }
}

function medianOfThree(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c))
}
