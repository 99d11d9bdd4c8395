/** a b / c toward zero, for a, b at least 0 and c above 0. */
export function mulDivDown(a: bigint, b: bigint, c: bigint): bigint {
  return (a * b) / c
}

/** a b / c away from zero, for a, b at least 0 and c above 0. */
export function mulDivUp(a: bigint, b: bigint, c: bigint): bigint {
  return (a * b + c - 1n) / c
}
