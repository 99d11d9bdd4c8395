const SMALLEST = -1074
const LARGEST = 1023

/** 2^k for every k a double can hold, from 2^-1074 to 2^1023; built by exact doubling and halving. */
const powers = buildPowers()

function buildPowers(): Float64Array {
  const table = new Float64Array(LARGEST - SMALLEST + 1)
  table[-SMALLEST] = 1
  for (let k = 1; k <= LARGEST; k++) table[k - SMALLEST] = table[k - 1 - SMALLEST]! * 2
  for (let k = -1; k >= SMALLEST; k--) table[k - SMALLEST] = table[k + 1 - SMALLEST]! / 2
  return table
}

/**
 * m 2^k, rounded once. For m in [1/2, 4) and whole k in [-1139, 1024]; subnormal results keep what bits they have.
 * Two steps near the ends: the first is exact, only the second rounds.
 */
export function scaleByPowerOfTwo(m: number, k: number): number {
  if (k > LARGEST) return m * 2 * powers[k - 1 - SMALLEST]!
  if (k >= -1020) return m * powers[k - SMALLEST]!
  return m * powers[k + 64 - SMALLEST]! * powers[-64 - SMALLEST]!
}
