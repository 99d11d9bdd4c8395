import type { Bar, Vol } from '../../risk/types/index.ts'

const HOURS_PER_YEAR = 365 * 24
const WEEK_HOURS = 7 * 24
/** The least volatility at which accounts are marked. */
const FLOOR: Vol = 0.4
/** Implied over realized volatility. */
const PREMIUM = 1.15

/**
 * Flat volatility at which simulated accounts are marked where no option market is recorded: the larger of 40 % and 1.15 times the realized
 * volatility of the last seven days, rounded to four decimals.
 *
 * Realized: root of the mean squared hourly simple return, annualised with 8,760 hours. Bars without volume carry the price of an outage forward
 * and count neither as a return nor as an hour.
 *
 * @param bars - Hourly bars, ascending; the last 168 are used.
 */
export function flatMarkVol(bars: readonly Bar[]): Vol {
  const week = bars.slice(-WEEK_HOURS - 1).filter(({ volume }) => volume > 0)
  let sum = 0
  for (let i = 1; i < week.length; i++) {
    const change = (week[i] as Bar).close / (week[i - 1] as Bar).close - 1
    sum += change * change
  }
  const realized = week.length > 1 ? Math.sqrt((sum / (week.length - 1)) * HOURS_PER_YEAR) : 0
  return Math.round(Math.max(FLOOR, PREMIUM * realized) * 10_000) / 10_000
}
