import { logMoneyness } from '../pricing/logMoneyness.ts'
import type { Seconds, UnixSeconds, Usd, Vol, Years } from '../types/index.ts'
import { quoteVol } from './quoteVol.ts'
import type { Numeraire, OptionQuote, QuoteCase, QuoteCounts, SmilePoint } from './types.ts'

/** The lines of an expiry whose prices may be looked at, and the case of those that may not. */
export type ScreenedQuotes = {
  readonly usable: readonly OptionQuote[]
  readonly refused: readonly Extract<QuoteCase, 'crossed' | 'stale' | 'empty'>[]
}

/** Lines that are stale, crossed or empty are taken out before anything is estimated from the rest. A price of zero or less is none. */
export function screenQuotes(quotes: readonly OptionQuote[], time: UnixSeconds, maxAge: Seconds): ScreenedQuotes {
  const usable: OptionQuote[] = []
  const refused: ScreenedQuotes['refused'][number][] = []
  for (const quote of quotes) {
    const [bid, ask, mark] = [priceOf(quote.bid), priceOf(quote.ask), priceOf(quote.mark)]
    if (quote.time !== null && time - quote.time > maxAge) refused.push('stale')
    else if (bid === null && ask === null && mark === null) refused.push('empty')
    else if (bid !== null && ask !== null && bid > ask) refused.push('crossed')
    else usable.push({ ...quote, bid, ask, mark })
  }
  return { usable, refused }
}

const priceOf = (price: number | null): number | null => (price !== null && price > 0 ? price : null)

/** Volatilities of one line's prices; null where a price is absent or none gives it. */
type LineVols = { readonly low: Vol | null; readonly high: Vol | null; readonly mark: Vol | null; readonly quoteCase: QuoteCase }

/**
 * What the strikes say of the smile, and the case of every line. Per strike the out-of-the-money line speaks; where it is not two-sided and the other is, the
 * other; where neither is, whatever bound the out-of-the-money line gives; else its mark.
 */
export function smilePoints(
  { usable, refused }: ScreenedQuotes,
  forward: Usd,
  timeToExpiry: Years,
  numeraire: Numeraire,
): { readonly points: readonly SmilePoint[]; readonly counts: QuoteCounts } {
  const counts = { twoSided: 0, bidOnly: 0, askOnly: 0, markOnly: 0, crossed: 0, outOfBounds: 0, stale: 0, empty: 0 }
  for (const quoteCase of refused) counts[quoteCase]++
  const strikes = new Map<Usd, { outside?: LineVols; inside?: LineVols }>()
  for (const quote of usable) {
    const vols = lineVols(quote, forward, timeToExpiry, numeraire)
    counts[vols.quoteCase]++
    const outOfTheMoney = quote.type === 'call' ? quote.strike >= forward : quote.strike < forward
    const strike = strikes.get(quote.strike) ?? {}
    strikes.set(quote.strike, outOfTheMoney ? { ...strike, outside: vols } : { ...strike, inside: vols })
  }
  const points = [...strikes]
    .sort(([left], [right]) => left - right)
    .flatMap(([strike, { outside, inside }]): SmilePoint[] => {
      const k = -logMoneyness(forward, strike)
      const speaker = outside?.quoteCase !== 'twoSided' && inside?.quoteCase === 'twoSided' ? inside : outside
      return speaker === undefined ? [] : pointOf(k, speaker)
    })
  return { points, counts }
}

function pointOf(k: number, { low, high, mark }: LineVols): SmilePoint[] {
  if (low !== null && high !== null) return [{ kind: 'band', k, low, mid: (low + high) / 2, high }]
  const bound: SmilePoint[] = high !== null ? [{ kind: 'ceiling', k, high }] : low !== null ? [{ kind: 'floor', k, low }] : []
  return mark === null ? bound : [...bound, { kind: 'mark', k, mid: mark }]
}

function lineVols(quote: OptionQuote, forward: Usd, timeToExpiry: Years, numeraire: Numeraire): LineVols {
  const unit = numeraire === 'coin' ? forward : 1
  const volOf = (price: number | null): Vol | null =>
    price === null ? null : quoteVol(quote.type, price * unit, forward, quote.strike, timeToExpiry)
  const [low, high, mark] = [volOf(quote.bid), volOf(quote.ask), volOf(quote.mark)]
  return { low, high, mark, quoteCase: caseOf(quote, low, high, mark) }
}

function caseOf({ bid, ask }: OptionQuote, low: Vol | null, high: Vol | null, mark: Vol | null): QuoteCase {
  if (low !== null && high !== null) return 'twoSided'
  if (high !== null) return 'askOnly'
  if (low !== null) return 'bidOnly'
  if (bid === null && ask === null && mark !== null) return 'markOnly'
  return 'outOfBounds'
}
