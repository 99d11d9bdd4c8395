import { InvalidInputError } from '../errors/index.ts'

const STEPS = 32
const FRACTION_BITS = 160n
const ONE = 1n << FRACTION_BITS
const TWO_TO_60 = Number(1n << 60n)
/** atan(j / 32), j = 0 .. 32, as high + low. */
const high = new Float64Array(STEPS + 1)
const low = new Float64Array(STEPS + 1)
fillTable()
const QUARTER_HIGH = 2 * high[STEPS]!
const QUARTER_LOW = 2 * low[STEPS]!

/**
 * Angle of the point (x, y) in (-pi, pi], in radians; 0 at the origin. Largest error seen: risk/math/README.md.
 *
 * The smaller of |x|, |y| over the larger is t in [0, 1]; atan t = atan c + atan((t - c) / (1 + t c)) with c the nearest multiple of 1/32.
 * @throws {InvalidInputError} An argument is not finite.
 */
export function atan2(y: number, x: number): number {
  if (!Number.isFinite(y)) throw new InvalidInputError({ argument: 'y of atan2', got: y, limit: 'finite' })
  if (!Number.isFinite(x)) throw new InvalidInputError({ argument: 'x of atan2', got: x, limit: 'finite' })
  const sizeX = Math.abs(x)
  const sizeY = Math.abs(y)
  if (sizeY === 0) return x < 0 ? 2 * QUARTER_HIGH : 0
  const steep = sizeY > sizeX
  const t = steep ? sizeX / sizeY : sizeY / sizeX
  const j = Math.floor(t * STEPS + 0.5)
  const c = j / STEPS
  const z = (t - c) / (1 + t * c)
  const square = z * z
  const rest = low[j]! + z * square * (-1 / 3 + square * (1 / 5 + square * (-1 / 7 + square * (1 / 9 - square / 11))))
  // In the first octant the angle is atan t; the others follow from it by adding or taking it from a quarter or half turn.
  const right = x >= 0
  const turns = steep ? 1 : right ? 0 : 2
  const sign = steep === right ? -1 : 1
  const angle = turns * QUARTER_HIGH + sign * high[j]! + (sign * z + (turns * QUARTER_LOW + sign * rest))
  return y < 0 ? -angle : angle
}

/** atan((j + 1) / 32) = atan(j / 32) + atan(32 / (1024 + j (j + 1))), by the power series with 160 fractional bits. */
function fillTable(): void {
  let angle = 0n
  for (let j = 0; j <= STEPS; j++) {
    const leading = Number(angle) / Number(ONE)
    high[j] = leading
    low[j] = Number(angle - BigInt(leading * TWO_TO_60) * (ONE >> 60n)) / Number(ONE)
    const z = (ONE * BigInt(STEPS)) / BigInt(STEPS * STEPS + j * (j + 1))
    const square = (z * z) >> FRACTION_BITS
    let power = z
    for (let odd = 1n; power !== 0n; odd += 2n) {
      angle += odd % 4n === 1n ? power / odd : -(power / odd)
      power = (power * square) >> FRACTION_BITS
    }
  }
}
