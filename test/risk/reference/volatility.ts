/** Case rv-01, the part beyond `ohlc`: 21 bars of that table, annualised with 252; the weight of Yang and Zhang as it is. Source: formula script in NumPy, checked against R TTR 0.24.3. */
export const ohlcFurther = {
  id: 'rv-01',
  closeSampleDeviation: 0.20623512705373,
  rogersSatchell: 0.200147053869286,
  garmanKlassYangZhang: 0.193018427815831,
  yangZhang: 0.205626245554028,
  yangZhangWeight: 0.13904433921653,
  rel: 1e-9,
} as const

/** Case rv-03. Source: NumPy script after Barndorff-Nielsen and Shephard; Andersen, Dobrev and Schaumburg; Huang and Tauchen. */
export const intraday = {
  id: 'rv-03',
  returns: [0.0012, -0.0008, 0.0005, -0.0021, 0.0017, 0.0003, -0.015, 0.0011, -0.0006, 0.0009, -0.0013, 0.0004],
  realizedVariance: 0.00023895,
  bipower: 5.20590462633043e-5,
  bipowerUncorrected: 4.7720792408029e-5,
  minRv: 2.13450348878357e-5,
  medRv: 2.52078034439186e-5,
  quarticity: 2.02641942e-7,
  tripowerQuarticity: 1.27245293420684e-9,
  jumpShare: 0.782134144116743,
  statistic: 3.47188594179,
  downSemivariance: 0.0002321,
  rel: 1e-9,
} as const

/** Case rv-07. Source: Hull, Options, Futures and Other Derivatives, chapter on estimating volatilities (sigma 0.0153, long-run variance 0.0002). */
export const garchUpdate = {
  id: 'rv-07',
  omega: 2e-6,
  alpha: 0.13,
  beta: 0.86,
  sigmaBefore: 0.016,
  observed: 0.01,
  variance: 0.00023516,
  sigma: 0.0153349274533661,
  longRunVariance: 0.0002,
  abs: 1e-12,
} as const

/** Case ga-01, on series/demGbp.csv. Source: Fiorentini, Calzolari and Panattoni (1996), 11 digits; R fGarch 4022.89 agrees to 7. */
export const garchBenchmark = {
  id: 'ga-01',
  mean: -0.0061904083799,
  omega: 0.0107613978518,
  alpha: 0.15313406182,
  beta: 0.80597367031,
  logLikelihood: -1106.60788104129,
  robust: { mean: 0.00918935397975, omega: 0.0064931861821, alpha: 0.053531703495, beta: 0.0724614496 },
  rel: { parameters: 1e-4, robust: 1e-3 },
  abs: { logLikelihood: 1e-5 },
} as const

/** Case ga-02, on a simulated series. Source: SciPy; R fGarch 4022.89 agrees to 1e-6. */
export const garchSimulated = {
  id: 'ga-02',
  seed: 20240115,
  n: 1000,
  omega: 0.02,
  alpha: 0.08,
  beta: 0.9,
  check: { first3: [1.2678247553392, -0.752421706158461, 0.0562737113863511], sum: -13.9978787152937, squares: 910.476003837497 },
  expected: { mean: -0.014145570268561, omega: 0.019764833932261, alpha: 0.0771912397118452, beta: 0.902729274816501 },
  negLogLikelihood: 1314.18936659775,
  abs: { parameters: 5e-5, logLikelihood: 1e-5 },
} as const

/** Case ga-05, on series/demGbp.csv with Student innovations; alpha + beta is above 1. Source: R fGarch 4022.89. */
export const garchStudent = {
  id: 'ga-05',
  mean: 0.0022485,
  omega: 0.00231905,
  alpha: 0.12443824,
  beta: 0.88465295,
  degrees: 4.118424,
  logLikelihood: -989.40834895,
  rel: { parameters: 2e-3 },
  abs: { logLikelihood: 1e-3 },
} as const

/** Case ha-01, on variances filtered from the series of ga-02 and noise of its own seed. Source: NumPy, ordinary least squares. */
export const har = {
  id: 'ha-01',
  noiseSeed: 99,
  first3: [0.932426158038575, 1.62293928488742, 0.831229218353479],
  level: [0.0611024450378869, 0.238875141038967, 0.590051503329172, 0.110490578307723],
  rSquared: 0.620003676666121,
  next: 2.93578748600085,
  log: [-0.049521040389319, 0.180457827199145, 0.585590003562615, 0.158318699001892],
  observations: 978,
  rel: 1e-7,
} as const
