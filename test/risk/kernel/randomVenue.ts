import type { KernelInstrument, KernelScenario, VenueQuotes, VenueTerms } from '../../../risk/kernel/index.ts'
import { uniforms } from '../support/uniforms.ts'

export type RandomVenue = { readonly terms: VenueTerms; readonly quotes: VenueQuotes }

/** A venue with options of both kinds, forwards and rows priced elsewhere; accounts of 0 to 11 positions. The seed fixes it. */
export function randomVenue(seed: number, size: { accounts: number; instruments: number; scenarios: number }): RandomVenue {
  const { accounts, instruments: count, scenarios: states } = size
  const draws = uniforms(seed, 8 * count + 3 * states + accounts * 40 + 200)
  let next = 0
  const draw = (): number => draws[next++ % draws.length]!
  const expiries = 5
  const volRows = 4
  const kinds = ['call', 'put', 'call', 'put', 'call', 'linear', 'given'] as const
  const instruments = Array.from({ length: count }, (): KernelInstrument => {
    const kind = kinds[Math.floor(draw() * kinds.length)]!
    const expiry = Math.floor(draw() * expiries)
    if (kind === 'given') return { kind }
    return kind === 'linear' ? { kind, expiry } : { kind, strike: Math.round(1000 + 2000 * draw()), expiry }
  })
  const scenarios = Array.from(
    { length: states },
    (_, j): KernelScenario => ({
      move: j === 0 ? 0 : draw() < 0.1 ? 5 * draw() - 0.9 : 0.6 * (draw() - 0.5),
      volRow: Math.floor(draw() * volRows),
      weight: draw() < 0.8 ? 1 : draw(),
    }),
  )
  const offsets = new Uint32Array(accounts + 1)
  const held: number[] = []
  const quantities: number[] = []
  for (let account = 0; account < accounts; account++) {
    const positions = new Set(Array.from({ length: Math.floor(12 * draw()) }, () => Math.floor(draw() * count)))
    for (const instrument of positions) {
      held.push(instrument)
      quantities.push(Math.round(200 * (draw() - 0.5)) / 10)
    }
    offsets[account + 1] = held.length
  }
  const book = { offsets, instruments: Uint32Array.from(held), quantities: Float64Array.from(quantities) }
  const quotes: VenueQuotes = {
    forwards: Array.from({ length: expiries }, () => 1800 + 400 * draw()),
    discounts: Array.from({ length: expiries }, () => 0.9 + 0.1 * draw()),
    // The first expiry is now: its options are their payoff.
    timesToExpiry: Array.from({ length: expiries }, (_, e) => e * e * 0.1 * draw()),
    vols: Array.from({ length: count }, () => (draw() < 0.05 ? 0 : 0.2 + draw())),
    volFactors: Array.from({ length: expiries * volRows }, () => 2 * draw()),
    volShifts: Array.from({ length: expiries * volRows }, () => 0.2 * draw()),
  }
  return { terms: { instruments, expiries, scenarios, volRows, book }, quotes }
}

/** Profits of a row priced elsewhere; the seed fixes them. */
export function givenRow(seed: number, scenarios: number): number[] {
  return uniforms(seed + 1, scenarios).map((u) => 1000 * (u - 0.5))
}
