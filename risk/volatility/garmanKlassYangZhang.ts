import type { Bar, Usd } from '../types/index.ts'
import { closeToClose } from './closeToClose.ts'
import { garmanKlass } from './garmanKlass.ts'

/**
 * Variance of one bar with the gap before it: ln(open / previous close)^2 plus Garman and Klass's estimate. For markets that close; no drift.
 *
 * @throws {InvalidInputError} A price is not finite and positive, or high and low do not enclose open and close.
 * @see Yang and Zhang, Journal of Business 73 (2000), section 2.
 */
export function garmanKlassYangZhang(bar: Pick<Bar, 'open' | 'high' | 'low' | 'close'>, previousClose: Usd): number {
  const within = garmanKlass(bar)
  return closeToClose(previousClose, bar.open) + within
}
