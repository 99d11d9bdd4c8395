import { InvalidInputError } from '../../errors/index.ts'
import { joeKuoNumbers, MOST_DIMENSIONS } from './joeKuoNumbers.ts'

const BITS = 32
const UNIT = 1 / 4294967296

/** Points of a Sobol sequence, in the order of their index; a walk starts at any index. */
export type SobolSequence = {
  readonly dimensions: number
  /** Makes the point `index` the next one. */
  readonly seek: (index: number) => void
  /** Writes the next point, each coordinate in (0, 1). */
  readonly next: (out: Float64Array) => void
}

/**
 * Sobol sequence in the order of its Gray code. With a seed it is scrambled: each coordinate gets a random permutation of every binary
 * digit that depends on the digits before it (Owen), so that each point is uniform, any two seeds give independent estimates, and the
 * sequence keeps its balance.
 *
 * @param dimensions - Whole number in [1, 512].
 * @param seed - Whole number in [0, 2^32); null for the sequence as published.
 * @throws {InvalidInputError} An argument is outside its domain.
 * @see Sobol (1967); Joe and Kuo (2008) for the direction numbers; Owen (1995); Laine and Karras (2011) and Burley (JCGT 9, 2020) for
 * scrambling by hash.
 */
export function sobolSequence(dimensions: number, seed: number | null): SobolSequence {
  if (!(Number.isInteger(dimensions) && dimensions >= 1 && dimensions <= MOST_DIMENSIONS))
    throw new InvalidInputError({ argument: 'dimensions', got: dimensions, limit: `a whole number in [1, ${MOST_DIMENSIONS}]` })
  if (seed !== null && !(Number.isInteger(seed) && seed >= 0 && seed < 4294967296))
    throw new InvalidInputError({ argument: 'seed', got: seed, limit: 'null or a whole number in [0, 4294967296)' })
  const directions = reversedDirections(dimensions)
  const keys = new Int32Array(dimensions)
  for (let d = 0; d < dimensions; d++) keys[d] = seed === null ? 0 : mixed((seed ^ mixed(d + 0x9e3779b9)) | 0)
  const state = new Int32Array(dimensions)
  let index = 0

  const seek = (to: number): void => {
    if (!(Number.isInteger(to) && to >= 0 && to < 4294967296))
      throw new InvalidInputError({ argument: 'index', got: to, limit: 'a whole number in [0, 4294967296)' })
    index = to
    const gray = (to ^ (to >>> 1)) >>> 0
    for (let d = 0; d < dimensions; d++) {
      let digits = 0
      for (let bit = 0; bit < BITS; bit++) if ((gray >>> bit) & 1) digits ^= directions[bit * dimensions + d]!
      state[d] = digits
    }
  }
  const next = (out: Float64Array): void => {
    for (let d = 0; d < dimensions; d++) {
      let x = state[d]!
      if (seed !== null) {
        // Digits are held last first, so that a multiplication carries from a digit only to those after it.
        x = (x + keys[d]!) | 0
        x ^= Math.imul(x, 0x6c50b47c)
        x ^= Math.imul(x, 0xb82f1e52)
        x ^= Math.imul(x, 0xc7afe638)
        x ^= Math.imul(x, 0x8d22f6e6)
      }
      out[d] = ((reverseBits(x) >>> 0) + 0.5) * UNIT
    }
    // The next point differs in the direction of the lowest zero bit of the index.
    const bit = BITS - 1 - Math.clz32(~index & (index + 1))
    const row = bit * dimensions
    for (let d = 0; d < dimensions; d++) state[d] = state[d]! ^ directions[row + d]!
    index += 1
  }
  return { dimensions, seek, next }
}

/**
 * Direction numbers with their bits reversed: entry bit * dimensions + d. As fractions of 32 bits, v_k = v_(k-s) ^ (v_(k-s) >> s) ^ a_1
 * v_(k-1) ^ ... ^ a_(s-1) v_(k-s+1) for a polynomial of degree s with inner coefficients a (Bratley and Fox, ACM TOMS 14, 1988).
 */
function reversedDirections(dimensions: number): Int32Array {
  const directions = new Int32Array(BITS * dimensions)
  for (let bit = 0; bit < BITS; bit++) directions[bit * dimensions] = 1 << bit
  const fractions = new Int32Array(BITS)
  let read = 0
  for (let d = 1; d < dimensions; d++) {
    const polynomial = joeKuoNumbers[read]!
    const degree = BITS - 1 - Math.clz32(polynomial)
    for (let k = 0; k < BITS; k++) {
      if (k < degree) {
        fractions[k] = joeKuoNumbers[read + 1 + k]! << (BITS - 1 - k)
      } else {
        const oldest = fractions[k - degree]!
        let fraction = oldest ^ (oldest >>> degree)
        for (let i = 1; i < degree; i++) if ((polynomial >>> (degree - i)) & 1) fraction ^= fractions[k - i]!
        fractions[k] = fraction
      }
      directions[k * dimensions + d] = reverseBits(fractions[k]!)
    }
    read += 1 + degree
  }
  return directions
}

function reverseBits(word: number): number {
  let x = word
  x = ((x >>> 1) & 0x55555555) | ((x & 0x55555555) << 1)
  x = ((x >>> 2) & 0x33333333) | ((x & 0x33333333) << 2)
  x = ((x >>> 4) & 0x0f0f0f0f) | ((x & 0x0f0f0f0f) << 4)
  x = ((x >>> 8) & 0x00ff00ff) | ((x & 0x00ff00ff) << 8)
  return (x >>> 16) | (x << 16)
}

/** A 32-bit word whose bits all depend on all bits of `word`: two rounds of shift and multiplication (splitmix32). */
function mixed(word: number): number {
  let z = Math.imul(word ^ (word >>> 16), 0x85ebca6b)
  z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35)
  return z ^ (z >>> 16)
}
