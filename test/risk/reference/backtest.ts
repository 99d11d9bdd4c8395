/** Kupiec's statistic. Sources: bt-01 Jorion (J.P. Morgan, 1998), printed 3.91; bt-03 Jorion (FRM exercise), printed 3.498; bt-05 and bt-06 the formula in SciPy. */
export const kupiecCases = [
  { id: 'bt-01', observations: 252, breaches: 20, probability: 0.05, expected: 3.91255082755322, abs: 1e-9 },
  { id: 'bt-03', observations: 252, breaches: 6, probability: 0.01, expected: 3.49877667548161, abs: 1e-9 },
  { id: 'bt-05', observations: 500, breaches: 0, probability: 0.01, expected: 10.0503358535015, abs: 1e-9 },
  { id: 'bt-06', observations: 1000, breaches: 18, probability: 0.01, expected: 5.22514124000691, abs: 1e-9 },
] as const

/** Case bt-02. Source: Jorion (1998), printed 9.53 and 13.44. */
export const independence = {
  id: 'bt-02',
  transitions: { calmCalm: 218, calmBreach: 14, breachCalm: 14, breachBreach: 6 },
  probability: 0.05,
  independence: 9.52956878033636,
  joint: 13.4421196078896,
  abs: 1e-9,
} as const

/** Open intervals of counts that a 5 % test does not reject. Source: Kupiec (1995), table. */
export const acceptanceCases = [
  { id: 'bt-08', probability: 0.01, observations: 255, open: [0, 7] },
  { id: 'bt-08', probability: 0.01, observations: 510, open: [1, 11] },
  { id: 'bt-08', probability: 0.01, observations: 1000, open: [4, 17] },
  { id: 'bt-08', probability: 0.05, observations: 255, open: [6, 21] },
  { id: 'bt-08', probability: 0.05, observations: 510, open: [16, 36] },
  { id: 'bt-08', probability: 0.05, observations: 1000, open: [37, 65] },
  { id: 'bt-09', probability: 0.025, observations: 255, open: [2, 12] },
  { id: 'bt-09', probability: 0.025, observations: 510, open: [6, 21] },
  { id: 'bt-09', probability: 0.025, observations: 1000, open: [15, 36] },
  { id: 'bt-09', probability: 0.1, observations: 255, open: [16, 36] },
  { id: 'bt-09', probability: 0.1, observations: 1000, open: [81, 120] },
] as const

/** Case bt-10: cumulative probabilities, zones and plus factors for 250 days at 1 %. Source: Basel Committee (1996), table 2 (8.11, 89.22, 95.88, 99.97, 99.99 %). */
export const trafficLight = {
  id: 'bt-10',
  days: 250,
  probability: 0.01,
  cumulative: [
    [0, 0.0810585161621814],
    [4, 0.892187626903625],
    [5, 0.958816815930152],
    [9, 0.99974980993126],
    [10, 0.999946101370953],
  ],
  zones: { lastGreen: 4, firstRed: 10 },
  plusFactors: [0, 0, 0, 0, 0, 0.4, 0.5, 0.65, 0.75, 0.85, 1, 1],
  abs: 1e-10,
} as const

/** Case bt-11. Source: Patton, Ziegel and Chen (2019). */
export const fz = {
  id: 'bt-11',
  profit: -3,
  valueAtRisk: 2,
  expectedShortfall: 2.5,
  level: 0.975,
  expected: 16.7162907318742,
  abs: 1e-10,
} as const

/** Case ml-01: label, horsepower, weight of 32 cars. Source: R glm, data set mtcars. */
export const logistic = {
  id: 'ml-01',
  rows: [
    [1, 110, 2.62],
    [1, 110, 2.875],
    [1, 93, 2.32],
    [0, 110, 3.215],
    [0, 175, 3.44],
    [0, 105, 3.46],
    [0, 245, 3.57],
    [0, 62, 3.19],
    [0, 95, 3.15],
    [0, 123, 3.44],
    [0, 123, 3.44],
    [0, 180, 4.07],
    [0, 180, 3.73],
    [0, 180, 3.78],
    [0, 205, 5.25],
    [0, 215, 5.424],
    [0, 230, 5.345],
    [1, 66, 2.2],
    [1, 52, 1.615],
    [1, 65, 1.835],
    [0, 97, 2.465],
    [0, 150, 3.52],
    [0, 150, 3.435],
    [0, 245, 3.84],
    [0, 175, 3.845],
    [1, 66, 1.935],
    [1, 91, 2.14],
    [1, 113, 1.513],
    [1, 264, 3.17],
    [1, 175, 2.77],
    [1, 335, 3.57],
    [1, 109, 2.78],
  ],
  coefficients: [18.8662987172041, 0.0362555960822, -8.0834751824446],
  deviance: 10.0591104723,
  rel: 1e-6,
} as const

/** Case ml-03. Source: definitions, ties one half. */
export const classifier = {
  id: 'ml-03',
  labels: [1, 0, 1, 1, 0, 0, 1, 0, 0, 1],
  probabilities: [0.9, 0.2, 0.65, 0.4, 0.4, 0.1, 0.8, 0.55, 0.3, 0.7],
  auc: 0.94,
  brier: 0.1225,
  logLoss: 0.402676498977191,
  rel: 1e-10,
} as const

/** Case ml-05. Source: Patton (2011). */
export const qlikeCase = {
  id: 'ml-05',
  realized: [1.2, 0.8, 2.5, 1.0],
  forecast: [1.0, 1.0, 1.6, 1.1],
  expected: 0.0403589951967674,
  rel: 1e-12,
} as const
