import { log1p } from '../../math/index.ts'

/** ln(1 + shape z) / shape and its derivatives by z and by the shape; z itself at shape 0. */
export type GevExponent = { readonly value: number; readonly byZ: number; readonly byShape: number }

/**
 * The exponent w of the generalised extreme value distribution exp(-e^-w), or null where 1 + shape z is not above 0. The derivative by the
 * shape is taken from its series where the direct form would cancel.
 */
export function gevExponent(z: number, shape: number): GevExponent | null {
  const argument = shape * z
  if (!(argument > -1)) return null
  if (Math.abs(argument) < 0.02) {
    // w = z (1 - a / 2 + a^2 / 3 - ...), dw / dshape = z^2 (-1 / 2 + 2 a / 3 - 3 a^2 / 4 + ...).
    let value = 0
    let slope = 0
    for (let k = 9; k >= 1; k--) {
      value = 1 / k - argument * value
      slope = k / (k + 1) - argument * slope
    }
    return { value: z * value, byZ: 1 / (1 + argument), byShape: -z * z * slope }
  }
  const value = log1p(argument) / shape
  const byZ = 1 / (1 + argument)
  return { value, byZ, byShape: (z * byZ - value) / shape }
}
