// Second method for the elementary functions: whole-number arithmetic with 1,300 fractional bits, series only.
// Slow, simple, and wrong by no more than about 2^-1250 in absolute terms.

const BITS = 1300n
export const ONE = 1n << BITS

/** The exact value of a double, in units of 2^-1300. */
export function fixed(x: number): bigint {
  const view = new DataView(new ArrayBuffer(8))
  view.setFloat64(0, x)
  const raw = view.getBigUint64(0)
  const exponent = (raw >> 52n) & 0x7ffn
  const mantissa = (raw & 0xfffffffffffffn) | (exponent === 0n ? 0n : 1n << 52n)
  const shift = (exponent === 0n ? 1n : exponent) - 1075n + BITS
  const size = shift >= 0n ? mantissa << shift : mantissa >> -shift
  return raw >> 63n === 1n ? -size : size
}

export function multiply(a: bigint, b: bigint): bigint {
  return (a * b) >> BITS
}

export function divide(a: bigint, b: bigint): bigint {
  return (a << BITS) / b
}

/** Nearest double, good to 2^-60 relative: for messages and for relative errors, never for the comparison itself. */
export function toNumber(x: bigint): number {
  const size = x < 0n ? -x : x
  const dropped = BigInt(Math.max(0, size.toString(2).length - 64))
  let value = Number(size >> dropped)
  let exponent = Number(dropped - BITS)
  for (; exponent > 0; exponent--) value *= 2
  for (; exponent < 0; exponent++) value /= 2
  return x < 0n ? -value : value
}

function arctanOfInverse(n: bigint): bigint {
  let power = ONE / n
  let sum = 0n
  for (let k = 1n; power !== 0n; k += 2n) {
    sum += k % 4n === 1n ? power / k : -(power / k)
    power /= n * n
  }
  return sum
}

/** Machin's formula. */
export const PI = 4n * (4n * arctanOfInverse(5n) - arctanOfInverse(239n))

export function squareRoot(x: bigint): bigint {
  const scaled = x << BITS
  if (scaled === 0n) return 0n
  let root = 1n << BigInt(Math.ceil(scaled.toString(2).length / 2))
  for (;;) {
    const next = (root + scaled / root) >> 1n
    if (next >= root) return root
    root = next
  }
}

/** ln 2 = sum of 1 / (k 2^k). */
const LN2 = (() => {
  let sum = 0n
  for (let k = 1n; ; k++) {
    const term = (ONE >> k) / k
    if (term === 0n) return sum
    sum += term
  }
})()

/** Taylor series after taking out powers of two and sixteen halvings. */
export function exp(x: bigint): bigint {
  const twos = (x + LN2 / 2n) / LN2 - (x + LN2 / 2n < 0n ? 1n : 0n)
  const reduced = (x - twos * LN2) >> 16n
  let term = ONE
  let value = ONE
  for (let n = 1n; term !== 0n && term !== -1n; n++) {
    term = multiply(term, reduced) / n
    value += term
  }
  for (let i = 0; i < 16; i++) value = multiply(value, value)
  return twos >= 0n ? value << twos : value >> -twos
}

/** Inverse of exp by Halley's method from a double's logarithm. x > 0. */
export function log(x: bigint): bigint {
  // Bring x next to 1 so that exp loses nothing to its fixed point.
  const scale = BigInt(x.toString(2).length) - 1n - BITS
  const y = scale >= 0n ? x >> scale : x << -scale
  let guess = fixed(Math.log(toNumber(y)))
  for (let i = 0; i < 4; i++) {
    const power = exp(guess)
    guess += divide(2n * (y - power), y + power)
  }
  return guess + scale * LN2
}

/** 1 - erf, erf(z) = 2 / sqrt(pi) e^(-z^2) (z + 2 z^3 / 3 + 4 z^5 / 15 + ...): terms of one sign. */
export function erfc(z: bigint): bigint {
  const square = multiply(z, z)
  let term = z
  let sum = z
  for (let n = 3n; term !== 0n && term !== -1n; n += 2n) {
    term = (2n * multiply(term, square)) / n
    sum += term
  }
  // Divided by e^(z^2) rather than multiplied by e^(-z^2), which would keep too few bits.
  return ONE - divide(2n * sum, multiply(exp(square), squareRoot(PI)))
}

export function normalCdf(x: bigint): bigint {
  return erfc(-divide(x, squareRoot(2n * ONE))) / 2n
}

export function normalPdf(x: bigint): bigint {
  return divide(exp(-multiply(x, x) / 2n), squareRoot(2n * PI))
}

/** |got - expected| in units in the last place of `got`. */
export function ulpError(got: number, expected: bigint): number {
  const view = new DataView(new ArrayBuffer(8))
  view.setFloat64(0, Math.abs(got))
  const exponent = (view.getBigUint64(0) >> 52n) & 0x7ffn
  const ulp = 1n << ((exponent === 0n ? 1n : exponent) - 1075n + BITS)
  const error = fixed(got) - expected
  return Number(((error < 0n ? -error : error) << 20n) / ulp) / 2 ** 20
}

/** |got - expected| / |expected|. */
export function relativeError(got: number, expected: bigint): number {
  const error = fixed(got) - expected
  const size = expected < 0n ? -expected : expected
  return Number(((error < 0n ? -error : error) << 100n) / size) / 2 ** 100
}
