import type { PairGreeks, PairInputs } from '../../../risk/pricing/multiAsset/index.ts'
import { expectNear } from './expectNear.ts'

/**
 * What every European value of two lognormal assets obeys: the two-asset Black-Scholes equation, and the ties of vega to gamma:
 * vega1 = T (vol1 S1^2 gamma1 + rho vol2 S1 S2 crossGamma), correlationVega = T vol1 vol2 S1 S2 crossGamma, rho = T (S1 delta1 + S2 delta2 - V).
 */
export function expectPairGreeks(inputs: PairInputs, value: number, greeks: PairGreeks, tolerance: number): void {
  const { spot1, spot2, dividendYield1, dividendYield2, vol1, vol2, correlation, timeToExpiry, rate } = inputs
  const own1 = vol1 * spot1 * spot1 * greeks.gamma1
  const own2 = vol2 * spot2 * spot2 * greeks.gamma2
  const cross = spot1 * spot2 * greeks.crossGamma
  const diffusion = 0.5 * (vol1 * own1 + vol2 * own2) + correlation * vol1 * vol2 * cross
  const carry = (rate - dividendYield1) * spot1 * greeks.delta1 + (rate - dividendYield2) * spot2 * greeks.delta2
  const near = (rule: string, got: number, expected: number): void => expectNear({ ...inputs, rule }, got, expected, { abs: tolerance })
  near('Black-Scholes equation', greeks.theta + diffusion + carry, rate * value)
  near('vega 1', greeks.vega1, timeToExpiry * (own1 + correlation * vol2 * cross))
  near('vega 2', greeks.vega2, timeToExpiry * (own2 + correlation * vol1 * cross))
  near('correlation', greeks.correlationVega, timeToExpiry * vol1 * vol2 * cross)
  near('rho', greeks.rho, timeToExpiry * (spot1 * greeks.delta1 + spot2 * greeks.delta2 - value))
}
