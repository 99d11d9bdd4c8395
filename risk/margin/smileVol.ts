import { InvalidInputError } from '../errors/index.ts'
import { log } from '../math/index.ts'
import type { Usd, Vol, Years } from '../types/index.ts'
import type { ExpiryQuote, Smile } from './types.ts'

const CEILING = 10

/**
 * Implied vol of a strike on the smile of its expiry.
 *
 * @param forward - Forward of the expiry at the mark, above 0.
 * @param timeToExpiry - At 0 total variance says nothing of vol: the vol at the money is given.
 * @throws {InvalidInputError} The smile says more than 1,000 % at that strike.
 */
export function smileVol({ expiry, smile, atmVol }: ExpiryQuote, strike: Usd, forward: Usd, timeToExpiry: Years): Vol {
  if (smile.kind === 'points') return pointVol(smile, strike)
  if (timeToExpiry <= 0) return atmVol
  const { a, b, rho, m, sigma } = smile
  const k = log(strike / forward) - m
  // Rounding may take the least total variance a hair below zero.
  const vol = Math.sqrt(Math.max(0, a + b * (rho * k + Math.sqrt(k * k + sigma * sigma))) / timeToExpiry)
  if (!(vol <= CEILING))
    throw new InvalidInputError({ argument: `smile of expiry ${expiry} at strike ${strike}`, got: vol, limit: `at most ${CEILING}` })
  return vol
}

/** Linear total variance over ln K: at one expiry that is linear squared vol. */
function pointVol({ strikes, vols }: Extract<Smile, { kind: 'points' }>, strike: Usd): Vol {
  const last = strikes.length - 1
  if (strike <= strikes[0]!) return vols[0]!
  if (strike >= strikes[last]!) return vols[last]!
  let below = 0
  let above = last
  while (above - below > 1) {
    const middle = Math.floor((below + above) / 2)
    if (strikes[middle]! <= strike) below = middle
    else above = middle
  }
  if (strikes[below] === strike) return vols[below]!
  const part = log(strike / strikes[below]!) / log(strikes[above]! / strikes[below]!)
  const low = vols[below]! * vols[below]!
  return Math.sqrt(low + part * (vols[above]! * vols[above]! - low))
}
