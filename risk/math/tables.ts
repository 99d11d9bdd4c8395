// Tables of exp and log, computed when the module loads with whole-number arithmetic of 160 fractional bits, which is exact everywhere.
// Each entry is a pair of doubles, high + low, that together hold about 106 bits.

const FRACTION_BITS = 160n
const ONE = 1n << FRACTION_BITS
const UNIT = Number(ONE)

/** Entries per factor of two in the table of exp. */
export const EXP_STEPS = 64
/** log takes its argument near i / LOG_STEPS. */
export const LOG_STEPS = 128
/** Smallest and largest i: arguments lie in [sqrt(1/2), sqrt(2)]. */
export const LOG_FIRST = 90
const LOG_LAST = 182

/** 2^(j / 64), j = 0 .. 63. */
export const expHigh = new Float64Array(EXP_STEPS)
export const expLow = new Float64Array(EXP_STEPS)
/** Multiples of 1/256 close to 1 / (i / 128): multiplying by one is exact and brings the argument next to 1. */
export const logFactor = new Float64Array(LOG_LAST - LOG_FIRST + 1)
/** -ln(logFactor). */
export const logHigh = new Float64Array(LOG_LAST - LOG_FIRST + 1)
export const logLow = new Float64Array(LOG_LAST - LOG_FIRST + 1)

const ln2 = logOfRatio(2n, 1n)
/** ln 2 / 64: the first 33 bits, so that a product with a whole number below 2^20 is exact, and the rest. */
export const [EXP_STEP_HIGH, EXP_STEP_LOW] = split(ln2 / BigInt(EXP_STEPS), 33n)
/** ln 2: the first 40 bits, and the rest. */
export const [LN2_HIGH, LN2_LOW] = split(ln2, 40n)

fillExp()
fillLog()

function fillExp(): void {
  let step = 2n * ONE
  for (let halvings = EXP_STEPS; halvings > 1; halvings /= 2) step = squareRoot(step << FRACTION_BITS)
  let value = ONE
  for (let j = 0; j < EXP_STEPS; j++) {
    const [high, low] = split(value, 53n)
    expHigh[j] = high
    expLow[j] = low
    value = (value * step) >> FRACTION_BITS
  }
}

function fillLog(): void {
  for (let i = LOG_FIRST; i <= LOG_LAST; i++) {
    const numerator = Math.floor((256 * LOG_STEPS) / i + 0.5)
    const [high, low] = split(logOfRatio(256n, BigInt(numerator)), 53n)
    logFactor[i - LOG_FIRST] = numerator / 256
    logHigh[i - LOG_FIRST] = high
    logLow[i - LOG_FIRST] = low
  }
}

/** ln(a / b) = 2 artanh((a - b) / (a + b)), in units of 2^-160. */
function logOfRatio(a: bigint, b: bigint): bigint {
  const z = ((a - b) << FRACTION_BITS) / (a + b)
  const square = (z * z) >> FRACTION_BITS
  let power = z
  let sum = 0n
  for (let n = 1n; power !== 0n && power !== -1n; n += 2n) {
    sum += power / n
    power = (power * square) >> FRACTION_BITS
  }
  return 2n * sum
}

/** Largest whole number whose square is at most x. */
function squareRoot(x: bigint): bigint {
  let root = 1n << BigInt(Math.ceil(x.toString(2).length / 2))
  for (;;) {
    const next = (root + x / root) >> 1n
    if (next >= root) return root
    root = next
  }
}

/** High part of at most `bits` leading bits, truncated towards zero, and the remainder as a double. */
function split(x: bigint, bits: bigint): [number, number] {
  const size = x < 0n ? -x : x
  const dropped = BigInt(Math.max(0, size.toString(2).length)) - bits
  const high = dropped > 0n ? (size >> dropped) << dropped : size
  const sign = x < 0n ? -1 : 1
  return [(sign * Number(high)) / UNIT, (sign * Number(size - high)) / UNIT]
}
