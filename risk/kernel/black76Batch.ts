import { InvalidInputError } from '../errors/index.ts'
import { assertInRange } from '../math/index.ts'
import { assertWhole } from './assertWhole.ts'
import type { EngineChoice, KernelEngine } from './KernelEngine.ts'
import { newKernelMemory, openEngine } from './memory/KernelMemory.ts'

const FIRST_COLUMN = 4096

/** Columns of inputs, one number per option. */
export const batchInputs = ['sign', 'forward', 'strike', 'timeToExpiry', 'vol', 'rate'] as const
/** Columns of results; meaning, unit and sign as `Black76Greeks` of risk/pricing. */
export const batchOutputs = ['price', 'delta', 'gamma', 'vega', 'theta', 'rho', 'vanna', 'volga', 'charm'] as const

/** Options side by side, priced in place: write the inputs, call `price`, read the outputs. */
export type Black76Batch = {
  readonly engine: KernelEngine['name']
  readonly capacity: number
  /** `sign` is 1 for a call and -1 for a put; the other columns have the ranges of `Black76Inputs`. */
  readonly inputs: Readonly<Record<(typeof batchInputs)[number], Float64Array>>
  readonly outputs: Readonly<Record<(typeof batchOutputs)[number], Float64Array>>
  /**
   * Prices the first `count` options.
   *
   * @throws {InvalidInputError} `count` is no whole number in [0, capacity], or an input is NaN or outside its range; option and column are named.
   */
  readonly price: (count: number) => void
  /** The same without looking at the inputs, for columns that have been looked at before. */
  readonly priceUnchecked: (count: number) => void
}

/**
 * Room for `capacity` options. Prices differ from `black76Greeks` by at most 1e-15 of the forward; README.md has the Greeks.
 *
 * @throws {InvalidInputError} `capacity` is no whole number in [1, 1e7].
 */
export function openBlack76Batch(capacity: number, choice: EngineChoice = 'fastest'): Black76Batch {
  assertInRange('capacity', capacity, 1, 1e7)
  assertWhole('capacity', capacity)
  // A multiple of eight numbers, so that every column starts a cache line.
  const stride = 64 * Math.ceil(capacity / 8)
  const kernel = newKernelMemory(FIRST_COLUMN + (batchInputs.length + batchOutputs.length) * stride)
  const engine = openEngine(kernel, choice)
  const column = (place: number): Float64Array =>
    kernel.reals.subarray((FIRST_COLUMN + place * stride) / 8, (FIRST_COLUMN + place * stride) / 8 + capacity)
  const firstOutput = FIRST_COLUMN + batchInputs.length * stride
  // Harmless numbers where no option stands yet: the engine works in pairs.
  for (let i = FIRST_COLUMN / 8; i < firstOutput / 8; i++) kernel.reals[i] = 1
  const inputs = Object.fromEntries(batchInputs.map((name, i) => [name, column(i)])) as Black76Batch['inputs']
  const outputs = Object.fromEntries(batchOutputs.map((name, i) => [name, column(batchInputs.length + i)])) as Black76Batch['outputs']
  const priceUnchecked = (count: number): void => engine.black76(FIRST_COLUMN, firstOutput, stride, 2 * Math.ceil(count / 2))
  const price = (count: number): void => {
    assertInRange('count', count, 0, capacity)
    assertWhole('count', count)
    for (let i = 0; i < count; i++) assertOption(inputs, i)
    priceUnchecked(count)
  }
  return { engine: engine.name, capacity, inputs, outputs, price, priceUnchecked }
}

function assertOption({ sign, forward, strike, timeToExpiry, vol, rate }: Black76Batch['inputs'], i: number): void {
  const side = sign[i]
  if (side !== 1 && side !== -1) throw new InvalidInputError({ argument: `sign[${i}]`, got: side, limit: '1 for a call or -1 for a put' })
  assertInRange(`forward[${i}]`, forward[i]!, 1e-9, 1e15)
  assertInRange(`strike[${i}]`, strike[i]!, 1e-9, 1e15)
  assertInRange(`timeToExpiry[${i}]`, timeToExpiry[i]!, 0, 100)
  assertInRange(`vol[${i}]`, vol[i]!, 0, 100)
  assertInRange(`rate[${i}]`, rate[i]!, -1, 1)
}
