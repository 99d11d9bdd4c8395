import { InvalidInputError } from '../../errors/index.ts'

/**
 * Turns independent normals into a Brownian path at fixed times, the first normal settling the end of the path, the next its middle, and so
 * on.
 */
export type BrownianBridge = {
  readonly steps: number
  /** Writes W(t_1) ... W(t_n) from as many independent standard normals; lengths are not checked. */
  readonly build: (normals: Float64Array, path: Float64Array) => void
}

/**
 * Brownian bridge over `times`: most of the path's variance is in the first few normals, where a Sobol sequence is at its best.
 *
 * @param times - Rising, the first above 0; one or more.
 * @throws {InvalidInputError} `times` is empty or does not rise from above 0.
 * @see Glasserman, Monte Carlo Methods in Financial Engineering (2004), section 3.1.
 */
export function brownianBridge(times: ArrayLike<number>): BrownianBridge {
  const steps = times.length
  if (steps === 0) throw new InvalidInputError({ argument: 'times', got: 'empty', limit: 'one or more' })
  for (let i = 0; i < steps; i++) {
    const before = i === 0 ? 0 : times[i - 1]!
    if (!(times[i]! > before && times[i]! < Number.POSITIVE_INFINITY))
      throw new InvalidInputError({ argument: `times[${i}]`, got: times[i], limit: `finite and above ${before}` })
  }
  const at = new Int32Array(steps)
  const left = new Int32Array(steps)
  const right = new Int32Array(steps)
  const leftWeights = new Float64Array(steps)
  const rightWeights = new Float64Array(steps)
  const deviations = new Float64Array(steps)
  at[0] = steps - 1
  deviations[0] = Math.sqrt(times[steps - 1]!)
  // Gaps (from, to) whose ends are known, in the order they are split; -1 is time 0.
  const gaps: [number, number][] = [[-1, steps - 1]]
  let count = 1
  for (const [from, to] of gaps) {
    if (to - from < 2) continue
    const middle = (from + to + (from + to < 0 ? 1 : 0)) >> 1
    const start = from < 0 ? 0 : times[from]!
    const [time, end] = [times[middle]!, times[to]!]
    at[count] = middle
    left[count] = from
    right[count] = to
    leftWeights[count] = from < 0 ? 0 : (end - time) / (end - start)
    rightWeights[count] = (time - start) / (end - start)
    deviations[count] = Math.sqrt(((time - start) * (end - time)) / (end - start))
    count += 1
    gaps.push([from, middle], [middle, to])
  }
  for (let i = 0; i < steps; i++) if (left[i]! < 0) left[i] = 0
  const build = (normals: Float64Array, path: Float64Array): void => {
    path[steps - 1] = deviations[0]! * normals[0]!
    for (let i = 1; i < steps; i++) {
      path[at[i]!] = leftWeights[i]! * path[left[i]!]! + rightWeights[i]! * path[right[i]!]! + deviations[i]! * normals[i]!
    }
  }
  return { steps, build }
}
