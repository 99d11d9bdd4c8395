import { log } from '../../risk/math/index.ts'

/** Seeded numbers: the same seed gives the same sequence on every machine. */
export type Random = {
  /** Uniform in [0, 1), 32 bits. */
  readonly uniform: () => number
  /** Standard normal. */
  readonly normal: () => number
  /** Exponential with mean 1. */
  readonly exponential: () => number
  /** A whole number in [0, count). */
  readonly below: (count: number) => number
}

/**
 * xoshiro128** (Blackman and Vigna), seeded from a text by splitmix32, so that neighbouring seeds give unrelated sequences.
 *
 * @param seed - Any text; name the use in it, so that two uses of one seed do not share their numbers.
 */
export function createRandom(seed: string): Random {
  const state = seedWords(seed)
  const uniform = (): number => {
    const [a, b, c, d] = state as [number, number, number, number]
    const result = Math.imul(rotate(Math.imul(b, 5), 7), 9)
    const c2 = c ^ a
    const d2 = d ^ b
    state[0] = a ^ d2
    state[1] = b ^ c2
    state[2] = c2 ^ (b << 9)
    state[3] = rotate(d2, 11)
    return (result >>> 0) / 4_294_967_296
  }
  let spare: number | undefined
  // Marsaglia's polar method: square root and logarithm only.
  const normal = (): number => {
    if (spare !== undefined) {
      const kept = spare
      spare = undefined
      return kept
    }
    for (;;) {
      const x = 2 * uniform() - 1
      const y = 2 * uniform() - 1
      const s = x * x + y * y
      if (s > 0 && s < 1) {
        const scale = Math.sqrt((-2 * log(s)) / s)
        spare = y * scale
        return x * scale
      }
    }
  }
  return { uniform, normal, exponential: () => -log(1 - uniform()), below: (count) => Math.floor(uniform() * count) }
}

function rotate(x: number, bits: number): number {
  return (x << bits) | (x >>> (32 - bits))
}

/** Four words: FNV-1a of the text's code units, spread by splitmix32. */
function seedWords(seed: string): number[] {
  let hash = 0x811c9dc5
  for (let i = 0; i < seed.length; i++) hash = Math.imul(hash ^ seed.charCodeAt(i), 0x01000193)
  return [0, 1, 2, 3].map(() => {
    hash = (hash + 0x9e3779b9) | 0
    let mixed = Math.imul(hash ^ (hash >>> 16), 0x21f0aaad)
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97)
    return mixed ^ (mixed >>> 15)
  })
}
