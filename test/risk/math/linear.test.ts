import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  cholesky,
  hessianOfGradient,
  invertPositiveDefinite,
  leastSquares,
  minimise,
  randomSource,
  solveCholesky,
} from '../../../risk/math/index.ts'
import { expectInvalid } from '../support/expectInvalid.ts'
import { expectNear } from '../support/expectNear.ts'
import { propertyRuns } from '../support/propertyRuns.ts'
import { referenceNormals } from '../support/uniforms.ts'

/** A A^T + I / 10 of a random A: positive definite. */
const definite = fc.integer({ min: 1, max: 6 }).chain((size) =>
  fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: size * size, maxLength: size * size }).map((entries) =>
    Array.from({ length: size }, (_, i) =>
      Array.from({ length: size }, (__, j) => {
        let sum = i === j ? 0.1 : 0
        for (let k = 0; k < size; k++) sum += entries[i * size + k]! * entries[j * size + k]!
        return sum
      }),
    ),
  ),
)
const times = (a: readonly ArrayLike<number>[], b: readonly ArrayLike<number>[], i: number, j: number): number =>
  Array.from(b, (_, k) => a[i]![k]! * b[k]![j]!).reduce((x, y) => x + y, 0)

describe('cholesky', () => {
  it('factors, solves and inverts positive definite matrices', () => {
    fc.assert(
      fc.property(definite, (matrix) => {
        const lower = cholesky(matrix)!
        const inverse = invertPositiveDefinite(matrix)!
        const right = matrix.map((_, i) => i - 1)
        const x = solveCholesky(lower, right)
        matrix.forEach((row, i) => {
          expectNear(
            { matrix },
            times(
              matrix,
              Array.from(x, (v) => [v]),
              i,
              0,
            ),
            right[i]!,
            { abs: 1e-9 },
          )
          row.forEach((entry, j) => {
            expectNear(
              { matrix, i, j },
              lower[i]!.reduce((sum, v, k) => sum + v * lower[j]![k]!, 0),
              entry,
              { abs: 1e-13 * (1 + Math.abs(entry)) * 10 },
            )
            expectNear({ matrix, i, j }, times(matrix, inverse, i, j), i === j ? 1 : 0, { abs: 1e-9 })
            expect(inverse[i]![j]).toBe(inverse[j]![i])
          })
        })
      }),
      propertyRuns,
    )
  })
  it('answers null to what is not positive definite', () => {
    expect(
      cholesky([
        [1, 2],
        [2, 1],
      ]),
    ).toBeNull()
    expect(cholesky([[0]])).toBeNull()
    expect(
      invertPositiveDefinite([
        [1, 1],
        [1, 1],
      ]),
    ).toBeNull()
    expect(invertPositiveDefinite([[-1]])).toBeNull()
  })
})

describe('leastSquares', () => {
  const normals = referenceNormals(21, 600)
  const one = Array.from({ length: 200 }, () => 1)
  const x = normals.slice(0, 200)
  const z = normals.slice(200, 400).map((v) => 1e-4 * v)
  const y = normals.slice(400).map((v, i) => 2 - 3 * x[i]! + 5e4 * z[i]! + 0.1 * v)
  it('satisfies the normal equations and agrees with their solution', () => {
    const columns = [one, x, z]
    const fit = leastSquares(columns, y)!
    for (const column of columns) {
      const size = Math.sqrt(column.reduce((s, v) => s + v * v, 0))
      expectNear('orthogonal', column.reduce((s, v, i) => s + v * fit.residuals[i]!, 0) / size, 0, { abs: 1e-12 })
    }
    const gram = columns.map((a) => columns.map((b) => a.reduce((s, v, i) => s + v * b[i]!, 0)))
    const inverse = invertPositiveDefinite(gram)!
    const direct = inverse.map((row) => columns.reduce((s, c, k) => s + row[k]! * c.reduce((t, v, i) => t + v * y[i]!, 0), 0))
    direct.forEach((value, k) => {
      expectNear({ k }, fit.coefficients[k]!, value, { rel: 1e-10 })
      for (const [j, entry] of inverse[k]!.entries()) {
        expectNear({ k, j }, fit.inverseGram[k]![j]!, entry, { abs: 1e-10 * Math.sqrt(inverse[k]![k]! * inverse[j]![j]!) })
      }
    })
  })
  it('answers null to dependent columns and to a column of zeros', () => {
    expect(leastSquares([one, x, x.map((v) => 2 * v - 1)], y)).toBeNull()
    expect(leastSquares([one, one.map(() => 0)], y)).toBeNull()
  })
  it('refuses mismatched lengths, too few rows and NaN', () => {
    expectInvalid('columns[1]', () => leastSquares([one, [1]], y))
    expectInvalid('columns', () => leastSquares([[1], [2]], [1]))
    expectInvalid('columns', () => leastSquares([], [1]))
    expectInvalid('response[0]', () => leastSquares([[1]], [Number.NaN]))
    expectInvalid('columns[0][0]', () => leastSquares([[Number.NaN]], [1]))
  })
})

