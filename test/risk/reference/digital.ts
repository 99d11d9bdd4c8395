import type { ModelCase } from '../support/ModelCase.ts'

const haug = 'Haug, The Complete Guide to Option Pricing Formulas, 1998'
const quantlib = 'digits: QuantLib 1.29'
const mpmath = 'own: mpmath 1.3.0 at 30 digits'
const touch = { spot: 105, barrier: 100, direction: 'down', rate: 0.1, dividendYield: 0, timeToExpiry: 0.5, vol: 0.2, cash: 15 } as const
const below = { ...touch, spot: 95, direction: 'up' } as const
const asset = { ...touch, cash: 100, payment: 'atHit' } as const
/** One unit of the last digit printed: the book's normal distribution is off in the fifth. */
const print = { abs: 1e-4 } as const

/** `digital` and touch options. Ids di-NN are those of the reference page; the others name their source. */
export const modelCases: readonly ModelCase[] = [
  {
    id: 'di-01',
    model: 'digital-cash',
    inputs: { type: 'put', spot: 100, strike: 80, rate: 0.06, dividendYield: 0.06, timeToExpiry: 0.75, vol: 0.35, cash: 10 },
    expected: 2.67104568446135,
    tolerance: { abs: 1e-8 },
    source: `${haug} p 88 (2.671); ${quantlib}`,
  },
  {
    id: 'di-02',
    model: 'digital-asset',
    inputs: { type: 'put', spot: 70, strike: 65, rate: 0.07, dividendYield: 0.05, timeToExpiry: 0.5, vol: 0.27 },
    expected: 20.2069472983685,
    tolerance: { abs: 1e-8 },
    source: `${haug} p 90 (20.2069); ${quantlib}`,
  },
  {
    id: 'haug-1998-p88-gap',
    model: 'digital-gap',
    inputs: { type: 'call', spot: 50, strike: 57, trigger: 50, rate: 0.09, dividendYield: 0, timeToExpiry: 0.5, vol: 0.2 },
    expected: -0.0053,
    tolerance: print,
    source: `${haug} p 88, in the QuantLib test suite`,
  },
  {
    id: 'own-gap-put',
    model: 'digital-gap',
    inputs: { type: 'put', spot: 100, strike: 95, trigger: 105, rate: 0.05, dividendYield: 0.02, timeToExpiry: 1.5, vol: 0.45 },
    expected: 15.6246865976193,
    tolerance: { abs: 1e-12 },
    source: mpmath,
  },
  {
    id: 'di-04',
    model: 'one-touch',
    inputs: { ...touch, payment: 'atHit' },
    expected: 9.72639383082077,
    tolerance: { abs: 1e-8 },
    source: `${haug} p 95 (9.7264); ${quantlib}`,
  },
  {
    id: 'di-06',
    model: 'one-touch',
    inputs: { ...touch, payment: 'atExpiry' },
    expected: 9.36035591205997,
    tolerance: { abs: 1e-8 },
    source: `${haug} p 95 (9.3604); ${quantlib}`,
  },
  {
    id: 'haug-1998-p95-2',
    model: 'one-touch',
    inputs: { ...below, payment: 'atHit' },
    expected: 11.6553,
    tolerance: print,
    source: `${haug} p 95`,
  },
  {
    id: 'haug-1998-p95-6',
    model: 'one-touch',
    inputs: { ...below, payment: 'atExpiry' },
    expected: 11.2223,
    tolerance: print,
    source: `${haug} p 95`,
  },
  { id: 'haug-1998-p95-9', model: 'no-touch', inputs: touch, expected: 4.9081, tolerance: print, source: `${haug} p 95` },
  { id: 'haug-1998-p95-10', model: 'no-touch', inputs: below, expected: 3.0461, tolerance: print, source: `${haug} p 95` },
  // An asset paid at the hit is cash of the barrier's size. The book prints other figures, which are wrong; these are its spreadsheet's and QuantLib's.
  {
    id: 'haug-vba-asset-at-hit-3',
    model: 'one-touch',
    inputs: asset,
    expected: 64.8426,
    tolerance: print,
    source: `${haug}, spreadsheet code`,
  },
  {
    id: 'haug-vba-asset-at-hit-4',
    model: 'one-touch',
    inputs: { ...asset, spot: 95, direction: 'up' },
    expected: 77.7017,
    tolerance: print,
    source: `${haug}, spreadsheet code`,
  },
  {
    id: 'haug-vba-asset-at-hit-q',
    model: 'one-touch',
    inputs: { ...asset, dividendYield: 0.01 },
    expected: 65.7811,
    tolerance: print,
    source: `${haug}, spreadsheet code`,
  },
  {
    id: 'quantlib-touch-q-down',
    model: 'one-touch',
    inputs: { ...touch, dividendYield: 0.2, payment: 'atHit' },
    expected: 12.2715,
    tolerance: print,
    source: 'QuantLib test suite, checked there by simulation',
  },
  {
    id: 'quantlib-touch-q-up',
    model: 'one-touch',
    inputs: { ...below, dividendYield: 0.2, payment: 'atHit' },
    expected: 8.9109,
    tolerance: print,
    source: 'QuantLib test suite, checked there by simulation',
  },
  {
    id: 'own-touch-negative-rate',
    model: 'one-touch',
    inputs: { ...touch, rate: -0.05, dividendYield: -0.04, payment: 'atHit' },
    expected: 11.411820326728,
    tolerance: { abs: 1e-11 },
    source: `${mpmath}, density of the hitting time`,
  },
  {
    id: 'own-touch-negative-rate-up',
    model: 'one-touch',
    inputs: { ...below, rate: -0.3, dividendYield: -0.32, timeToExpiry: 2, payment: 'atHit' },
    expected: 14.0107654721001,
    tolerance: { abs: 1e-11 },
    source: `${mpmath}, density of the hitting time`,
  },
]
