/** Cases ev-dk-10, -5 and -3, on series/danishFire.csv. Source: McNeil, ASTIN Bulletin 27 (1997) (shapes 0.50 (error 0.14), 0.63, 0.67; scale 7.0 (error 1.1)), digits from R evd 2.3-6.1. */
export const danishCases = [
  {
    id: 'ev-dk-10',
    threshold: 10,
    exceedances: 109,
    scale: 6.97545038928,
    shape: 0.496987748832,
    var99: 27.2899744116,
    es99: 58.240226246,
    rel: 1e-3,
  },
  {
    id: 'ev-dk-5',
    threshold: 5,
    exceedances: 254,
    scale: 3.80912426924,
    shape: 0.63154722423,
    var99: 27.5134084239,
    es99: 76.4407230021,
    rel: 1e-3,
  },
  {
    id: 'ev-dk-3',
    threshold: 3,
    exceedances: 532,
    scale: 2.18921314886,
    shape: 0.667600073786,
    var99: 27.5032490416,
    es99: 83.3022506486,
    rel: 1e-3,
  },
] as const

/** Case ev-01: y = scale / shape ((1 - p)^-shape - 1) at p = (i - 0.5) / n. Source: SciPy; R evd agrees to 1e-5. */
export const stratified = {
  id: 'ev-01',
  n: 200,
  from: { scale: 1.5, shape: 0.25 },
  threshold: 3,
  observations: 4000,
  scale: 1.50961320121822,
  shape: 0.24142386521828,
  negLogLikelihood: 330.655464705214,
  measures: [
    { level: 0.975, valueAtRisk: 4.13903135509525, expectedShortfall: 6.49160016360865 },
    { level: 0.99, valueAtRisk: 5.96922091630136, expectedShortfall: 8.90426446622707 },
    { level: 0.999, valueAtRisk: 12.8259815128069, expectedShortfall: 17.9432524888051 },
  ],
  moments: { shape: 0.242994522714314, scale: 1.50087034869508 },
  hill: { count: 50, shape: 0.352689754966536 },
  rel: 1e-5,
} as const

/** Case ev-03: yearly highest sea level at Port Pirie, metres. Source: Coles (2001), example 3.4.1 (3.87, 0.198, -0.050; levels 4.30, 4.69; errors 0.028, 0.020, 0.098), digits from R evd. */
export const portPirie = {
  id: 'ev-03',
  maxima: [
    4.03, 3.83, 3.65, 3.88, 4.01, 4.08, 4.18, 3.8, 4.36, 3.96, 3.98, 4.69, 3.85, 3.96, 3.85, 3.93, 3.75, 3.63, 3.57, 4.25, 3.97, 4.05, 4.24,
    4.22, 3.73, 4.37, 4.06, 3.71, 3.96, 4.06, 4.55, 3.79, 3.89, 4.11, 3.85, 3.86, 3.86, 4.21, 4.01, 4.11, 4.24, 3.96, 4.21, 3.74, 3.85,
    3.88, 3.66, 4.11, 3.71, 4.18, 3.9, 3.78, 3.91, 3.72, 4.0, 3.66, 3.62, 4.33, 4.55, 3.75, 4.08, 3.9, 3.88, 3.94, 4.33,
  ],
  location: 3.87475,
  scale: 0.198049,
  shape: -0.050117,
  negLogLikelihood: -4.33905844,
  levels: [
    { period: 10, level: 4.29622 },
    { period: 100, level: 4.68841 },
  ],
  errors: { location: 0.028, scale: 0.02, shape: 0.098 },
  abs: 2e-4,
} as const

/** Case es-t4: scale one, not variance one. Source: formula of McNeil, Frey and Embrechts, SciPy. */
export const studentShortfall = {
  id: 'es-t4',
  level: 0.99,
  degrees: 4,
  valueAtRisk: 3.7469473879792,
  expectedShortfall: 5.22058419449222,
  rel: 1e-10,
} as const
