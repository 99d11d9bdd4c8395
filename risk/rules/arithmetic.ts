// Integer arithmetic of the store. Products of a 48-bit value and basis points pass 2^53, so they are formed as bigint.

const BPS = 10_000n

/** Sums of loosening charges wrap here, as the contract's uint32 does. */
export const LOOSEN_SUM_MODULUS = 0x1_0000_0000
/** Sums of tightenings wrap here, as the contract's uint48 does. */
export const TIGHTEN_SUM_MODULUS = 0x1_0000_0000_0000

/** `bps` of `value`, rounded down. */
export function shareOf(value: number, bps: number): number {
  return Number((BigInt(value) * BigInt(bps)) / BPS)
}

/** Charge of a loosening on the drift budget: 10_000 x |to - from| / from in bps, rounded up. `from` is above zero. */
export function loosenCharge(from: number, to: number): number {
  const base = BigInt(from)
  return Number((BigInt(Math.abs(to - from)) * BPS + base - 1n) / base)
}

/** Progress of a ramp of `perHour` units an hour after `seconds`, rounded down: never faster than the speed. */
export function rampProgress(perHour: number, seconds: number): number {
  return Number((BigInt(perHour) * BigInt(seconds)) / 3600n)
}

/** Difference of two wrapping sums, the later first. */
export function wrappedDifference(later: number, earlier: number, modulus: number): number {
  return later >= earlier ? later - earlier : later - earlier + modulus
}
