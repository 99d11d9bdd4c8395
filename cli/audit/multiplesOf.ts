import { type Affine, addAffine, INFINITY, type Jacobian, toAffine } from './secp256k1.ts'

/** Multiples of one point: `multiples[j][d - 1]` is d 256^j of it, for j below 32 and d from 1 to 255. */
export type Multiples = readonly (readonly Affine[])[]

const WINDOWS = 32
const DIGITS = 256

/** Every multiple that a byte of a scalar can ask for: 8,160 points. Worth it for a key that signed a thousand times. */
export function multiplesOf(point: Affine): Multiples {
  const tables: Affine[][] = []
  let base = point
  for (let window = 0; window < WINDOWS; window++) {
    const sums: Jacobian[] = []
    let sum = INFINITY
    for (let digit = 1; digit <= DIGITS; digit++) {
      sum = addAffine(sum, base)
      sums.push(sum)
    }
    const table = toAffine(sums)
    // The last one, 256 times the base, is the base of the next window.
    base = table.pop() as Affine
    tables.push(table)
  }
  return tables
}

/** `sum` plus `scalar` times the point of the table; a mixed addition for every byte of the scalar that is not zero. */
export function addMultiple(sum: Jacobian, scalar: bigint, multiples: Multiples): Jacobian {
  let result = sum
  const hex = scalar.toString(16).padStart(2 * WINDOWS, '0')
  for (let window = 0; window < WINDOWS; window++) {
    const end = hex.length - 2 * window
    const digit = Number.parseInt(hex.slice(end - 2, end), 16)
    if (digit !== 0) result = addAffine(result, multiples[window]?.[digit - 1] as Affine)
  }
  return result
}
