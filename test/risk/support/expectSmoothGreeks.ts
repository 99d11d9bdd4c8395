import type { AssetGreeks, AssetInputs } from '../../../risk/pricing/diffusion/index.ts'
import { expectNear } from './expectNear.ts'

/**
 * What every value under a lognormal asset obeys, whatever the product: the Black-Scholes equation
 * theta + vol^2 S^2 gamma / 2 + (r - q) S delta = r V, and the scaling of time, -T theta = vol vega / 2 + r rho + q phi.
 */
export function expectSmoothGreeks(inputs: AssetInputs, value: number, greeks: AssetGreeks, tolerance: number): void {
  const { spot, timeToExpiry, vol, rate, dividendYield } = inputs
  const diffusion = 0.5 * vol * vol * spot * spot * greeks.gamma
  const carry = (rate - dividendYield) * spot * greeks.delta
  expectNear({ ...inputs, rule: 'Black-Scholes equation' }, greeks.theta + diffusion + carry, rate * value, { abs: tolerance })
  const scaled = 0.5 * vol * greeks.vega + rate * greeks.rho + dividendYield * greeks.phi
  expectNear({ ...inputs, rule: 'scaling of time' }, -timeToExpiry * greeks.theta, scaled, { abs: tolerance })
}
