import { log1p } from '../../math/index.ts'
import type { EngineChoice } from '../KernelEngine.ts'
import { writeHeader } from '../memory/header.ts'
import { newKernelMemory, openEngine } from '../memory/KernelMemory.ts'
import { planVenue } from '../memory/planVenue.ts'
import { assertPlace, assertTerms } from './assertTerms.ts'
import type { Venue } from './Venue.ts'
import type { ColumnarBook, KernelInstrument, VenueTerms } from './VenueTerms.ts'

const kinds: Readonly<Record<KernelInstrument['kind'], number>> = { call: 0, put: 1, linear: 2, given: 3 }

export type VenueOptions = {
  /** Default `fastest`. */
  readonly engine?: EngineChoice
  /** Keep the sums of every account in every scenario, so that one quote updates only its holders. Default false. */
  readonly streaming?: boolean
  /** Make room for `shortfalls`. Default false. */
  readonly shortfall?: boolean
  /** Most threads that will work on it, 1 to 256. Default 1. */
  readonly threads?: number
  /** Most legs of an order, 0 to 1,000. Default 16. */
  readonly legs?: number
}

/**
 * Lays a venue out in one block of shared memory: per position 12 bytes and per account 16, twice the first and the sums more with `streaming`.
 * Quotes come next, with `quoteVenue`.
 *
 * @throws {InvalidInputError} A term or option is outside its range, or the venue needs more than 4 GiB.
 */
export function openVenue(terms: VenueTerms, options: VenueOptions = {}): Venue {
  const { engine = 'fastest', streaming = false, shortfall = false, threads = 1, legs = 16 } = options
  assertTerms(terms)
  assertPlace('threads less one', threads - 1, 256)
  assertPlace('legs', legs, 1001)
  const { instruments, scenarios, expiries, volRows, book } = terms
  const plan = planVenue({
    instruments: instruments.length,
    expiries,
    scenarios: scenarios.length,
    volRows,
    accounts: book.offsets.length - 1,
    positions: book.instruments.length,
    streaming,
    shortfall,
    threads,
    legs,
  })
  const kernel = newKernelMemory(plan.bytes)
  const { reals, wholes } = kernel
  const { header } = plan
  writeHeader(wholes, header)
  instruments.forEach((instrument, i) => {
    wholes[header.kind / 4 + i] = kinds[instrument.kind]
    if (instrument.kind !== 'given') wholes[header.expiry / 4 + i] = instrument.expiry
    if (instrument.kind === 'call' || instrument.kind === 'put') reals[header.strike / 8 + i] = instrument.strike
  })
  // Scenarios that only fill the last block up repeat the last one, so they are never the first to be worst.
  for (let j = 0; j < 8 * header.blocks; j++) {
    const { move, volRow, weight } = scenarios[Math.min(j, scenarios.length - 1)]!
    reals[header.moveFactor / 8 + j] = 1 + move
    reals[header.moveLog / 8 + j] = log1p(move)
    reals[header.weight / 8 + j] = weight
    wholes[header.volRow / 4 + j] = volRow
  }
  wholes.set(book.offsets, header.offsets / 4)
  wholes.set(book.instruments, header.held / 4)
  reals.set(book.quantities, header.quantity / 8)
  const venue: Venue = {
    terms: { instruments, scenarios, expiries, volRows },
    kernel,
    engine: openEngine(kernel, engine),
    plan,
    threads,
    legs,
    streaming,
    shortfall,
  }
  if (streaming) writeHolders(venue, book)
  return venue
}

/** The book by instrument: who holds it and how much, accounts ascending. */
function writeHolders({ kernel: { reals, wholes }, plan: { header } }: Venue, { offsets, instruments, quantities }: ColumnarBook): void {
  const first = header.holderOffsets / 4
  for (const instrument of instruments) wholes[first + instrument + 1]!++
  for (let i = 0; i < header.instruments; i++) wholes[first + i + 1]! += wholes[first + i]!
  const next = wholes.slice(first, first + header.instruments)
  for (let account = 0; account < header.accounts; account++) {
    for (let p = offsets[account]!; p < offsets[account + 1]!; p++) {
      const place = next[instruments[p]!]!++
      wholes[header.holder / 4 + place] = account
      reals[header.holderQuantity / 8 + place] = quantities[p]!
    }
  }
}
