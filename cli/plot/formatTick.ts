/** A number on an axis: thousands grouped, very large and very small ones with an exponent. */
export function formatTick(value: number): string {
  const size = Math.abs(value)
  if (size >= 1e7 || (size > 0 && size < 1e-4)) return value.toExponential(1).replace('e+', 'e')
  return value.toLocaleString('en-US', { maximumFractionDigits: 6 })
}
