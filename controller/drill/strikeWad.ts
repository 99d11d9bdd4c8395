import type { Usd } from '../../risk/types/index.ts'

/** A strike of three significant digits with 18 decimals, exactly: rounding to millionths takes away what the double has beyond its decimal form. */
export function strikeWad(strike: Usd): bigint {
  return BigInt(Math.round(strike * 1e6)) * 10n ** 12n
}
