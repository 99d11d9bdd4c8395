import type { ModelCase } from '../support/ModelCase.ts'

/** Variance swaps; `id` as in the table of public reference cases. */
export const modelCases: readonly ModelCase[] = [
  {
    id: 'va-01',
    model: 'variance-swap-strip',
    inputs: {
      spot: 100,
      rate: 0.05,
      dividendYield: 0,
      timeToExpiry: 0.246575342465753,
      boundary: 100,
      putStrikes: [50, 55, 60, 65, 70, 75, 80, 85, 90, 95, 100],
      putVols: [0.3, 0.29, 0.28, 0.27, 0.26, 0.25, 0.24, 0.23, 0.22, 0.21, 0.2],
      callStrikes: [100, 105, 110, 115, 120, 125, 130, 135],
      callVols: [0.2, 0.19, 0.18, 0.17, 0.16, 0.15, 0.14, 0.13],
    },
    expected: 0.0418885742324058,
    tolerance: { abs: 0.0001 },
    source: 'Demeterfi, Derman, Kamal & Zou 1999 (fair variance 0.04189, i.e. 20.467^2); digits: QuantLib 1.29',
  },
  {
    id: 'variance-swap-seasoned',
    model: 'variance-swap',
    inputs: {
      realizedVariance: 0.3,
      elapsed: 0.1,
      fairVariance: 0.4,
      timeToExpiry: 0.15,
      strikeVariance: 0.35,
      rate: 0,
      notional: 1_000_000,
    },
    expected: 10_000,
    tolerance: { abs: 1e-8 },
    source: 'by definition: (0.1 x 0.3 + 0.15 x 0.4) / 0.25 = 0.36',
  },
]
