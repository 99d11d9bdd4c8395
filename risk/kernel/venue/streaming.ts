import { InvalidInputError } from '../../errors/index.ts'
import { assertInRange } from '../../math/index.ts'
import type { Vol } from '../../types/index.ts'
import { accountLosses } from './accountLosses.ts'
import { assertPlace } from './assertTerms.ts'
import type { AccountLosses, Venue } from './Venue.ts'

/** A venue whose accounts' sums are kept up to date tick by tick. */
export type Stream = {
  readonly venue: Venue
  /** Worst losses after the last tick; views. */
  readonly current: AccountLosses
  /**
   * A new vol of one option: reprices it in every scenario and updates its holders. After `rebuildEvery` ticks all sums are made anew.
   *
   * @throws {InvalidInputError} No option of the venue, or the vol is outside [0, 100].
   */
  readonly tick: (instrument: number, vol: Vol) => void
  /** Sums of all accounts from the table as it is, for example after `priceVenue` on new forwards. */
  readonly rebuild: () => void
}

/**
 * Starts to keep the sums of a priced venue.
 *
 * A tick adds quantity x (new row - old row), which costs two roundings. After n ticks a sum is off by at most about 2 n 2^-53 of the gross amount that
 * moved through it; 10,000 ticks keep it below 2.3e-12 of that, and the rebuild starts again from zero.
 * @param rebuildEvery - Ticks between rebuilds, a whole number in [1, 1e7]. Default 10,000.
 * @throws {InvalidInputError} The venue was opened without `streaming`, or `rebuildEvery` is out of range.
 */
export function startStream(venue: Venue, rebuildEvery = 10_000): Stream {
  const { engine, plan, terms, kernel } = venue
  if (!venue.streaming)
    throw new InvalidInputError({ argument: 'venue', got: 'one without kept sums', limit: 'opened with streaming: true' })
  assertPlace('rebuildEvery less one', rebuildEvery - 1, 1e7)
  const { header } = plan
  const scratch = plan.scratch[0]!
  const change = scratch + 16 * header.volRows
  let ticks = 0
  const rebuild = (): void => {
    engine.rebuildState(0, header.accounts)
    ticks = 0
  }
  const tick = (instrument: number, vol: Vol): void => {
    assertPlace('instrument', instrument, header.instruments)
    const { kind } = terms.instruments[instrument]!
    if (kind === 'linear' || kind === 'given')
      throw new InvalidInputError({ argument: `kind of instrument ${instrument}`, got: kind, limit: 'call or put, which have a vol' })
    assertInRange('vol', vol, 0, 100)
    kernel.reals[header.vol / 8 + instrument] = vol
    engine.applyTick(instrument, scratch, change)
    ticks++
    if (ticks === rebuildEvery) rebuild()
  }
  rebuild()
  return { venue, current: accountLosses(venue), tick, rebuild }
}
