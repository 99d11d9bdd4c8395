import { bitLength, WAD } from './integers.ts'

const LN2 = 12786308645202655660n
const HALF_LN2 = 6393154322601327830n
const SQRT2 = 112045541949572279837463876454n
/** Chebyshev interpolant of 2 atanh(t) / t in t^2, highest degree first, 64 binary digits. */
const atanh = [
  3617055220393447249n,
  4090427131176764926n,
  5270634365244777115n,
  7378696687193213435n,
  12297829384854986001n,
  36893488147418129024n,
] as const

/** ln(large / small), 64 binary digits, at least 0: `Black76.logOfRatio`. */
export function logOfRatio(small: bigint, large: bigint): bigint {
  const ratio = (large << 96n) / small
  const k = BigInt(bitLength(ratio >> 96n) - 1)
  const m = ratio >> k
  const above = m >= SQRT2
  const t = ((above ? m - SQRT2 : SQRT2 - m) << 64n) / (m + SQRT2)
  const u = (t * t) >> 64n
  const series = (atanh.reduce((p, coefficient) => ((p * u) >> 64n) + coefficient, 0n) * t) >> 64n
  const base = k * LN2 + HALF_LN2
  return above ? base + series : base - series
}

/** ln(numerator / denominator), 64 binary digits. */
export function signedLog(numerator: bigint, denominator: bigint): bigint {
  if (numerator === denominator) return 0n
  return numerator < denominator ? -logOfRatio(numerator, denominator) : logOfRatio(denominator, numerator)
}

const HALF_LN2_120 = 460675318799830652613172153836239227n
const SQRT2_120 = 481231938336009023090067544955250113854n
const ONE_120 = 1n << 120n

/** ln(numerator / denominator), wad, numerator above denominator: `LogRatio.logRatio`. */
export function logRatio(numerator: bigint, denominator: bigint): bigint {
  if (numerator === denominator) return 0n
  if (numerator < denominator) return -logRatio(denominator, numerator)
  const ratio = (numerator << 128n) / denominator
  const k = BigInt(bitLength(ratio) - 1 - 128)
  const m = ratio >> k
  const t = ((m - SQRT2_120) * ONE_120) / (m + SQRT2_120)
  const u = (t * t) >> 120n
  let p = ONE_120 / 27n
  for (let n = 25n; n > 0n; n -= 2n) p = ((p * u) >> 120n) + ONE_120 / n
  const result = (2n * k + 1n) * HALF_LN2_120 + ((t * p) >> 119n)
  return (result * WAD) >> 120n
}

const LN2_96 = 54916777467707473351141471128n
const ONE_96 = 1n << 96n

/** e^x, wad in and out, rounded down: `Exponential.exponential`. */
export function exponential(x: bigint): bigint {
  const scaled = (x * ONE_96) / WAD
  let k = scaled / LN2_96
  if (scaled - k * LN2_96 < 0n) k--
  const r = scaled - k * LN2_96
  let p = ONE_96
  for (let n = 22n; n > 0n; n--) p = ONE_96 + ((p * r) >> 96n) / n
  return (p * WAD) >> (96n - k)
}
