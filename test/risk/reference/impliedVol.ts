import type { OptionType } from '../../../risk/types/index.ts'

/** A Black-76 quote with the vol behind it, or the status of a quote without one. */
export type ImpliedVolCase = {
  readonly id: string
  readonly type: OptionType
  readonly F: number
  readonly K: number
  readonly T: number
  readonly r: number
  readonly price: number
  readonly expected: number | 'belowIntrinsic'
  readonly rel: number
  readonly source: string
}

const roundTrip = 'round trip from a 40-digit price, mpmath 1.2.1'

export const impliedVolCases: readonly ImpliedVolCase[] = [
  { id: 'iv-01', type: 'call', F: 100, K: 100, T: 1, r: 0, price: 7.9655674554058, expected: 0.2, rel: 1e-12, source: roundTrip },
  { id: 'iv-02', type: 'call', F: 100, K: 150, T: 0.25, r: 0, price: 0.00240524981330386, expected: 0.25, rel: 1e-12, source: roundTrip },
  { id: 'iv-03', type: 'call', F: 100, K: 200, T: 0.25, r: 0, price: 4.08296663158787e-12, expected: 0.2, rel: 1e-12, source: roundTrip },
  { id: 'iv-05', type: 'call', F: 100, K: 100, T: 2, r: 0, price: 98.6671671219182, expected: 3.5, rel: 1e-12, source: roundTrip },
  {
    id: 'iv-08',
    type: 'call',
    F: 100,
    K: 90,
    T: 1,
    r: 0,
    price: 9.5,
    expected: 'belowIntrinsic',
    rel: 0,
    source: 'below intrinsic (10), by definition',
  },
]
