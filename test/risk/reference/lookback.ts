import type { ModelCase } from '../support/ModelCase.ts'

type Side = 'call' | 'put'

const haug = 'Haug, The Complete Guide to Option Pricing Formulas, 1998'
/** One unit of the last digit printed: the book's normal distribution is off in the fifth. */
const print = { abs: 1e-4 } as const

/** Type, extreme, spot, yield, rate, time, vol, printed price. */
const floating: readonly (readonly [Side, number, number, number, number, number, number, number])[] = [
  ['call', 100, 120, 0.06, 0.1, 0.5, 0.3, 25.3533],
  ['call', 100, 100, 0, 0.05, 1, 0.3, 23.7884],
  ['call', 100, 100, 0, 0.05, 0.2, 0.3, 10.719],
  ['call', 100, 110, 0, 0.05, 0.2, 0.3, 14.4597],
  ['put', 100, 100, 0, 0.1, 0.5, 0.3, 15.3526],
  ['put', 110, 100, 0, 0.1, 0.5, 0.3, 16.8468],
  ['put', 120, 100, 0, 0.1, 0.5, 0.3, 21.0645],
]

/** Type, strike, time, vol, printed price; spot and extreme 100, rate 10 %, no yield. */
const fixed: readonly (readonly [Side, number, number, number, number])[] = [
  ['call', 95, 0.5, 0.1, 13.2687],
  ['call', 95, 0.5, 0.2, 18.9263],
  ['call', 95, 0.5, 0.3, 24.9857],
  ['call', 100, 0.5, 0.1, 8.5126],
  ['call', 100, 0.5, 0.2, 14.1702],
  ['call', 100, 0.5, 0.3, 20.2296],
  ['call', 105, 0.5, 0.1, 4.3908],
  ['call', 105, 0.5, 0.2, 9.8905],
  ['call', 105, 0.5, 0.3, 15.8512],
  ['call', 95, 1, 0.1, 18.3241],
  ['call', 95, 1, 0.2, 26.0731],
  ['call', 95, 1, 0.3, 34.7116],
  ['call', 100, 1, 0.1, 13.8],
  ['call', 100, 1, 0.2, 21.5489],
  ['call', 100, 1, 0.3, 30.1874],
  ['call', 105, 1, 0.1, 9.5445],
  ['call', 105, 1, 0.2, 17.2965],
  ['call', 105, 1, 0.3, 25.9002],
  ['put', 95, 0.5, 0.1, 0.6899],
  ['put', 95, 0.5, 0.2, 4.4448],
  ['put', 95, 0.5, 0.3, 8.9213],
  ['put', 100, 0.5, 0.1, 3.3917],
  ['put', 100, 0.5, 0.2, 8.3177],
  ['put', 100, 0.5, 0.3, 13.1579],
  ['put', 105, 0.5, 0.1, 8.1478],
  ['put', 105, 0.5, 0.2, 13.0739],
  ['put', 105, 0.5, 0.3, 17.914],
  ['put', 95, 1, 0.1, 1.0534],
  ['put', 95, 1, 0.2, 6.2813],
  ['put', 95, 1, 0.3, 12.2376],
  ['put', 100, 1, 0.1, 3.8079],
  ['put', 100, 1, 0.2, 10.1294],
  ['put', 100, 1, 0.3, 16.3889],
  ['put', 105, 1, 0.1, 8.3321],
  ['put', 105, 1, 0.2, 14.6536],
  ['put', 105, 1, 0.3, 20.913],
]

/** Type, extreme, strike (0: floating), price with rate = yield = 5 %, spot 100, one year, vol 30 %. */
const withoutCarry: readonly (readonly [Side, number, number, number])[] = [
  ['call', 90, 0, 21.8170756015871],
  ['put', 110, 0, 26.407720137963],
  ['call', 110, 95, 31.1638672604665],
  ['call', 100, 105, 20.6049334990422],
  ['put', 90, 105, 26.5732227240906],
  ['put', 100, 95, 16.2265841628966],
]

/** Lookbacks. Ids lb-N are those of the reference page; the others name source and row. */
export const modelCases: readonly ModelCase[] = [
  {
    id: 'lb-1',
    model: 'lookback-floating',
    inputs: { type: 'call', extremum: 100, spot: 120, rate: 0.1, dividendYield: 0.06, timeToExpiry: 0.5, vol: 0.3 },
    expected: 25.3533552718102,
    tolerance: { abs: 1e-8 },
    source: `${haug} p 61 (25.3533); digits: QuantLib 1.29`,
  },
  {
    id: 'lb-3',
    model: 'lookback-fixed',
    inputs: { type: 'call', extremum: 100, spot: 100, strike: 95, rate: 0.1, dividendYield: 0, timeToExpiry: 0.5, vol: 0.2 },
    expected: 18.9263369892283,
    tolerance: { abs: 1e-8 },
    source: `${haug} p 63 (18.9263); digits: QuantLib 1.29`,
  },
  ...floating.map(([type, extremum, spot, dividendYield, rate, timeToExpiry, vol, expected], row) => ({
    id: `lookback-floating-print-${row + 1}`,
    model: 'lookback-floating',
    inputs: { type, extremum, spot, dividendYield, rate, timeToExpiry, vol },
    expected,
    tolerance: print,
    source: row === 0 ? `${haug} p 61` : 'Broadie, Glasserman and Kou, Finance and Stochastics 3 (1999), pp 70-74',
  })),
  ...fixed.map(([type, strike, timeToExpiry, vol, expected], row) => ({
    id: `lookback-fixed-print-${row + 1}`,
    model: 'lookback-fixed',
    inputs: { type, strike, timeToExpiry, vol, spot: 100, extremum: 100, rate: 0.1, dividendYield: 0 },
    expected,
    tolerance: print,
    source: `${haug} p 64`,
  })),
  ...withoutCarry.map(([type, extremum, strike, expected], row) => ({
    id: `own-lookback-zero-carry-${row + 1}`,
    model: strike === 0 ? 'lookback-floating' : 'lookback-fixed',
    inputs: { type, extremum, spot: 100, rate: 0.05, dividendYield: 0.05, timeToExpiry: 1, vol: 0.3, ...(strike === 0 ? {} : { strike }) },
    expected,
    tolerance: { abs: 1e-11 },
    source: 'own: mpmath 1.3.0 at 30 digits, integral of the law of the extreme',
  })),
]
