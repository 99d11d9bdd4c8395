// Constants of the arithmetic, read from the start of memory, where risk/kernel/memory/constants.ts has written them: one source for this module and its
// TypeScript twin. A load costs one instruction, a vector literal three.

export const TAIL: u32 = 0
export const EXP: u32 = 22
export const LOG: u32 = 32
const OTHERS: u32 = 39
export const LN2_HIGH: u32 = OTHERS
export const LN2_LOW: u32 = OTHERS + 1
export const LOG2_E: u32 = OTHERS + 2
export const ROUNDER: u32 = OTHERS + 3
export const TAIL_CENTRE: u32 = OTHERS + 4
export const ROOT_HALF: u32 = OTHERS + 5
export const ROOT_TWO: u32 = OTHERS + 6
export const DENSITY_AT_ZERO: u32 = OTHERS + 7
export const FARTHEST: u32 = OTHERS + 8
export const LEAST_DEVIATION: u32 = OTHERS + 9
export const FAR_FROM_STRIKE: u32 = OTHERS + 10
export const HALF: u32 = OTHERS + 11
export const ONE: u32 = OTHERS + 12
export const TWO: u32 = OTHERS + 13
export const LEAST_TIME: u32 = OTHERS + 14

/** Constant number k in both lanes. */
@inline
export function constant(k: u32): v128 {
  return v128.load_splat<f64>(k << 3)
}
