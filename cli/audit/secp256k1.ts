/** Field, order and generator of secp256k1 (SEC 2, version 2.0, section 2.4.1): y^2 = x^3 + 7 over the field of P, N points. */
export const P = 2n ** 256n - 2n ** 32n - 977n
export const N = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n

export type Affine = { readonly x: bigint; readonly y: bigint }
/** Jacobian coordinates: x = X / Z^2, y = Y / Z^3; Z zero is the point at infinity. */
export type Jacobian = { readonly X: bigint; readonly Y: bigint; readonly Z: bigint }

export const GENERATOR: Affine = {
  x: 0x79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798n,
  y: 0x483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8n,
}
export const INFINITY: Jacobian = { X: 1n, Y: 1n, Z: 0n }

const sub = (a: bigint, b: bigint): bigint => (a >= b ? a - b : a - b + P)

/** Sum of a point and an affine one; every case, also equal and opposite points. None of it is secret, so its time may depend on it. */
export function addAffine(a: Jacobian, b: Affine): Jacobian {
  if (a.Z === 0n) return { X: b.x, Y: b.y, Z: 1n }
  const zz = (a.Z * a.Z) % P
  const h = sub((b.x * zz) % P, a.X)
  const r = sub((((b.y * a.Z) % P) * zz) % P, a.Y)
  if (h === 0n) return r === 0n ? double(b) : INFINITY
  const hh = (h * h) % P
  const hhh = (h * hh) % P
  const v = (a.X * hh) % P
  const X = sub(sub((r * r) % P, hhh), (2n * v) % P)
  const Y = sub((r * sub(v, X)) % P, (a.Y * hhh) % P)
  return { X, Y, Z: (a.Z * h) % P }
}

/** Twice an affine point; no point of the curve has y = 0. */
function double({ x, y }: Affine): Jacobian {
  const yy = (y * y) % P
  const s = (4n * x * yy) % P
  const m = (3n * x * x) % P
  const X = sub((m * m) % P, (2n * s) % P)
  return { X, Y: sub((m * sub(s, X)) % P, (8n * yy * yy) % P), Z: (2n * y) % P }
}

/** Inverse of a number between zero and a prime modulus, by Euclid's algorithm. */
function invert(value: bigint, modulus: bigint): bigint {
  let [a, b, u, v] = [value, modulus, 1n, 0n]
  while (a !== 0n) {
    const quotient = b / a
    ;[b, a] = [a, b - quotient * a]
    ;[v, u] = [u, v - quotient * u]
  }
  return v < 0n ? v + modulus : v
}

/** Inverses of many numbers for the price of one (Montgomery's trick); none may be zero. */
export function invertAll(values: readonly bigint[], modulus: bigint): bigint[] {
  const products: bigint[] = []
  let product = 1n
  for (const value of values) {
    products.push(product)
    product = (product * value) % modulus
  }
  let inverse = invert(product, modulus)
  const inverses = new Array<bigint>(values.length)
  for (let i = values.length - 1; i >= 0; i--) {
    inverses[i] = (inverse * (products[i] as bigint)) % modulus
    inverse = (inverse * (values[i] as bigint)) % modulus
  }
  return inverses
}

/** The same points in affine coordinates; none may be at infinity. */
export function toAffine(points: readonly Jacobian[]): Affine[] {
  const inverses = invertAll(
    points.map(({ Z }) => Z),
    P,
  )
  return points.map(({ X, Y }, i) => {
    const z = inverses[i] as bigint
    const zz = (z * z) % P
    return { x: (X * zz) % P, y: (((Y * zz) % P) * z) % P }
  })
}
