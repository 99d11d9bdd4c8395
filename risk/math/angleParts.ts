/** Largest angle in size that is taken: the whole number of quarter turns below stays under 2^20. */
export const LARGEST_ANGLE = 1_000_000
const QUARTERS_PER_RADIAN = 0.6366197723675814 // 2 / pi
// pi / 2 in three parts: 33 + 33 bits, so that a product with a whole number below 2^20 is exact, and the rest.
const QUARTER_HIGH = 1.5707963267341256
const QUARTER_MIDDLE = 6.077100506303966e-11
const QUARTER_LOW = 2.0222662487959506e-21

/**
 * Sine and cosine of x, |x| at most LARGEST_ANGLE (not checked), written to out[0] and out[1].
 *
 * x = n pi/2 + r with |r| <= pi/4 (Cody and Waite); r is carried as high + low; sine and cosine of r by their power series, with the
 * leading terms of each added last so that only they round.
 */
export function angleParts(x: number, out: Float64Array): void {
  const n = Math.floor(x * QUARTERS_PER_RADIAN + 0.5)
  const near = x - n * QUARTER_HIGH
  const shift = n * QUARTER_MIDDLE
  const coarse = near - shift
  const lost = near - coarse - shift - n * QUARTER_LOW
  const r = coarse + lost
  const low = coarse - r + lost

  const square = r * r
  const sineTail = r * square * sineSeries(square)
  const sine = r + (sineTail + low * (1 - 0.5 * square))
  const half = 0.5 * square
  const top = 1 - half
  const cosine = top + (1 - top - half + (square * square * cosineSeries(square) - r * low))

  const quadrant = n & 3
  const swapped = (quadrant & 1) === 1
  out[0] = (quadrant > 1 ? -1 : 1) * (swapped ? cosine : sine)
  out[1] = (quadrant === 1 || quadrant === 2 ? -1 : 1) * (swapped ? sine : cosine)
}

/** (sin r - r) / r^3 in s = r^2, to r^19. */
function sineSeries(s: number): number {
  return (
    -1 / 6 +
    s *
      (1 / 120 +
        s *
          (-1 / 5040 +
            s * (1 / 362880 + s * (-1 / 39916800 + s * (1 / 6227020800 + s * (-1 / 1307674368000 + s * (1 / 355687428096000)))))))
  )
}

/** (cos r - 1 + r^2 / 2) / r^4 in s = r^2, to r^20. */
function cosineSeries(s: number): number {
  return (
    1 / 24 +
    s *
      (-1 / 720 +
        s *
          (1 / 40320 +
            s * (-1 / 3628800 + s * (1 / 479001600 + s * (-1 / 87178291200 + s * (1 / 20922789888000 + s * (-1 / 6402373705728000)))))))
  )
}
