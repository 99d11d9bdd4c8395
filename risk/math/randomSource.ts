import { InvalidInputError } from '../errors/index.ts'

/** A reproducible stream of numbers. */
export type RandomSource = {
  /** Uniform in (0, 1): an odd multiple of 2^-53. */
  readonly uniform: () => number
  /** Uniform whole number in [0, count), count at most 2^32 (not checked). */
  readonly index: (count: number) => number
}

/**
 * Random numbers of a seed, the same on every machine: xoshiro128** with its state filled by splitmix32.
 *
 * @param seed - Whole number in [0, 2^32).
 * @throws {InvalidInputError} `seed` is not such a number.
 * @see Blackman and Vigna, ACM TOMS 47 (2021), 36.
 */
export function randomSource(seed: number): RandomSource {
  if (!(Number.isInteger(seed) && seed >= 0 && seed < 4294967296))
    throw new InvalidInputError({ argument: 'seed', got: seed, limit: 'a whole number in [0, 4294967296)' })
  let mixed = seed | 0
  const fill = (): number => {
    mixed = (mixed + 0x9e3779b9) | 0
    let z = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b)
    z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35)
    return z ^ (z >>> 16)
  }
  let a = fill()
  let b = fill()
  let c = fill()
  let d = fill()
  const word = (): number => {
    const product = Math.imul(b, 5)
    const result = Math.imul((product << 7) | (product >>> 25), 9)
    const shifted = b << 9
    c ^= a
    d ^= b
    b ^= c
    a ^= d
    c ^= shifted
    d = (d << 11) | (d >>> 21)
    return result >>> 0
  }
  return {
    uniform: () => {
      const high = word() >>> 6
      const low = word() >>> 6
      return (high * 67108864 + low + 0.5) / 4503599627370496
    },
    index: (count) => Math.floor((word() / 4294967296) * count),
  }
}
