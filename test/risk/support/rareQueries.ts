import type { HeldChain, HeldLeg, MarketQuery } from '../../../risk/margin/contract/index.ts'
import type { ExpiryQuote } from '../../../risk/margin/index.ts'
import { type ChainToHold, heldChain, plainRule, queryOf, wad } from './contractBooks.ts'
import { START } from './drawQuery.ts'

const DAY = 86_400
const LOT = 10_000n
const SPOT = 2_000

type Held = Pick<ChainToHold, 'legs'> &
  Partial<ChainToHold> & { readonly days?: number; readonly vol?: number; readonly forwardRatio?: number }

/** A chain at 2,000 dollars and 60 % vol, ten days from expiry, but for what is given. */
function held({ legs, days = 10, vol = 0.6, forwardRatio = 1, strikes = [1_600, 1_800, 2_000, 2_200, 2_400], ...rest }: Held, spot = SPOT) {
  const expiry = START + Math.round(days * DAY)
  const quote: ExpiryQuote = { expiry, forwardRatio, atmVol: vol, smile: { kind: 'points', strikes: [spot], vols: [vol] } }
  return heldChain({ time: START, spot, expiries: [quote] }, { quote, kind: 'vanilla', strikes, legs, ...rest })
}

/** `chains` at a price and a time after they were posted. */
function at(price: number, chains: readonly HeldChain[], later = 0): MarketQuery {
  return queryOf({ time: START + later, spot: price }, chains)
}

/** The ladder was struck out before the chain settled at 1,900 dollars. */
function withoutLadder(kind: 'vanilla' | 'digital'): MarketQuery {
  const legs = [
    { leg: 2, lots: 2n * LOT },
    { leg: 5, lots: -LOT },
    { leg: 6, lots: 3n * LOT },
    { leg: 1, lots: -5n * LOT },
    { leg: 255, lots: 4n * LOT },
  ]
  const chain = held({ kind, legs })
  const strikes = [1_600, 1_800, 2_000, 2_200, 2_400].map(wad)
  const listing = { strikes, kind: kind === 'vanilla' ? 0 : 1 }
  return at(2_000, [{ ...chain, ladder: null, status: 'none', listing, settlement: wad(1_900) }], 11 * DAY)
}

/** The vol at the money of now, in shares of that of the post. */
function drifted(chain: HeldChain, vol: number, drift: number): HeldChain {
  return { ...chain, index: { ...chain.index, atmVol: wad(vol * drift), version: 2n } }
}

/** Puts from 1,000 dollars on, a dollar apart: as many bought in one chain, and sold in another of the same expiry. */
function manyStrikes(bought: number, sold: number): MarketQuery {
  const strikes = Array.from({ length: 60 }, (_, i) => 1_000 + i)
  const legs = (count: number, lots: bigint): HeldLeg[] => Array.from({ length: count }, (_, i) => ({ leg: 2 * i, lots }))
  return at(SPOT, [held({ strikes, legs: legs(bought, LOT) }), held({ strikes, legs: legs(sold, -LOT) })])
}

/** In a unit of 2^`power` dollars: a spot of 64 at the post and 56 now, strikes 50 to 80. */
function scaled(power: number): MarketQuery {
  const unit = 2 ** power
  const spot = 64 * unit
  const strikes = [50, 60, 70, 80].map((strike) => strike * unit)
  const legs = [
    { leg: 0, lots: LOT },
    { leg: 3, lots: -2n * LOT },
    { leg: 4, lots: -LOT },
    { leg: 7, lots: 3n * LOT },
    { leg: 255, lots: LOT },
  ]
  const query = at(0.875 * spot, [held({ strikes, legs, tick: unit, vol: 0.8, forwardRatio: 1.015625 }, spot)])
  // Charges for size, too, grow with the unit.
  return { ...query, rule: { ...plainRule, depth: BigInt(unit), vegaDepth: BigInt(unit) } }
}

/** A put of 1,420 dollars bought and one of 1,400 sold: each is worth less than a unit, and the one bought has the larger unit. */
const worthlessSpread = held({
  strikes: [1_400, 1_420],
  legs: [
    { leg: 0, lots: -LOT },
    { leg: 2, lots: LOT },
  ],
})

/** Three days: the lowest node as the contract keeps it lies below the true one. */
const lowNode = held({ legs: [{ leg: 4, lots: -LOT }], days: 3 })

/** Accounts in states that random books do not come upon, by what is rare in them. */
export const rareQueries = {
  settledWithoutLadder: withoutLadder('vanilla'),
  digitalSettledWithoutLadder: withoutLadder('digital'),
  digitalExpired: at(
    2_100,
    [
      held({
        kind: 'digital',
        legs: [
          { leg: 4, lots: 2n * LOT },
          { leg: 6, lots: -3n * LOT },
          { leg: 1, lots: 7n * LOT },
          { leg: 255, lots: -LOT },
        ],
      }),
    ],
    10 * DAY + 3_600,
  ),
  putSoldThatIsWorthItsStrike: at(100, [held({ legs: [{ leg: 4, lots: -LOT }], days: 360, vol: 1.5 })]),
  belowTheFirstNodeByItsLogarithmAlone: at(1_340.640092001, [lowNode]),
  dollars: scaled(0),
  trillionsOfDollars: scaled(42),
  anchorsOfZero: at(SPOT, [held({ legs: [{ leg: 4, lots: LOT }], anchors: { volScanUp: 0, volScanDown: 0 } })]),
  volFarBelowThePost: at(SPOT, [drifted(held({ legs: [{ leg: 4, lots: LOT }], days: 30 }), 0.6, 0.1)]),
  volFarAboveThePost: at(SPOT, [drifted(held({ legs: [{ leg: 4, lots: LOT }], days: 30 }), 0.6, 4)]),
  noDepth: { ...at(SPOT, [held({ legs: [{ leg: 5, lots: -LOT }] })]), rule: { ...plainRule, depth: 0n, vegaDepth: 0n } },
  asManyStrikesAsAChain: manyStrikes(36, 36),
  moreStrikesThanAChain: manyStrikes(37, 36),
  markBelowAnyPayoff: at(SPOT, [worthlessSpread]),
  marksBelowAnyPayoff: at(SPOT, [worthlessSpread, worthlessSpread]),
} as const satisfies Readonly<Record<string, MarketQuery>>
