import type { OptionType } from '../../../risk/types/index.ts'
import type { ModelCase } from '../support/ModelCase.ts'

/** Sensitivities with respect to the *spot* at fixed spot: theta and charm are minus derivatives in T. Per 1.00 of vol and rate, per year. */
export type SpotGreeks = Partial<
  Record<
    'price' | 'delta' | 'gamma' | 'vega' | 'theta' | 'rho' | 'phi' | 'vanna' | 'volga' | 'charm' | 'speed' | 'zomma' | 'color' | 'veta',
    number
  >
>

export type GreeksCase = {
  readonly id: string
  readonly type: OptionType
  readonly S: number
  readonly K: number
  readonly r: number
  readonly q: number
  readonly T: number
  readonly vol: number
  readonly expected: SpotGreeks
  readonly rel: number
  readonly source: string
}

const mpmath = 'numerical differentiation at 40 digits, mpmath 1.2.1'
const haug = 'Haug, The Complete Guide to Option Pricing Formulas, 1998, pp 11-16; digits: mpmath 1.2.1'
const haug2 = 'Haug, 2nd ed., 2007; digits: mpmath 1.2.1'

export const spotGreeksCases: readonly GreeksCase[] = [
  {
    id: 'gr-01',
    type: 'call',
    S: 100,
    K: 110,
    r: 0.03,
    q: 0.01,
    T: 0.75,
    vol: 0.25,
    rel: 1e-10,
    source: mpmath,
    expected: {
      price: 5.36747098355434,
      delta: 0.393435349380412,
      gamma: 0.017668450749072,
      vega: 33.12834515451,
      theta: -6.14723742833919,
      rho: 25.4820479658651,
      phi: -29.5076512035309,
      vanna: 0.733224308381282,
      volga: 16.6801725261265,
      charm: -0.15360659940122,
      speed: 3.76839494885772e-5,
      zomma: -0.0617777109823539,
      color: 0.0100442327572578,
      veta: -25.3381904528217,
    },
  },
  {
    id: 'gr-05',
    type: 'call',
    S: 100,
    K: 100,
    r: 0.01,
    q: 0,
    T: 0.02,
    vol: 0.15,
    rel: 1e-10,
    source: mpmath,
    expected: {
      price: 0.856220495919224,
      delta: 0.507992151103242,
      gamma: 0.188025455064751,
      vega: 5.64076365194252,
      theta: -21.6522936409285,
      rho: 0.998859892288099,
      phi: -1.01598430220648,
      vanna: 0.00313375758441251,
      volga: -0.000887897982250212,
      charm: -0.199777046006298,
      speed: -0.00365605051514793,
      zomma: -1.25353263036441,
      color: 4.70252315983105,
      veta: -140.962487802195,
    },
  },
  {
    id: 'gr-06',
    type: 'call',
    S: 105,
    K: 100,
    r: 0.1,
    q: 0.1,
    T: 0.5,
    vol: 0.36,
    expected: { delta: 0.594628659729996 },
    rel: 1e-9,
    source: haug,
  },
  {
    id: 'gr-07',
    type: 'put',
    S: 105,
    K: 100,
    r: 0.1,
    q: 0.1,
    T: 0.5,
    vol: 0.36,
    expected: { delta: -0.356600764770718 },
    rel: 1e-9,
    source: haug,
  },
  {
    id: 'gr-08',
    type: 'call',
    S: 55,
    K: 60,
    r: 0.1,
    q: 0,
    T: 0.75,
    vol: 0.3,
    expected: { gamma: 0.0278211604769408 },
    rel: 1e-9,
    source: haug,
  },
  {
    id: 'gr-09',
    type: 'call',
    S: 55,
    K: 60,
    r: 0.1,
    q: 0,
    T: 0.75,
    vol: 0.3,
    expected: { vega: 18.9357773496179 },
    rel: 1e-9,
    source: haug,
  },
  {
    id: 'gr-10',
    type: 'put',
    S: 430,
    K: 405,
    r: 0.07,
    q: 0.05,
    T: 0.0833333333333333,
    vol: 0.2,
    expected: { theta: -31.1923503042706 },
    rel: 1e-9,
    source: haug,
  },
  { id: 'gr-11', type: 'call', S: 72, K: 75, r: 0.09, q: 0, T: 1, vol: 0.19, expected: { rho: 38.7325050173291 }, rel: 1e-9, source: haug },
  {
    id: 'gr-13',
    type: 'call',
    S: 90,
    K: 130,
    r: 0.05,
    q: 0.05,
    T: 0.75,
    vol: 0.28,
    expected: { volga: 92.344402079831 },
    rel: 1e-9,
    source: haug2,
  },
  {
    id: 'gr-14',
    type: 'put',
    S: 105,
    K: 90,
    r: 0.14,
    q: 0.14,
    T: 0.25,
    vol: 0.24,
    expected: { charm: 0.369989452523942 },
    rel: 1e-9,
    source: haug2,
  },
]

/** Sensitivities with respect to the forward, at fixed forward. */
export const forwardGreeksCase = {
  id: 'gr-02',
  type: 'put',
  F: 95,
  K: 100,
  r: 0.04,
  T: 0.3,
  vol: 0.32,
  rel: 1e-10,
  source: mpmath,
  expected: {
    price: 9.48298964887389,
    delta: -0.574286984900623,
    gamma: 0.0231812760902699,
    vega: 20.0842576046099,
    theta: -10.332284469837,
    rho: -2.84489689466217,
    vanna: 0.458704062046142,
    volga: 4.89331584167369,
    charm: -0.267613645820634,
  },
} as const

export const modelCases: readonly ModelCase[] = spotGreeksCases.flatMap(
  ({ id, type, S, K, r, q, T, vol, expected: { price, ...greeks }, rel, source }) => {
    if (price === undefined) return []
    const inputs = { type, spot: S, strike: K, rate: r, dividendYield: q, timeToExpiry: T, vol }
    return [{ id, model: 'bsm', inputs, expected: price, tolerance: { rel }, source, greeks: { expected: greeks, tolerance: { rel } } }]
  },
)
