/** Deterministic numbers in (0, 1) for dense grids; the seed is part of the test. */
export function uniforms(seed: number, count: number): number[] {
  let state = seed
  return Array.from({ length: count }, () => {
    state = (state * 48271) % 2147483647
    return state / 2147483647
  })
}

/** Standard normals of the reference tables: congruential generator mod 2^32, Box-Muller pairs. */
export function referenceNormals(seed: number, count: number): number[] {
  let state = BigInt(seed)
  const uniform = (): number => {
    state = (1664525n * state + 1013904223n) % 4294967296n
    return (Number(state) + 0.5) / 4294967296
  }
  const draws: number[] = []
  while (draws.length < count) {
    const radius = Math.sqrt(-2 * Math.log(uniform()))
    const angle = 2 * Math.PI * uniform()
    draws.push(radius * Math.cos(angle), radius * Math.sin(angle))
  }
  return draws.slice(0, count)
}
