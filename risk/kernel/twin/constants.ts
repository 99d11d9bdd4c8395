import { kernelConstants } from '../memory/constants.ts'

/** Constants of the arithmetic; assembly/constants.as gives the places. */
export const constants = Float64Array.from(kernelConstants)

/** Places of the polynomials' first coefficients. */
export const TAIL = 0
export const EXP = 22
export const LOG = 32

const OTHERS = 39
export const LN2_HIGH = constants[OTHERS]!
export const LN2_LOW = constants[OTHERS + 1]!
export const LOG2_E = constants[OTHERS + 2]!
export const ROUNDER = constants[OTHERS + 3]!
export const TAIL_CENTRE = constants[OTHERS + 4]!
export const ROOT_HALF = constants[OTHERS + 5]!
export const ROOT_TWO = constants[OTHERS + 6]!
export const DENSITY_AT_ZERO = constants[OTHERS + 7]!
export const FARTHEST = constants[OTHERS + 8]!
export const LEAST_DEVIATION = constants[OTHERS + 9]!
export const FAR_FROM_STRIKE = constants[OTHERS + 10]!
export const LEAST_TIME = constants[OTHERS + 14]!
