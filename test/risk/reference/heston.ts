import type { ModelCase } from '../support/ModelCase.ts'

const lewis = { spot: 100, rate: 0.01, dividendYield: 0.02, timeToExpiry: 1, v0: 0.04, kappa: 4, theta: 0.25, sigma: 1, rho: -0.5 }
const swaps = {
  'va-hs-1': { v0: 0.010201, kappa: 6.21, theta: 0.019, sigma: 0.61, timeToExpiry: 1 },
  'va-hs-3': { v0: 0.04, kappa: 4, theta: 0.25, sigma: 1, timeToExpiry: 1 },
}
const byTransform = 'closed form (variance) and Laplace-transform integral (volatility), mpmath with 40 digits'
const lewisSource = 'A. Lewis reference prices; digits: QuantLib 1.29'

/** Heston's model; `id` as in the table of public reference cases. A case with several figures appears once per figure. */
export const modelCases: readonly ModelCase[] = [
  {
    id: 'he-01',
    model: 'heston',
    inputs: {
      ...lewis,
      type: 'call',
      strike: 100,
      rate: 0.0319,
      dividendYield: 0,
      v0: 0.010201,
      kappa: 6.21,
      theta: 0.019,
      sigma: 0.61,
      rho: -0.7,
    },
    expected: 6.80611331346205,
    tolerance: { abs: 1e-6 },
    source: 'Broadie & Kaya 2006; digits: QuantLib 1.29',
  },
  ...(
    [
      ['he-lw-80', 80, 7.95887811325677, 26.7747587439989],
      ['he-lw-100', 100, 17.0552709612701, 16.0701549170288],
      ['he-lw-120', 120, 29.8110262026825, 9.02491348345784],
    ] as const
  ).flatMap(([id, strike, put, call]): ModelCase[] => [
    { id, model: 'heston', inputs: { ...lewis, type: 'put', strike }, expected: put, tolerance: { abs: 1e-9 }, source: lewisSource },
    { id, model: 'heston', inputs: { ...lewis, type: 'call', strike }, expected: call, tolerance: { abs: 1e-9 }, source: lewisSource },
  ]),
  ...(
    [
      ['va-hs-1', 0.0175859386925034, 0.126997390940643],
      ['va-hs-3', 0.198461571041659, 0.43624327634838],
    ] as const
  ).flatMap(([id, variance, volatility]): ModelCase[] => [
    { id, model: 'heston-variance-swap', inputs: swaps[id], expected: variance, tolerance: { abs: 1e-8 }, source: byTransform },
    { id, model: 'heston-volatility-swap', inputs: swaps[id], expected: volatility, tolerance: { abs: 1e-8 }, source: byTransform },
  ]),
  {
    id: 'va-02',
    model: 'heston-variance-option',
    inputs: { type: 'call', strike: 0.05, rate: 0, timeToExpiry: 1.5, v0: 2, kappa: 2, theta: 0.01, sigma: 0.1, nominal: 1 },
    expected: 0.910461866973976,
    tolerance: { abs: 1e-6 },
    source: 'QuantLib varianceoption test; the correlation given there has no part in it',
  },
]
