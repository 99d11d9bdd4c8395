import type { OptionType } from '../../../risk/types/index.ts'
import type { ModelCase } from '../support/ModelCase.ts'

/** European prices; `q` is the dividend or foreign yield. `published` is the figure a book prints, `expected` the computed one with more digits. */
export type EuropeanCase = {
  readonly id: string
  readonly type: OptionType
  readonly S: number
  readonly K: number
  readonly r: number
  readonly q: number
  readonly T: number
  readonly vol: number
  readonly expected: number
  readonly published?: number
  readonly abs?: number
  readonly rel?: number
  readonly source: string
}

const haug = 'Haug, The Complete Guide to Option Pricing Formulas, 1998; digits: QuantLib 1.29'
const hull = 'Hull, Options, Futures and Other Derivatives; digits: QuantLib 1.29'

/** Black-76 cases have q = r, so that the forward is S. */
export const europeanCases: readonly EuropeanCase[] = [
  {
    id: 'eu-01',
    type: 'call',
    S: 60,
    K: 65,
    r: 0.08,
    q: 0,
    T: 0.25,
    vol: 0.3,
    expected: 2.1333684449162,
    published: 2.1334,
    abs: 1e-8,
    source: `${haug}, pp 2-8`,
  },
  {
    id: 'eu-02',
    type: 'put',
    S: 100,
    K: 95,
    r: 0.1,
    q: 0.05,
    T: 0.5,
    vol: 0.2,
    expected: 2.46478764675583,
    published: 2.4648,
    abs: 1e-8,
    source: haug,
  },
  {
    id: 'eu-03',
    type: 'call',
    S: 19,
    K: 19,
    r: 0.1,
    q: 0.1,
    T: 0.75,
    vol: 0.28,
    expected: 1.70105072523627,
    published: 1.7011,
    abs: 1e-8,
    source: haug,
  },
  {
    id: 'eu-04',
    type: 'call',
    S: 1.56,
    K: 1.6,
    r: 0.06,
    q: 0.08,
    T: 0.5,
    vol: 0.12,
    expected: 0.0290992531494397,
    published: 0.0291,
    abs: 1e-8,
    source: haug,
  },
  {
    id: 'eu-05',
    type: 'call',
    S: 42,
    K: 40,
    r: 0.1,
    q: 0,
    T: 0.5,
    vol: 0.2,
    expected: 4.75942239287154,
    published: 4.76,
    abs: 1e-8,
    source: hull,
  },
  {
    id: 'eu-06',
    type: 'put',
    S: 42,
    K: 40,
    r: 0.1,
    q: 0,
    T: 0.5,
    vol: 0.2,
    expected: 0.808599372900093,
    published: 0.81,
    abs: 1e-8,
    source: hull,
  },
  {
    id: 'eu-08',
    type: 'call',
    S: 100,
    K: 180,
    r: 0,
    q: 0,
    T: 0.25,
    vol: 0.2,
    expected: 4.49604653578177e-9,
    rel: 1e-10,
    source: 'far tail probe, mpmath 1.2.1 at 40 digits',
  },
  {
    id: 'eu-11',
    type: 'call',
    S: 110,
    K: 100,
    r: 0.1,
    q: 0.1,
    T: 0.5,
    vol: 0.35,
    expected: 15.3085997610804,
    published: 15.3086,
    abs: 1e-8,
    source: `${haug}, p 24`,
  },
]

export const modelCases: readonly ModelCase[] = europeanCases.flatMap(({ id, type, S, K, r, q, T, vol, expected, abs, rel, source }) => {
  const contract = { type, strike: K, timeToExpiry: T, vol }
  const row = { id, expected, tolerance: abs === undefined ? { rel: rel! } : { abs }, source }
  return [
    { ...row, model: 'bsm', inputs: { ...contract, spot: S, rate: r, dividendYield: q } },
    { ...row, model: 'garman-kohlhagen', inputs: { ...contract, spot: S, domesticRate: r, foreignRate: q } },
    ...(q === r ? [{ ...row, model: 'black-76', inputs: { ...contract, forward: S, rate: r } }] : []),
  ]
})
