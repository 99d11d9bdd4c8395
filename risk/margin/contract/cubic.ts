/** One, 32 binary digits. */
export const ONE = 1n << 32n

/** Weights of the four nodes around a position, 32 binary digits. */
export type Weights = { readonly first: number; readonly weights: readonly [bigint, bigint, bigint, bigint] }

/**
 * The cubic through the four nodes around a position; the weights add up to one exactly.
 *
 * @param position - In node steps, 32 binary digits, in [0, nodes - 1].
 */
export function cubicWeights(position: bigint, nodes: number): Weights {
  const { first, t } = place(position, nodes)
  const [b, c, d] = [t - ONE, t - 2n * ONE, t - 3n * ONE]
  const w0 = -(b * c * d) / (6n << 64n)
  const w1 = (t * c * d) / (2n << 64n)
  const w3 = (t * b * c) / (6n << 64n)
  return { first, weights: [w0, w1, ONE - w0 - w1 - w3, w3] }
}

/** Weights of the first derivative, per node step. */
export function cubicSlopes(position: bigint, nodes: number): Weights {
  const { first, t } = place(position, nodes)
  const [b, c, d] = [t - ONE, t - 2n * ONE, t - 3n * ONE]
  const w0 = -(b * c + b * d + c * d) / (6n << 32n)
  const w1 = (t * c + t * d + c * d) / (2n << 32n)
  const w3 = (t * b + t * c + b * c) / (6n << 32n)
  return { first, weights: [w0, w1, -(w0 + w1 + w3), w3] }
}

/** Weights of the second derivative, per node step squared. */
export function cubicBends(position: bigint, nodes: number): Weights {
  const { first, t } = place(position, nodes)
  return { first, weights: [2n * ONE - t, 3n * t - 5n * ONE, 4n * ONE - 3n * t, t - ONE] }
}

/** The weighted sum of four values of a row. */
export function readRow(row: readonly bigint[], { first, weights }: Weights): bigint {
  return weights[0] * row[first]! + weights[1] * row[first + 1]! + weights[2] * row[first + 2]! + weights[3] * row[first + 3]!
}

function place(position: bigint, nodes: number): { readonly first: number; readonly t: bigint } {
  const step = Number(position >> 32n)
  const first = Math.min(nodes - 4, step === 0 ? 0 : step - 1)
  return { first, t: position - (BigInt(first) << 32n) }
}
