import { InvalidInputError } from '../errors/index.ts'
import { assertInRange, assertPositive } from '../math/index.ts'
import type { ExpiryQuotes, OptionChain, OptionQuote } from './types.ts'

/** Prices and strikes that Black-76 takes. */
const LEAST_PRICE = 1e-9
const GREATEST_PRICE = 1e15

/** @throws {InvalidInputError} What cannot be a chain at all; quotes that are only bad are not refused here. */
export function assertChain({ time, spot, numeraire, expiries }: OptionChain): void {
  assertWhole('time', time)
  assertInRange('spot', spot, LEAST_PRICE, GREATEST_PRICE)
  if (numeraire !== 'coin' && numeraire !== 'usd')
    throw new InvalidInputError({ argument: 'numeraire', got: numeraire, limit: "'coin' or 'usd'" })
  for (const [i, quotes] of expiries.entries()) assertExpiry(`expiries[${i}]`, quotes, expiries[i - 1])
}

function assertExpiry(path: string, { expiry, venueForward, quotes }: ExpiryQuotes, before: ExpiryQuotes | undefined): void {
  assertWhole(`${path}.expiry`, expiry)
  if (before !== undefined && !(expiry > before.expiry))
    throw new InvalidInputError({ argument: `${path}.expiry`, got: expiry, limit: `after ${before.expiry}` })
  if (venueForward !== null) assertInRange(`${path}.venueForward`, venueForward, LEAST_PRICE, GREATEST_PRICE)
  const seen = new Set<string>()
  for (const [i, quote] of quotes.entries()) {
    assertQuote(`${path}.quotes[${i}]`, quote)
    const line = `${quote.type} ${quote.strike}`
    if (seen.has(line)) throw new InvalidInputError({ argument: `${path}.quotes[${i}]`, got: line, limit: 'there once' })
    seen.add(line)
  }
}

function assertQuote(path: string, { strike, type, bid, ask, mark, time }: OptionQuote): void {
  assertPositive(`${path}.strike`, strike)
  assertInRange(`${path}.strike`, strike, LEAST_PRICE, GREATEST_PRICE)
  if (type !== 'call' && type !== 'put') throw new InvalidInputError({ argument: `${path}.type`, got: type, limit: "'call' or 'put'" })
  for (const [name, price] of Object.entries({ bid, ask, mark }))
    if (price !== null && !Number.isFinite(price)) throw new InvalidInputError({ argument: `${path}.${name}`, got: price, limit: 'finite' })
  if (time !== null) assertWhole(`${path}.time`, time)
}

function assertWhole(argument: string, seconds: number): void {
  if (!Number.isSafeInteger(seconds)) throw new InvalidInputError({ argument, got: seconds, limit: 'whole seconds' })
}
