import { exp } from '../../math/index.ts'
import type { Usd } from '../../types/index.ts'
import { type Black76Greeks, black76Greeks } from '../black76Greeks.ts'
import { assertBlack76Inputs, type Black76Inputs } from '../black76Inputs.ts'
import { bsmGreeks } from './bsmGreeks.ts'

/** {@link Black76Greeks} and the four of higher order, with respect to the forward and with the forward held fixed where time or rate move. */
export type ForwardGreeks = Black76Greeks & {
  /** d3V/dF3. */
  readonly speed: number
  /** d gamma/dvol. */
  readonly zomma: number
  /** -d gamma/dT per year. */
  readonly color: number
  /** -d vega/dT per year. */
  readonly veta: Usd
}

/**
 * Black-76 price with all its Greeks; the yield, which a forward does not know, has none.
 *
 * @throws {InvalidInputError} A field is NaN or outside its range.
 */
export function forwardGreeks(inputs: Black76Inputs): ForwardGreeks {
  assertBlack76Inputs(inputs)
  const { forward, rate, ...contract } = inputs
  // At fixed forward nothing but the discount depends on the rate: Greeks are those of a rate and yield of zero, discounted, plus r times the Greek where time moves.
  const { speed, zomma, color, veta, gamma, vega } = bsmGreeks({ ...contract, spot: forward, rate: 0, dividendYield: 0 })
  const discount = exp(-rate * inputs.timeToExpiry)
  return {
    ...black76Greeks(inputs),
    speed: discount * speed,
    zomma: discount * zomma,
    color: discount * (color + rate * gamma),
    veta: discount * (veta + rate * vega),
  }
}
