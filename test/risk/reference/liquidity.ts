/** Case lq-05. Source: Amihud 2002, NumPy script. */
export const amihudCase = {
  returns: [0.01, -0.02, 0.005, 0, -0.012],
  dollarVolume: [2e6, 3.5e6, 1.2e6, 9e5, 2.2e6],
  scale: 1e6,
  expected: 0.00406709956709957,
  rel: 1e-12,
} as const
