import { exp, log } from '../../math/index.ts'
import { ageRule } from './ageRule.ts'
import { collocationGrid } from './CollocationGrid.ts'
import type { ExerciseBoundary } from './ExerciseBoundary.ts'
import { fillInterpolationRow } from './fillInterpolationRow.ts'
import { type Carry, solveBoundary } from './solveBoundary.ts'

/**
 * How finely a boundary is resolved: the sizes solved one after the other, each from the one before, and the points of the premium
 * integral.
 */
export type BoundaryResolution = { readonly sizes: readonly number[]; readonly steps: number; readonly premiumPoints: number }

const COARSE_STEPS = 8
/** The coarsest boundary is only a start: two Newton steps later such an error is below 1e-7. */
const COARSE_SETTLED = 1e-2
const SETTLED = 1e-12

/** Boundary of the put with strike 1 (arguments are not checked; rate and yield are not both below zero with the yield the lower). */
export function fitBoundary(carry: Carry, { sizes, steps, premiumPoints }: BoundaryResolution): ExerciseBoundary {
  const { rate, dividendYield, vol, timeToExpiry } = carry
  if (rate < 0 || (rate === 0 && dividendYield >= 0)) return { kind: 'never', carry }
  const logX = dividendYield > rate ? log(rate / dividendYield) : 0
  let boundary = firstGuess(carry, logX, collocationGrid(sizes[0]!, sizes[0]!).rootTimes)
  for (const [level, size] of sizes.entries()) {
    const grid = collocationGrid(size, size)
    if (level > 0) boundary = refine(boundary, grid.rootTimes)
    solveBoundary(grid, carry, logX, boundary, level === 0 ? COARSE_STEPS : steps, level === 0 ? COARSE_SETTLED : SETTLED)
  }

  const size = boundary.length
  const { rows, rootAges, weights } = premiumGrid(size, premiumPoints)
  const logLater = new Float64Array(premiumPoints)
  const ages = new Float64Array(premiumPoints)
  const spreads = new Float64Array(premiumPoints)
  const interestWeights = new Float64Array(premiumPoints)
  const yieldWeights = new Float64Array(premiumPoints)
  const yieldAtBoundary = new Float64Array(premiumPoints)
  for (let k = 0; k < premiumPoints; k++) {
    let square = 0
    for (let j = 0; j < size; j++) square += rows[k * size + j]! * boundary[j]! * boundary[j]!
    const age = rootAges[k]! * rootAges[k]! * timeToExpiry
    const weight = weights[k]! * timeToExpiry
    logLater[k] = logX - Math.sqrt(Math.max(0, square))
    ages[k] = age
    spreads[k] = vol * Math.sqrt(age)
    interestWeights[k] = weight * rate * exp(-rate * age)
    yieldWeights[k] = weight * dividendYield * exp(-dividendYield * age)
    yieldAtBoundary[k] = yieldWeights[k]! * exp(logLater[k]! - (rate - dividendYield) * age)
  }
  return { kind: 'single', carry, logNow: logX + boundary[0]!, logLater, ages, spreads, interestWeights, yieldWeights, yieldAtBoundary }
}

/** From 0 at expiry to the perpetual put's boundary (Merton 1973), at the pace of Bjerksund and Stensland's trigger price (1993). */
function firstGuess({ rate, dividendYield, vol, timeToExpiry }: Carry, logX: number, rootTimes: Float64Array): Float64Array {
  const variance = vol * vol
  const b = rate - dividendYield - 0.5 * variance
  const root = Math.sqrt(b * b + 2 * rate * variance)
  // The negative root of variance/2 x^2 + b x - rate = 0, in the form that does not cancel.
  const exponent = b > 0 ? -(b + root) / variance : (-2 * rate) / (root - b)
  const perpetual = exponent < -1e-12 ? Math.max(1e-9, log((exponent - 1) / exponent) + logX) : 30
  return rootTimes.map((root) => {
    const rootTau = root * Math.sqrt(timeToExpiry)
    const pace = 2 * vol * rootTau + Math.abs(rate - dividendYield) * rootTau * rootTau
    return -perpetual * (1 - exp(-pace / perpetual))
  })
}

/**
 * Carries a boundary to finer collocation times; before the earliest known time, where interpolation oscillates, it falls as sqrt(tau)
 * does.
 */
function refine(coarse: Float64Array, rootTimes: Float64Array): Float64Array {
  const size = coarse.length
  const earliest = collocationGrid(size, size).rootTimes[size - 1]!
  const row = new Float64Array(size)
  return rootTimes.map((rootTime) => {
    if (rootTime <= earliest) return (coarse[size - 1]! * rootTime) / earliest
    fillInterpolationRow(row, 0, size, rootTime)
    let square = 0
    for (let j = 0; j < size; j++) square += row[j]! * coarse[j]! * coarse[j]!
    return square > 0 ? -Math.sqrt(square) : coarse[size - 1]!
  })
}

type PremiumGrid = { readonly rows: Float64Array; readonly rootAges: Float64Array; readonly weights: Float64Array }

const premiumGrids = new Map<string, PremiumGrid>()

/** Points of the premium integral and the interpolation to them; made once per size and kept. */
function premiumGrid(size: number, points: number): PremiumGrid {
  const key = `${size}/${points}`
  const known = premiumGrids.get(key)
  if (known !== undefined) return known
  const { rootAges, rootRests, weights } = ageRule(points)
  const rows = new Float64Array(points * size)
  for (let k = 0; k < points; k++) fillInterpolationRow(rows, k * size, size, rootRests[k]!)
  const made = { rows, rootAges, weights }
  premiumGrids.set(key, made)
  return made
}
