import { InvalidInputError } from '../../errors/index.ts'
import { assertInRange, exp, integrate, log, normalCdf, normalPdf } from '../../math/index.ts'
import type { Fraction, OptionType, Usd, Vol, Years } from '../../types/index.ts'
import { assertPriceLevel, standardDeviation } from '../diffusion/index.ts'
import { assertDeviation } from './pairInputs.ts'

/** An option on the highest (`max`) or lowest (`min`) of several prices at expiry, whose log returns all have the same correlation. */
export type BestWorstOfManyInputs = {
  readonly type: OptionType
  readonly payoff: 'max' | 'min'
  /** 2 to 20 prices, in [1e-9, 1e15]; vols and yields are in the same order. */
  readonly spots: readonly Usd[]
  /** In [0, 100], with vol sqrt(T) at most 10. */
  readonly vols: readonly Vol[]
  /** In [-1, 1]. */
  readonly dividendYields: readonly Fraction[]
  /** Of every pair, in [0, 1]. */
  readonly correlation: number
  readonly strike: Usd
  /** In [0, 100]. */
  readonly timeToExpiry: Years
  /** In [-1, 1]. */
  readonly rate: Fraction
}

const MOST_ASSETS = 20
const REACH = 9
/** Shares of the prices' size that the inner and the outer integral may be off. */
const INNER_TOLERANCE = 1e-13
const OUTER_TOLERANCE = 1e-10

/** An asset given the common shock: mean and deviation of the log of its price over the strike. */
type Conditional = { readonly mean: number; readonly deviation: number }

/**
 * Option on the best or worst of n assets with one common correlation, by quadrature. Given the common shock z the prices are independent, so the probability that the highest is below x is
 * a product; the option is that probability's integral over x (from the strike up for calls, up to the strike for puts), integrated over z. Error below 1e-9 of the largest price.
 *
 * @throws {InvalidInputError} A field is NaN or outside its range, or the lists differ in length.
 * @see Johnson, Journal of Financial and Quantitative Analysis 22 (1987), for the n-dimensional closed form that this replaces.
 */
export function bestWorstOfManyPrice(inputs: BestWorstOfManyInputs): Usd {
  assertInputs(inputs)
  const { spots, vols, dividendYields, correlation, strike, timeToExpiry, rate } = inputs
  const discount = exp(-rate * timeToExpiry)
  const common = Math.sqrt(correlation)
  const own = Math.sqrt(1 - correlation)
  const assets = spots.map((spot, i) => {
    const deviation = standardDeviation(vols[i]!, timeToExpiry)
    const mean = log(spot) - log(strike) + (rate - dividendYields[i]!) * timeToExpiry - 0.5 * deviation * deviation
    return { mean, common: common * deviation, own: own * deviation }
  })
  const size = strike + Math.max(...spots.map((spot, i) => spot * exp((rate - dividendYields[i]!) * timeToExpiry)))
  const given = (z: number): number => {
    const conditional = assets.map((asset) => ({ mean: asset.mean + asset.common * z, deviation: asset.own }))
    return strike * excess(inputs, conditional, (INNER_TOLERANCE * size) / strike)
  }
  if (correlation === 0) return discount * given(0)
  const to = REACH + Math.max(...assets.map((asset) => asset.common))
  return discount * integrate((z) => normalPdf(z) * given(z), -REACH, to, OUTER_TOLERANCE * size).value
}

function assertInputs(inputs: BestWorstOfManyInputs): void {
  const { spots, vols, dividendYields } = inputs
  assertInRange('number of spots', spots.length, 2, MOST_ASSETS)
  for (const [argument, list] of Object.entries({ vols, dividendYields })) {
    if (list.length !== spots.length) {
      throw new InvalidInputError({ argument: `number of ${argument}`, got: list.length, limit: `that of spots, ${spots.length}` })
    }
  }
  assertInRange('correlation', inputs.correlation, 0, 1)
  assertPriceLevel('strike', inputs.strike)
  assertInRange('timeToExpiry', inputs.timeToExpiry, 0, 100)
  assertInRange('rate', inputs.rate, -1, 1)
  for (let i = 0; i < spots.length; i++) {
    assertPriceLevel(`spots[${i}]`, spots[i]!)
    assertDeviation(`vols[${i}]`, vols[i]!, inputs.timeToExpiry)
    assertInRange(`dividendYields[${i}]`, dividendYields[i]!, -1, 1)
  }
}

/** Expected payoff in strikes of independent lognormal prices: the integral of e^v times a probability over v = ln(x / strike). */
function excess({ type, payoff }: BestWorstOfManyInputs, assets: readonly Conditional[], tolerance: number): number {
  const probability = (v: number): number =>
    (payoff === 'max') === (type === 'call') ? someBeyond(type, assets, v) : allBeyond(type, assets, v)
  const ends = assets.flatMap(({ mean, deviation }) => [mean - REACH * deviation, mean + REACH * deviation + deviation * deviation])
  // Below e^-40 of the strike, and above every price's reach, nothing is left to count.
  const [from, to] = type === 'call' ? [0, Math.max(0, ...ends)] : [-40, 0]
  const cuts = [from, ...ends.filter((end) => end > from && end < to).sort((a, b) => a - b), to]
  let sum = 0
  for (let i = 1; i < cuts.length; i++) {
    if (cuts[i]! > cuts[i - 1]!) sum += integrate((v) => exp(v) * probability(v), cuts[i - 1]!, cuts[i]!, tolerance / cuts.length).value
  }
  return sum
}

/** P(price of the asset is above e^v) for a call, below it for a put. */
function beyond(type: OptionType, { mean, deviation }: Conditional, v: number): number {
  const distance = type === 'call' ? mean - v : v - mean
  return deviation === 0 ? (distance > 0 ? 1 : 0) : normalCdf(distance / deviation)
}

function allBeyond(type: OptionType, assets: readonly Conditional[], v: number): number {
  let all = 1
  for (const asset of assets) all *= beyond(type, asset, v)
  return all
}

/** 1 - product of (1 - p), summed so that small probabilities keep their digits. */
function someBeyond(type: OptionType, assets: readonly Conditional[], v: number): number {
  let some = 0
  for (const asset of assets) some += (1 - some) * beyond(type, asset, v)
  return some
}
