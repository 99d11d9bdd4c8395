import type { ModelCase } from '../support/ModelCase.ts'

const definition = 'by definition'

export const modelCases: readonly ModelCase[] = [
  {
    id: 'fu-01',
    model: 'dated-future',
    inputs: { spot: 40, rate: 0.05, dividendYield: 0, timeToExpiry: 0.25 },
    expected: 40.5,
    tolerance: { abs: 0.005 },
    source: 'Hull, Options, Futures and Other Derivatives, forward on a stock without dividends',
  },
  {
    id: 'fu-02',
    model: 'linear-future',
    inputs: { quantity: -3, entry: 100, mark: 104.25 },
    expected: -12.75,
    tolerance: { rel: 1e-15 },
    source: definition,
    greeks: { expected: { delta: -3 }, tolerance: { rel: 1e-15 } },
  },
  {
    id: 'fu-03',
    model: 'inverse-future',
    inputs: { notional: 1000, entry: 100, mark: 125 },
    expected: 2,
    tolerance: { rel: 1e-15 },
    source: definition,
    greeks: { expected: { delta: 0.064, gamma: -0.001024, usdValue: 250, usdDelta: 10 }, tolerance: { rel: 1e-14 } },
  },
  {
    id: 'io-01',
    model: 'inverse-option',
    inputs: { type: 'call', spot: 110, strike: 100, rate: 0.1, dividendYield: 0.1, timeToExpiry: 0.5, vol: 0.35 },
    expected: 15.3085997610804 / 110,
    tolerance: { abs: 1e-10 },
    source: 'eu-11 over its spot',
  },
]
