/** Standard normal figures. Source: accuracy probes computed with mpmath 1.2.1 at 40 digits. */
export const normalCdfCases = [
  { id: 'fn-cdf-2', x: -20, expected: 2.75362411860623e-89, rel: 1e-13 },
  { id: 'fn-cdf-3', x: -8, expected: 6.22096057427178e-16, rel: 1e-13 },
  { id: 'fn-cdf-4', x: -5, expected: 2.86651571879194e-7, rel: 1e-13 },
  { id: 'fn-cdf-5', x: -1, expected: 0.158655253931457, rel: 1e-13 },
  { id: 'fn-cdf-6', x: 3, expected: 0.99865010196837, rel: 1e-13 },
] as const

export const normalQuantileCases = [
  { id: 'fn-inv-1', p: 0.01, expected: -2.32634787404084, rel: 1e-13 },
  { id: 'fn-inv-2', p: 0.001, expected: -3.09023230616781, rel: 1e-13 },
  { id: 'fn-inv-4', p: 0.025, expected: -1.95996398454005, rel: 1e-13 },
] as const
