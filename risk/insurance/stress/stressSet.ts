import { InvalidInputError } from '../../errors/index.ts'
import type { Fraction } from '../../types/index.ts'
import type { StressScenario } from './StressScenario.ts'

/** How far each component of the stress set goes (risk-policy E2): a 24 h fall and rise, vols of the front, basis, depth, gas. */
export type StressExtremes = {
  readonly fall: Fraction
  readonly rise: Fraction
  readonly volMultiple: number
  readonly basis: Fraction
  readonly depthDivisor: number
  readonly gasMultiple: number
}

const liquidity = { volMultiple: 2.2, basis: 0.05, depthDivisor: 5, gasMultiple: 20 }

/** By market: BTC -50 / +50 %, ETH -58 / +50 %. The largest moves seen inside 24 h from 2018 to 2022 are 51 and 58 %. */
export const stressExtremes: { readonly [market: string]: StressExtremes } = {
  BTC: { fall: 0.5, rise: 0.5, ...liquidity },
  ETH: { fall: 0.58, rise: 0.5, ...liquidity },
}

/**
 * The scenarios a fund is sized on: fall, rise and no move of the index, each with the basis either way, all with higher vols, thin books and dear gas.
 *
 * @throws {InvalidInputError} No extremes are known for the market.
 */
export function stressSet(market: string): readonly StressScenario[] {
  const extremes = Object.hasOwn(stressExtremes, market) ? stressExtremes[market] : undefined
  if (extremes === undefined)
    throw new InvalidInputError({ argument: 'market', got: market, limit: `one of ${Object.keys(stressExtremes).join(', ')}` })
  const { fall, rise, volMultiple, basis, depthDivisor, gasMultiple } = extremes
  const moves = [
    ['fall', -fall],
    ['rise', rise],
    ['still', 0],
  ] as const
  return moves.flatMap(([name, spotMove]) =>
    ([-basis, basis] as const).map((each) => ({
      name: `${name}, basis ${each < 0 ? 'below' : 'above'}`,
      spotMove,
      volMultiple,
      basis: each,
      depthDivisor,
      gasMultiple,
    })),
  )
}
