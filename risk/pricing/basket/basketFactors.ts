import { InvalidInputError } from '../../errors/index.ts'
import { cholesky, exp, solveCholesky } from '../../math/index.ts'
import type { BasketInputs } from './basketInputs.ts'

/**
 * ln of the k-th asset at expiry over its forward is lead_k Z + sum_j rest_kj Y_j less half its variance, with Z, Y_1, ... independent
 * standard normals.
 */
export type BasketFactors = {
  readonly assets: number
  /** weight x forward of each asset. */
  readonly sizes: Float64Array
  readonly lead: Float64Array
  /** Number of the other factors. */
  readonly rank: number
  /** Row k, column j: loading of asset k on factor j, the most important factor first. */
  readonly rest: Float64Array
  /** Sum of squares of each row of `rest`. */
  readonly restVariances: Float64Array
}

/** Shares of the largest variance: below the first a factor is none, below minus the second the matrix has a negative eigenvalue. */
const NONE = 1e-14
const ROUNDING = 1e-10

/**
 * Splits the covariance of `inputs` (guarded by the caller but for its eigenvalues): Z is the direction in which the basket itself moves,
 * to first order; the others span what Z leaves (Cholesky with the largest pivot first).
 *
 * @throws {InvalidInputError} `correlations` has a negative eigenvalue.
 * @see Choi, Journal of Futures Markets 38 (2018), for the choice of Z.
 */
export function basketFactors(inputs: BasketInputs): BasketFactors {
  const { spots, weights, vols, dividendYields, correlations, rate, timeToExpiry } = inputs
  const assets = spots.length
  const sizes = Float64Array.from(spots, (spot, k) => weights[k]! * spot * exp((rate - dividendYields[k]!) * timeToExpiry))
  const covariance = Array.from({ length: assets }, (_, k) =>
    Float64Array.from(vols, (vol, l) => vols[k]! * vol * correlations[k]![l]! * timeToExpiry),
  )
  const scale = Math.max(...covariance.map((row, k) => row[k]!))
  const lead = leadingColumn(covariance, sizes, scale)
  const left = covariance.map((row, k) => row.map((value, l) => value - lead[k]! * lead[l]!))

  const columns: Float64Array[] = []
  for (let count = 0; count < assets; count++) {
    let pivot = 0
    for (let k = 1; k < assets; k++) if (left[k]![k]! > left[pivot]![pivot]!) pivot = k
    const largest = left[pivot]![pivot]!
    if (left.some((row, k) => row[k]! < -ROUNDING * scale))
      throw new InvalidInputError({ argument: 'correlations', got: 'a negative eigenvalue', limit: 'none: no assets can move like that' })
    if (largest <= NONE * scale) break
    const column = left[pivot]!.map((value) => value / Math.sqrt(largest))
    columns.push(column)
    for (let k = 0; k < assets; k++) for (let l = 0; l < assets; l++) left[k]![l] = left[k]![l]! - column[k]! * column[l]!
  }
  if (left.some((row) => row.some((value) => Math.abs(value) > ROUNDING * scale)))
    throw new InvalidInputError({ argument: 'correlations', got: 'a negative eigenvalue', limit: 'none: no assets can move like that' })

  const rank = columns.length
  const rest = new Float64Array(assets * rank)
  const restVariances = new Float64Array(assets)
  for (let k = 0; k < assets; k++) {
    for (let j = 0; j < rank; j++) {
      const loading = columns[j]![k]!
      rest[k * rank + j] = loading
      restVariances[k] = restVariances[k]! + loading * loading
    }
  }
  return { assets, sizes, lead, rank, rest, restVariances }
}

/** Least share of its own deviation with which an asset follows the leading factor, where the correlations allow it. */
const LEAST_LEAD = 0.1

/**
 * Loadings on the leading factor. Its direction is the covariance of each asset with the basket; an asset that would move against it gets a
 * small positive loading instead, so that the basket only rises with the factor and the value stays a smooth function of the others. Where
 * no such factor exists (a singular matrix) the loading stays negative; where the basket stands still the wildest asset leads.
 */
function leadingColumn(covariance: readonly Float64Array[], sizes: Float64Array, scale: number): Float64Array {
  const products = Float64Array.from(covariance, (row) => row.reduce((sum, value, l) => sum + value * sizes[l]!, 0))
  const variance = products.reduce((sum, value, k) => sum + value * sizes[k]!, 0)
  const total = sizes.reduce((a, b) => a + b)
  if (variance > 1e-12 * scale * total * total) {
    const least = covariance.map((row, k) => LEAST_LEAD * Math.sqrt(row[k]! * variance))
    if (products.every((value, k) => value >= least[k]!)) return products.map((value) => value / Math.sqrt(variance))
    const lower = cholesky(covariance)
    if (lower === null) return products.map((value) => value / Math.sqrt(variance))
    // A direction t is a factor of unit variance once it is divided by sqrt(t' C^-1 t).
    const wanted = products.map((value, k) => Math.max(value, least[k]!))
    const solved = solveCholesky(lower, wanted)
    const norm = wanted.reduce((sum, value, k) => sum + value * solved[k]!, 0)
    return wanted.map((value) => value / Math.sqrt(norm))
  }
  const wildest = covariance.reduce((best, row, k) => (row[k]! > covariance[best]![best]! ? k : best), 0)
  const deviation = Math.sqrt(covariance[wildest]![wildest]!)
  return deviation === 0 ? new Float64Array(sizes.length) : covariance[wildest]!.map((value) => value / deviation)
}
