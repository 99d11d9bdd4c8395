import type { ColumnarBook, KernelInstrument, KernelScenario, VenueQuotes, VenueTerms } from '../risk/kernel/index.ts'

// The same inputs as bench/peers/common.hpp, number for number, so that results can be compared as well as times.

const EXPIRIES = 10
const VOL_ROWS = 9
const INSTRUMENTS = 1000
export const POSITIONS_PER_ACCOUNT = 10

function uniforms(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 48271) % 2147483647
    return state / 2147483647
  }
}

export type BenchOption = {
  readonly sign: number
  readonly forward: number
  readonly strike: number
  readonly timeToExpiry: number
  readonly vol: number
  readonly rate: number
}

/** 1,000 options: forward 100, strikes 67 to 149, up to two years, vols 8 to 68 %. */
export function benchOptions(): readonly BenchOption[] {
  const next = uniforms(1)
  return Array.from({ length: 1000 }, (_, i) => ({
    sign: i % 2 === 0 ? 1 : -1,
    forward: 100,
    strike: 67 + 82 * next(),
    timeToExpiry: 0.02 + 1.98 * next(),
    vol: 0.08 + 0.6 * next(),
    rate: 0.03,
  }))
}

/** Accounts of 10 positions over 1,000 options; 81 scenarios are a 9 x 9 grid of moves and vols, others random states. */
export function benchVenue(accounts: number, states: number): { readonly terms: VenueTerms; readonly quotes: VenueQuotes } {
  const next = uniforms(2)
  const vols = new Float64Array(INSTRUMENTS)
  const instruments = Array.from({ length: INSTRUMENTS }, (_, i): KernelInstrument => {
    const strike = 2000 * (0.6 + 0.8 * next())
    vols[i] = 0.3 + 0.6 * next()
    return { kind: i % 2 === 0 ? 'call' : 'put', strike, expiry: i % EXPIRIES }
  })
  const scenarios = Array.from({ length: states }, (_, j): KernelScenario => {
    const move = states === 81 ? 0.05 * (Math.floor(j / 9) - 4) : 0.3 * (next() + next() + next() - 1.5)
    return { move, volRow: j % VOL_ROWS, weight: 1 }
  })
  const book: ColumnarBook = {
    offsets: Uint32Array.from({ length: accounts + 1 }, (_, a) => a * POSITIONS_PER_ACCOUNT),
    instruments: new Uint32Array(accounts * POSITIONS_PER_ACCOUNT),
    quantities: new Float64Array(accounts * POSITIONS_PER_ACCOUNT),
  }
  const stride = INSTRUMENTS / POSITIONS_PER_ACCOUNT
  for (let k = 0; k < book.instruments.length; k++) {
    book.instruments[k] = Math.floor((k % POSITIONS_PER_ACCOUNT) * stride) + Math.floor(next() * stride)
    book.quantities[k] = Math.floor(200 * (next() - 0.5) + 0.5) / 10
  }
  const perExpiry = (value: (e: number) => number): number[] => Array.from({ length: EXPIRIES }, (_, e) => value(e))
  return {
    terms: { instruments, expiries: EXPIRIES, scenarios, volRows: VOL_ROWS, book },
    quotes: {
      forwards: perExpiry((e) => 2000 + 5 * e),
      discounts: perExpiry((e) => 1 - 0.002 * e),
      timesToExpiry: perExpiry((e) => 0.02 + 0.2 * e),
      vols,
      volFactors: Array.from({ length: EXPIRIES * VOL_ROWS }, (_, k) => 1 + 0.1 * ((k % VOL_ROWS) - 4)),
      volShifts: new Float64Array(EXPIRIES * VOL_ROWS),
    },
  }
}
