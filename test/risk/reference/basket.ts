import type { ModelCase } from '../support/ModelCase.ts'

const all = <Value>(value: Value): Value[] => [value, value, value, value]
const krekel = (correlation: number) => ({
  type: 'call',
  strike: 100,
  spots: all(100),
  weights: all(0.25),
  vols: all(0.4),
  dividendYields: all(0),
  correlations: all(0).map((_, i) => all(correlation).map((value, j) => (i === j ? 1 : value))),
  rate: 0,
  timeToExpiry: 5,
})

/** Baskets; `id` as in the table of public reference cases. */
export const modelCases: readonly ModelCase[] = [
  {
    id: 'ma-14',
    model: 'basket',
    inputs: krekel(0.5),
    expected: 28.0073695445039,
    tolerance: { abs: 0.001 },
    source: 'Krekel et al 2004; converged by Choi 2018; QuantLib Sobol 4.2e6 points 28.00703',
  },
  {
    id: 'ma-16',
    model: 'basket',
    inputs: krekel(0.8),
    expected: 32.041226452368,
    tolerance: { abs: 0.001 },
    source: 'same; Sobol 32.04053',
  },
  {
    id: 'ma-17',
    model: 'basket',
    inputs: {
      type: 'call',
      strike: 100,
      spots: [100, 100, 100, 100, 100, 100, 100],
      weights: [0.1, 0.15, 0.15, 0.05, 0.2, 0.1, 0.25],
      vols: [0.1155, 0.2068, 0.1453, 0.1799, 0.1559, 0.1462, 0.1568],
      dividendYields: [0.0169, 0.0239, 0.0136, 0.0192, 0.0081, 0.0362, 0.0166],
      correlations: [
        [1, 0.35, 0.1, 0.27, 0.04, 0.17, 0.71],
        [0.35, 1, 0.39, 0.27, 0.5, -0.08, 0.15],
        [0.1, 0.39, 1, 0.53, 0.7, -0.23, 0.09],
        [0.27, 0.27, 0.53, 1, 0.46, -0.22, 0.32],
        [0.04, 0.5, 0.7, 0.46, 1, -0.29, 0.13],
        [0.17, -0.08, -0.23, -0.22, -0.29, 1, -0.03],
        [0.71, 0.15, 0.09, 0.32, 0.13, -0.03, 1],
      ],
      rate: 0.063,
      timeToExpiry: 1,
    },
    expected: 6.22168104313777,
    tolerance: { abs: 0.001 },
    source: 'Milevsky & Posner 1998, G-7 basket; converged by Choi 2018; scrambled Sobol 6.22166',
  },
]
