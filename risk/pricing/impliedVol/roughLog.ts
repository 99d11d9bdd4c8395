const bits = new Float64Array(1)
const words = new Uint32Array(bits.buffer)
/** Which 32-bit half holds sign and exponent: this differs between byte orders, the result does not. */
const TOP = new Uint32Array(new Float64Array([1]).buffer)[1] === 0x3ff00000 ? 1 : 0
const LN2 = 0.6931471805599453

/** ln x to 2e-6 for normal x > 0 (not checked), for a first guess only. x = 2^(k + 1/2) (1 + z) / (1 - z), |z| < 0.172, and three terms of 2 artanh z. */
export function roughLog(x: number): number {
  bits[0] = x
  const top = words[TOP]!
  words[TOP] = (top & 0xfffff) | 0x3ff00000
  const m = bits[0]!
  const z = (m - Math.SQRT2) / (m + Math.SQRT2)
  const square = z * z
  return ((top >>> 20) - 1022.5) * LN2 + 2 * z * (1 + square * (1 / 3 + square * (1 / 5)))
}