describe('minimise', () => {
  const rosenbrock = (at: Float64Array, gradient: Float64Array): number => {
    const [x, y] = [at[0]!, at[1]!]
    gradient[0] = -400 * x * (y - x * x) - 2 * (1 - x)
    gradient[1] = 200 * (y - x * x)
    return 100 * (y - x * x) ** 2 + (1 - x) ** 2
  }
  it('finds the floor of Rosenbrock’s valley', () => {
    const found = minimise(rosenbrock, [-1.2, 1], { tolerance: 1e-10, maxIterations: 200 })
    expect(found.status).toBe('converged')
    expectNear('x', found.at[0]!, 1, { abs: 1e-9 })
    expectNear('y', found.at[1]!, 1, { abs: 1e-9 })
    expect(found.iterations).toBeLessThan(60)
  })
  it('solves random quadratics to their linear equations', () => {
    fc.assert(
      fc.property(definite, (matrix) => {
        const found = minimise(
          (at, gradient) => {
            let value = 0
            for (let i = 0; i < at.length; i++) {
              gradient[i] = at.reduce((sum, v, j) => sum + matrix[i]![j]! * v, -1)
              value += at[i]! * (0.5 * (gradient[i]! + 1) - 1)
            }
            return value
          },
          matrix.map(() => 3),
          { tolerance: 1e-8, maxIterations: 300 },
        )
        expect(found.status === 'exhausted', JSON.stringify(matrix)).toBe(false)
        const direct = solveCholesky(
          cholesky(matrix)!,
          matrix.map(() => 1),
        )
        for (const [i, value] of direct.entries()) expectNear({ matrix, i }, found.at[i]!, value, { abs: 1e-5 })
      }),
      propertyRuns,
    )
  })
  it('steps back from where the function is not defined', () => {
    // x - ln x, defined above 0 only; the first step from 1e-3 goes far, later ones near the edge.
    const found = minimise(
      (at, gradient) => {
        if (!(at[0]! > 0)) return Number.POSITIVE_INFINITY
        gradient[0] = 1 - 1 / at[0]!
        return at[0]! - Math.log(at[0]!)
      },
      [40],
      { tolerance: 1e-10, maxIterations: 100 },
    )
    expect(found.status).toBe('converged')
    expectNear('x', found.at[0]!, 1, { abs: 1e-9 })
  })
  it('says when it ran out of iterations, and when no step helps', () => {
    expect(minimise(rosenbrock, [-1.2, 1], { tolerance: 1e-10, maxIterations: 3 }).status).toBe('exhausted')
    const wrong = (at: Float64Array, gradient: Float64Array): number => {
      gradient[0] = 1
      return Math.abs(at[0]!)
    }
    expect(minimise(wrong, [0], { tolerance: 1e-10, maxIterations: 10 }).status).toBe('stalled')
  })
})

describe('hessianOfGradient', () => {
  const cubic = (at: Float64Array, gradient: Float64Array): number => {
    if (at[0]! > 10) return Number.POSITIVE_INFINITY
    gradient[0] = 3 * at[0]! * at[0]! + at[1]!
    gradient[1] = at[0]!
    return at[0]! ** 3 + at[0]! * at[1]!
  }
  it('differentiates the gradient', () => {
    const hessian = hessianOfGradient(cubic, Float64Array.of(2, 5), [1, 1])!
    expectNear('xx', hessian[0]![0]!, 12, { rel: 1e-9 })
    expectNear('xy', hessian[0]![1]!, 1, { rel: 1e-9 })
    expect(hessian[1]![0]).toBe(hessian[0]![1])
    expectNear('yy', hessian[1]![1]!, 0, { abs: 1e-12 })
  })
  it('answers null where the function is not defined beside the point', () =>
    expect(hessianOfGradient(cubic, Float64Array.of(10, 5), [1, 1])).toBeNull())
})

describe('randomSource', () => {
  it('repeats with its seed and differs without', () => {
    const draw = (seed: number): number[] => Array.from({ length: 5 }, randomSource(seed).uniform)
    expect(draw(1)).toEqual(draw(1))
    expect(draw(1)).not.toEqual(draw(2))
  })
  it('is uniform: mean, variance, serial correlation and every tenth within four standard errors (seed 9)', () => {
    const { uniform } = randomSource(9)
    const draws = Array.from({ length: 100_000 }, uniform)
    const n = draws.length
    expect(Math.min(...draws.slice(0, 50_000))).toBeGreaterThan(0)
    expectNear('mean', draws.reduce((s, u) => s + u, 0) / n, 0.5, { abs: 4 * Math.sqrt(1 / 12 / n) })
    expectNear('variance', draws.reduce((s, u) => s + (u - 0.5) ** 2, 0) / n, 1 / 12, { abs: 4 * Math.sqrt(1 / 180 / n) })
    const serial = draws.slice(1).reduce((s, u, i) => s + (u - 0.5) * (draws[i]! - 0.5), 0) / n
    expectNear('serial', serial, 0, { abs: (4 / 12) * Math.sqrt(1 / n) })
    const counts = new Array<number>(10).fill(0)
    for (const u of draws) counts[Math.floor(10 * u)]! += 1
    for (const count of counts) expectNear('tenth', count, n / 10, { abs: 4 * Math.sqrt(n * 0.09) })
  })
  it('draws every index of a range', () => {
    const { index } = randomSource(4)
    const seen = new Set(Array.from({ length: 200 }, () => index(7)))
    expect([...seen].sort()).toEqual([0, 1, 2, 3, 4, 5, 6])
  })
  it('refuses seeds that are not 32-bit whole numbers', () => {
    for (const seed of [-1, 0.5, 4294967296, Number.NaN]) expectInvalid('seed', () => randomSource(seed))
  })
})
