import { yearsBetween } from '../pricing/index.ts'
import type { UnixSeconds, Usd, Vol, Years } from '../types/index.ts'
import { smileVol } from './smileVol.ts'
import type { ExpiryQuote, MarginMarket } from './types.ts'

/** What one expiry of a market says at the mark. */
export type ExpiryMark = {
  readonly timeToExpiry: Years
  /** Forward over index, frozen in a scan. */
  readonly forwardRatio: number
  readonly atmVol: Vol
  /** Vol of a strike; at the money for a claim without one. */
  readonly volAt: (strike: Usd | null) => Vol
}

/** The mark of an expiry; null is that of instruments without one, which stand at the index. The market has the expiry: the caller has checked. */
export function expiryMark(market: MarginMarket, expiry: UnixSeconds | null): ExpiryMark {
  const timeToExpiry = expiry === null ? 0 : yearsBetween(market.time, expiry)
  if ('markVol' in market) return { timeToExpiry, forwardRatio: 1, atmVol: market.markVol, volAt: () => market.markVol }
  if (expiry === null) return { timeToExpiry, forwardRatio: 1, atmVol: 0, volAt: () => 0 }
  const quote = quoteOf(market.expiries, expiry)
  const { forwardRatio, atmVol } = quote
  const volAt = (strike: Usd | null): Vol => (strike === null ? atmVol : smileVol(quote, strike, market.spot * forwardRatio, timeToExpiry))
  return { timeToExpiry, forwardRatio, atmVol, volAt }
}

function quoteOf(expiries: readonly ExpiryQuote[], expiry: UnixSeconds): ExpiryQuote {
  return expiries.find((quote) => quote.expiry === expiry)!
}
