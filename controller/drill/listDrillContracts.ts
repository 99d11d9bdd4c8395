import type { ListedContract } from '../../risk/clearing/index.ts'
import type { UnixSeconds, Usd } from '../../risk/types/index.ts'

const DAY = 86_400
const WEEK = 7 * DAY
/** Friday 1970-01-02 08:00 UTC. */
const FIRST_FRIDAY = DAY + 8 * 3_600
const MONEYNESS = [0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 1, 1.05, 1.1, 1.15, 1.2, 1.3, 1.4, 1.6]

/**
 * What a run trades in one market: expiries on Fridays 08:00 UTC, each a future and calls and puts at sixteen strikes.
 *
 * @param spot - Index price at the start, around which strikes are laid out; futures are booked against the middle strike.
 * @param weeks - From the first Friday that is at least a day away, which expires inside a run of a week.
 */
export function listDrillContracts(market: string, from: UnixSeconds, spot: Usd, weeks: readonly number[]): ListedContract[] {
  const first = Math.ceil((from + DAY - FIRST_FRIDAY) / WEEK) * WEEK + FIRST_FRIDAY
  const strikes = [...new Set(MONEYNESS.map((ratio) => Number((ratio * spot).toPrecision(3))))]
  const reference = strikes[strikes.length >> 1] as Usd
  return weeks.flatMap((after): ListedContract[] => {
    const expiry = first + after * WEEK
    const name = `${market}-${new Date(expiry * 1_000).toISOString().slice(0, 10)}`
    return [
      { market, instrument: { kind: 'future', id: `${name}-F`, expiry }, reference },
      ...strikes.flatMap((strike) =>
        (['call', 'put'] as const).map(
          (type): ListedContract => ({
            market,
            instrument: { kind: 'option', id: `${name}-${strike}-${type === 'call' ? 'C' : 'P'}`, type, strike, expiry },
            reference: 0,
          }),
        ),
      ),
    ]
  })
}
