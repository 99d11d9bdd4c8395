/** Case sc-01: a portfolio of Black-76 options and a future over an 81-cell grid and the 16 SPAN cells. Source: mpmath 1.2.1 at 40 digits. */
export const portfolioScenario = {
  F0: 100,
  positions: [
    { type: 'call', quantity: 10, K: 105, T: 0.25, vol: 0.22, r: 0.03 },
    { type: 'put', quantity: -20, K: 95, T: 0.25, vol: 0.25, r: 0.03 },
    { type: 'call', quantity: -5, K: 110, T: 0.5, vol: 0.21, r: 0.03 },
  ],
  futures: 2,
  baseValue: -42.7624042052279,
  worst81: -224.549740406746,
  worst81At: { a: -0.15, b: 0.25 },
  sumPnl81: -1332.61512259968,
  pnl16: [
    -11.7582025613683, 11.2670099142711, 9.24641725519394, 30.1022796412837, -33.9983088417313, -9.11970919154425, 29.1903013644571,
    47.7818767229579, -57.6481250540073, -31.4604848242718, 48.2400124253465, 64.6561829747284, -82.8707194793737, -56.1165768727994,
    37.7589714998954, -55.0711532538986,
  ],
  abs: 1e-8,
} as const
