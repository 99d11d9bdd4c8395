/**
 * Weights of the four nodes around a position between equally spaced nodes: the cubic through them (Lagrange). Their sizes add up to 1.25 at most inside the
 * middle interval, and to 1.63 in the first and last one, where the four nodes lie on one side.
 *
 * @param position - In node steps, inside [0, nodes - 1].
 */
export function cubicWeights(
  position: number,
  nodes: number,
): { readonly first: number; readonly weights: readonly [number, number, number, number] } {
  const first = Math.min(nodes - 4, Math.max(0, Math.floor(position) - 1))
  const t = position - first
  return {
    first,
    weights: [(-(t - 1) * (t - 2) * (t - 3)) / 6, (t * (t - 2) * (t - 3)) / 2, (-t * (t - 1) * (t - 3)) / 2, (t * (t - 1) * (t - 2)) / 6],
  }
}
