import { assertInRange } from '../math/index.ts'
import { type ImpliedVol, impliedVol } from '../pricing/impliedVol/index.ts'
import { assertWhole } from './assertWhole.ts'
import type { EngineChoice, KernelEngine } from './KernelEngine.ts'
import { newKernelMemory, openEngine } from './memory/KernelMemory.ts'

const FIRST_COLUMN = 4096

/** Columns of quotes, one number per option. */
export const quoteColumns = ['sign', 'forward', 'strike', 'timeToExpiry', 'rate', 'price'] as const

/** Quotes side by side: write the inputs, call `solve`, read vols and statuses. */
export type ImpliedVolBatch = {
  readonly engine: KernelEngine['name']
  readonly capacity: number
  /** `sign` is 1 for a call and -1 for a put; the other columns as `ImpliedVolInputs`. */
  readonly inputs: Readonly<Record<(typeof quoteColumns)[number], Float64Array>>
  /** Annualised; 0 where there is none. */
  readonly vols: Float64Array
  /** Places in {@link volStatuses}. */
  readonly statuses: Uint8Array
  /**
   * Solves the first `count` quotes. Bad quotes get their status; nothing about a quote throws.
   *
   * @returns How many the plain solver had to look at, because they lie outside the region where one step is enough, or have no vol.
   * @throws {InvalidInputError} `count` is no whole number in [0, capacity].
   */
  readonly solve: (count: number) => number
}

/** What became of a quote; meaning as {@link ImpliedVol}. */
export const volStatuses = [
  'converged',
  'atIntrinsic',
  'belowIntrinsic',
  'aboveMaximum',
  'expired',
  'invalid',
] as const satisfies readonly ImpliedVol['status'][]

/**
 * Room for `capacity` quotes. Vols agree with {@link impliedVol} of risk/pricing to 1e-12 of themselves and what the price does not tell; what its fast region leaves
 * out is solved by that function itself.
 *
 * @throws {InvalidInputError} `capacity` is no whole number in [1, 1e7].
 */
export function openImpliedVolBatch(capacity: number, choice: EngineChoice = 'fastest'): ImpliedVolBatch {
  assertInRange('capacity', capacity, 1, 1e7)
  assertWhole('capacity', capacity)
  const stride = 64 * Math.ceil(capacity / 8)
  const kernel = newKernelMemory(FIRST_COLUMN + (quoteColumns.length + 2) * stride)
  const engine = openEngine(kernel, choice)
  const column = (place: number): Float64Array =>
    kernel.reals.subarray((FIRST_COLUMN + place * stride) / 8, (FIRST_COLUMN + place * stride) / 8 + capacity)
  const firstOutput = FIRST_COLUMN + quoteColumns.length * stride
  // Harmless numbers where no quote stands yet: the engine works in pairs.
  for (let i = FIRST_COLUMN / 8; i < firstOutput / 8; i++) kernel.reals[i] = 1
  const inputs = Object.fromEntries(quoteColumns.map((name, i) => [name, column(i)])) as ImpliedVolBatch['inputs']
  const vols = column(quoteColumns.length)
  const isGood = column(quoteColumns.length + 1)
  const statuses = new Uint8Array(capacity)
  const solve = (count: number): number => {
    assertInRange('count', count, 0, capacity)
    assertWhole('count', count)
    engine.impliedVols(FIRST_COLUMN, firstOutput, stride, 2 * Math.ceil(count / 2))
    let left = 0
    for (let i = 0; i < count; i++) {
      statuses[i] = 0
      if (isGood[i] === 1) continue
      left++
      const result = solveOne(inputs, i)
      vols[i] = result.vol ?? 0
      statuses[i] = volStatuses.indexOf(result.status)
    }
    return left
  }
  return { engine: engine.name, capacity, inputs, vols, statuses, solve }
}

/** What the fast region leaves out; `invalid` also for a sign that is neither 1 nor -1. */
function solveOne(
  { sign, forward, strike, timeToExpiry, rate, price }: ImpliedVolBatch['inputs'],
  i: number,
): { readonly status: ImpliedVol['status']; readonly vol?: number } {
  if (sign[i] !== 1 && sign[i] !== -1) return { status: 'invalid' }
  return impliedVol({
    type: sign[i] === 1 ? 'call' : 'put',
    forward: forward[i]!,
    strike: strike[i]!,
    timeToExpiry: timeToExpiry[i]!,
    rate: rate[i]!,
    price: price[i]!,
  })
}
