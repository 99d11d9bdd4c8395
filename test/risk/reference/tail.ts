/** Cases es-hist-pub and es-hist-pub2: losses are minus the generator's normals. Source: NumPy script; interpolated estimator of Acerbi and Tasche 2002. */
export const historicalTailCases = [
  {
    id: 'es-hist-pub',
    seed: 5,
    n: 250,
    level: 0.975,
    first3: [-0.190314581560069, -1.68365714358927, 1.01363162442558],
    shortfall: 2.74359284466856,
    var7: 2.24767645212565,
    shortfallOfWholeScenarios: 2.76343880883343,
    varOrderStatistic: 2.26728970471167,
    worst: 3.22476290551422,
    abs: 1e-10,
  },
  {
    id: 'es-hist-pub2',
    seed: 11,
    n: 1000,
    level: 0.975,
    first3: [-0.277861473404343, 1.66561366067907, 1.28856297062468],
    shortfall: 2.33112548061238,
    var7: 1.94161315237736,
    shortfallOfWholeScenarios: 2.33112548061238,
    varOrderStatistic: 1.94008357756387,
    worst: 2.81762246401304,
    abs: 1e-10,
  },
] as const

/** Case es-n-0.975: expected shortfall of the standard normal. Source: closed form phi(q) / (1 - level), SciPy. */
export const normalShortfall = { id: 'es-n-0.975', level: 0.975, expected: 2.33780279220141, rel: 1e-12 } as const
