// Cases lq-01 to lq-11. Every figure was computed by an independent NumPy or SciPy script from the formula of the source named.

/** Corwin and Schultz 2012, no overnight adjustment, negatives kept. */
export const corwinSchultzCase = {
  id: 'lq-01',
  high: [102.5, 102.9],
  low: [100.1, 100.6],
  expected: { spread: 0.0124549085315754, alpha: 0.0124550695406993, beta: 0.00107236700731786, gamma: 0.00076109534488481 },
  rel: 1e-10,
} as const

/** Roll 1984; sample covariance of successive changes, means removed, n - 1. */
export const rollCase = {
  id: 'lq-03',
  prices: [100.05, 99.95, 100.05, 100.05, 99.95, 100.05, 99.95, 99.95, 100.05, 99.95],
  expected: { autocovariance: -0.00571428571428506, spread: 0.151185789203682 },
  rel: 1e-8,
} as const

/** Amihud 2002. */
export const amihudCase = {
  id: 'lq-05',
  returns: [0.01, -0.02, 0.005, 0, -0.012],
  dollarVolume: [2e6, 3.5e6, 1.2e6, 9e5, 2.2e6],
  scale: 1e6,
  expected: 0.00406709956709957,
  rel: 1e-12,
} as const

/** Kyle 1985, least squares slope of price change on signed volume. */
export const kyleCase = {
  id: 'lq-07',
  priceChange: [0.02, -0.01, 0.03, 0, -0.02, 0.01],
  signedVolume: [500, -200, 800, 50, -600, 100],
  expected: { slope: 3.71322286100778e-5, intercept: 0.000977341900574908, r2: 0.970742547949176 },
  rel: 1e-10,
} as const

/** Cont, Kukanov and Stoikov 2014; rows of bid, bid size, ask, ask size; exact. */
export const orderFlowCase = {
  id: 'lq-09',
  rows: [
    [99.99, 500, 100.01, 300],
    [99.99, 700, 100.01, 300],
    [100.0, 200, 100.01, 250],
    [100.0, 200, 100.02, 600],
    [99.99, 650, 100.01, 100],
    [99.99, 600, 100.01, 100],
  ],
  expected: { events: [200, 250, 250, -300, -50], total: 350 },
} as const

/** Easley, Lopez de Prado and O'Hara 2012, normal distribution function. */
export const vpinCase = {
  id: 'lq-11',
  priceChange: [0.02, -0.05, 0.01, 0.04, -0.01],
  sigma: 0.03,
  bucketVolume: 1000,
  expected: {
    bought: [747.507462453077, 47.7903522728147, 630.558659818236, 908.788780274132, 369.441340181764],
    vpin: 0.547849284036347,
  },
  rel: 1e-10,
} as const
