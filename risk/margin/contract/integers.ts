/** 1e18. */
export const WAD = 1_000_000_000_000_000_000n
export const BPS = 10_000n

/** Quotient of two positive numbers, rounded up. */
export function ceilDiv(numerator: bigint, denominator: bigint): bigint {
  return numerator === 0n ? 0n : (numerator - 1n) / denominator + 1n
}

/** Square root of a number that is not negative, rounded down. */
export function sqrtDown(x: bigint): bigint {
  if (x < 2n) return x
  let root = 1n << BigInt((bitLength(x) + 1) >> 1)
  for (;;) {
    const next = (root + x / root) >> 1n
    if (next >= root) return root
    root = next
  }
}

/** Bits of a number that is not negative. */
export function bitLength(x: bigint): number {
  return x === 0n ? 0 : x.toString(2).length
}

export function absolute(x: bigint): bigint {
  return x < 0n ? -x : x
}

export function larger(a: bigint, b: bigint): bigint {
  return a > b ? a : b
}

export function smaller(a: bigint, b: bigint): bigint {
  return a < b ? a : b
}

/** Quotient rounded down, of a positive denominator. */
export function floorDiv(numerator: bigint, denominator: bigint): bigint {
  const quotient = numerator / denominator
  return numerator < 0n && quotient * denominator !== numerator ? quotient - 1n : quotient
}

/** Lots x wad as wad, rounded down. */
export function floorLots(x: bigint): bigint {
  return floorDiv(x, BPS)
}
