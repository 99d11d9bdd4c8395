import type { DatedFuture, UnixSeconds, Usd, VanillaOption } from '../../risk/types/index.ts'

const DAY = 86_400
const WEEK = 7 * DAY
/** 1970-01-05, the first Monday. */
const FIRST_MONDAY = 4 * DAY
const FRIDAY_0800 = 4 * DAY + 8 * 3_600
/** Weeks from this Monday to the Mondays in whose weeks the chains expire; none expires while the listing is in use. */
const EXPIRY_WEEKS = [1, 2, 4, 8, 13]
const MONEYNESS = [0.3, 0.4, 0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 1, 1.05, 1.1, 1.15, 1.2, 1.25, 1.3, 1.4, 1.5, 1.75, 2, 2.5, 3]

export type ListedInstrument = VanillaOption | DatedFuture

/** Start of the week (Monday 00:00 UTC) that `time` lies in: listing and accounts are renewed then. */
export function weekStart(time: UnixSeconds): UnixSeconds {
  return Math.floor((time - FIRST_MONDAY) / WEEK) * WEEK + FIRST_MONDAY
}

/**
 * The option chain and futures of a week: five expiries on Fridays 08:00 UTC, a future and calls and puts at up to 23 strikes each.
 *
 * @param week - From {@link weekStart}.
 * @param reference - Price around which strikes are laid out.
 */
export function listInstruments(market: string, week: UnixSeconds, reference: Usd): ListedInstrument[] {
  const strikes = strikesAround(reference)
  return EXPIRY_WEEKS.flatMap((weeks): ListedInstrument[] => {
    const expiry = week + weeks * WEEK + FRIDAY_0800
    const name = `${market}-${new Date(expiry * 1_000).toISOString().slice(0, 10)}`
    return [
      { kind: 'future', id: `${name}-F`, expiry },
      ...strikes.flatMap((strike): ListedInstrument[] => [
        { kind: 'option', id: `${name}-${strike}-C`, type: 'call', strike, expiry },
        { kind: 'option', id: `${name}-${strike}-P`, type: 'put', strike, expiry },
      ]),
    ]
  })
}

/** Strikes on a round grid of 1 to 2.5 % of the price, ascending, none twice. */
function strikesAround(reference: Usd): Usd[] {
  const step = roundStep(reference * 0.01)
  return [...new Set(MONEYNESS.map((ratio) => Math.max(1, Math.round((reference * ratio) / step)) * step))].map((strike) =>
    Number(strike.toPrecision(8)),
  )
}

/** The smallest of 1, 2, 2.5, 5 times a power of ten that is at least `x`. */
function roundStep(x: number): number {
  let power = 1
  while (power * 10 <= x) power *= 10
  while (power > x) power /= 10
  return ([1, 2, 2.5, 5, 10].find((step) => step * power >= x) as number) * power
}
