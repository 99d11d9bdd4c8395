// Ascending coefficients of e^(z^2) erfc(z) as a polynomial in u = (z - 3.3) / (z + 3.7), which maps [-0.2, infinity) to [-1, 1): a Chebyshev fit in
// 40-digit arithmetic to e^(z^2) erfc(z) / (1 - u), multiplied out; it leaves a relative error of 1.2e-17, and 9e-17 in the derivative.
const coefficients = [
  0.16400729757293261, -0.3215170217991008, 0.2877973557153685, -0.22233623181796597, 0.14666046840327396, -0.08095134986137566,
  0.035975889246422, -0.011816530240488456, 0.0021446843866130753, 0.00027367202538406137, -0.00030606938074447334, 5.65502713008113e-5,
  2.245994544658152e-5, -1.1641103330558966e-5, -1.0650631258350489e-6, 1.7702774123581546e-6, -1.855488644838424e-8,
  -2.6935711565755886e-7, 1.3958975141369307e-8, 4.3579936077822055e-8, -2.1568205958853288e-9, -7.127021585033139e-9,
  1.7091226165562313e-10, 9.911505307393697e-10, -2.768918751062882e-12, -8.038297707086229e-11,
] as const
const DEGREE = coefficients.length - 1

/** e^(z^2) erfc(z) for z >= -0.2 (not checked). Beside {@link shiftedErfcDrop} so that both sides of a switch between them see the same function. */
export function shiftedErfc(z: number): number {
  const u = (z - 3.3) / (z + 3.7)
  let value: number = coefficients[DEGREE]!
  for (let i = DEGREE - 1; i >= 0; i--) value = value * u + coefficients[i]!
  return value
}

/**
 * shiftedErfc(z) - shiftedErfc(z + step) for z >= -0.2, step >= 0 (not checked), with relative accuracy however small the step: the divided difference of the
 * polynomial runs through Horner's scheme beside its value.
 */
export function shiftedErfcDrop(z: number, step: number): number {
  const far = z + step
  const u = (z - 3.3) / (z + 3.7)
  const uFar = (far - 3.3) / (far + 3.7)
  let value: number = coefficients[DEGREE]!
  let difference = 0
  for (let i = DEGREE - 1; i >= 0; i--) {
    difference = difference * uFar + value
    value = value * u + coefficients[i]!
  }
  // uFar - u = 7 step / ((z + 3.7) (far + 3.7)).
  return ((-7 * step) / ((z + 3.7) * (far + 3.7))) * difference
}
