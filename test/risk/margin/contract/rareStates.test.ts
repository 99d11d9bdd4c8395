import { describe, expect, it } from 'vitest'
import { InvalidInputError } from '../../../../risk/errors/index.ts'
import { liquidityCharges } from '../../../../risk/margin/contract/charges.ts'
import { type MarketQuery, marketRequirement } from '../../../../risk/margin/contract/index.ts'
import { ladderSums } from '../../../../risk/margin/contract/ladderSums.ts'
import { readChain } from '../../../../risk/margin/contract/readChain.ts'
import { plainRule, wad } from '../../support/contractBooks.ts'
import { expectNear } from '../../support/expectNear.ts'
import { rareQueries } from '../../support/rareQueries.ts'

const WAD = 10n ** 18n
const dollars = (figure: bigint): number => Number(figure) / 1e18
const bookOf = ({ chains, time, rule }: MarketQuery) => readChain(chains[0]!, time, rule)

/** What random books do not come upon; the contract has the bits of it (`test/contracts/margin/marketMargin.test.ts`). */
describe('a chain without a ladder', () => {
  it('that has settled is worth its payoffs at the strikes of its listing', () => {
    // At 1,900: two puts of 1,800 and a call of 2,000 end worthless; 3 x 300 - 5 x 300 + 4 x 1,900.
    expect(marketRequirement(rareQueries.settledWithoutLadder)).toMatchObject({ equity: wad(7_000), required: 0n, footing: 'proved' })
    // 3 - 5 + 4 x 1,900.
    expect(marketRequirement(rareQueries.digitalSettledWithoutLadder)).toMatchObject({ equity: wad(7_598), required: 0n })
  })
  it('that has not is left out, and nothing is said of the account', () => {
    const { chains, ...query } = rareQueries.settledWithoutLadder
    const open = { ...query, chains: chains.map((chain) => ({ ...chain, settlement: null })) }
    expect(marketRequirement(open)).toMatchObject({ equity: 0n, required: 0n, footing: 'none' })
  })
  it('refuses a leg that is not listed, with the numbers', () => {
    const { chains, ...query } = rareQueries.settledWithoutLadder
    const beyond = { ...query, chains: chains.map((chain) => ({ ...chain, legs: [{ leg: 10, lots: 1n }] })) }
    expect(() => marketRequirement(beyond)).toThrow(InvalidInputError)
    expect(() => marketRequirement(beyond)).toThrow(/strike 5.*one of 5 strikes/s)
  })
})

describe('an expired digital chain that has not settled', () => {
  it('is worth a dollar where it ends in the money, and moves with the price by its futures alone', () => {
    // At 2,100: a put of 2,200 sold three times, a call of 1,600 held seven times, a future sold.
    expect(marketRequirement(rareQueries.digitalExpired)).toMatchObject({
      equity: wad(7 - 3 - 2_100),
      delta: wad(-2_100),
      deltaNotional: wad(2_100),
      footing: 'stale',
    })
  })
})

describe('a price far from that of the post', () => {
  it('makes a put sold worth its strike at most, and then it can lose no more', () => {
    expect(marketRequirement(rareQueries.putSoldThatIsWorthItsStrike)).toMatchObject({ equity: wad(-2_000), required: 0n })
  })
  it('at the first node is below it by its logarithm and above it by its forward: what is sold is worth what the node says', () => {
    const query = rareQueries.belowTheFirstNodeByItsLogarithmAlone
    const { base, lowest, strikes } = bookOf(query)
    expect(query.price).toBeGreaterThan((base * lowest) / WAD)
    // Units of 2^-4 dollars.
    expect(marketRequirement(query).equity).toBe(-((strikes[0]!.up[0]! * WAD) / 16n))
  })
})

describe('prices of trillions of dollars', () => {
  it('give the figures of small ones, in their unit', () => {
    const [small, large] = [marketRequirement(rareQueries.dollars), marketRequirement(rareQueries.trillionsOfDollars)]
    expect(bookOf(rareQueries.trillionsOfDollars).unitExponent).toBe(33n)
    for (const figure of ['equity', 'required', 'loss', 'delta', 'gamma', 'vega', 'deltaNotional', 'notional'] as const) {
      // A wad of the small figure is 2^42 of the large one.
      const gap = large[figure] - (small[figure] << 42n)
      expect(gap < 0n ? -gap : gap, figure).toBeLessThan(64n << 42n)
    }
  })
})

describe('anchors of zero', () => {
  it('make up and down word one: no vega can be read, and the ladder covers no scan', () => {
    const { equity, vega, required, footing } = marketRequirement(rareQueries.anchorsOfZero)
    // 0.4 x 2,000 x 0.6 x sqrt(10 / 365).
    expectNear({}, dollars(equity), 79.2, { abs: 0.2 })
    expect(vega).toBe(0n)
    expect(required).toBeGreaterThan(wad(70))
    expect(footing).toBe('stale')
  })
})

describe('a vol far from that of the post', () => {
  it('above counts three times what is between the words, and no more', () => {
    const { lanes, outside } = ladderSums(bookOf(rareQueries.volFarAboveThePost))
    expect([lanes.upWeight, lanes.downWeight, outside]).toEqual([3n << 64n, 3n << 64n, true])
  })
  it('below takes off what is between the words once, and no more', () => {
    const book = bookOf(rareQueries.volFarBelowThePost)
    const { lanes, outside } = ladderSums(book)
    const { up, down, net } = book.strikes[0]!
    // Quantities have 45 bits.
    const quantity = net << (45n - BigInt(book.gross.toString(2).length))
    expect(lanes.low).toEqual(down.map((low, i) => quantity * (2n * low - up[i]!)))
    expect(outside).toBe(true)
  })
})

describe('a market without depth', () => {
  it('counts as one of the least depth there is', () => {
    const delta = wad(100)
    // 50 bps x 100 x sqrt(100 / 1e-18), and a root that is rounded up by one: half a unit, rounded up.
    const charge = liquidityCharges({ ...plainRule, depth: 0n, vegaDepth: 0n }, { delta, gamma: 0n, vega: 0n })
    expect(charge).toBe(5n * 10n ** 27n + 1n)
    expect(marketRequirement(rareQueries.noDepth).required).toBeGreaterThan(10n ** 27n)
  })
})

describe('strikes in two chains', () => {
  it('are looked at together up to as many as one chain has', () => {
    expect(marketRequirement(rareQueries.asManyStrikesAsAChain)).toMatchObject({ rule: 'maximumLoss', equity: 0n })
    const { rule, floor, required } = marketRequirement(rareQueries.moreStrikesThanAChain)
    // 36 puts sold x 2,000 x 1.1 %.
    expect([rule, floor]).toEqual(['shortOptionMinimum', wad(792)])
    expect(required).toBeGreaterThan(floor)
  })
})

describe('a mark below every payoff', () => {
  it('is nothing that can be lost, in one chain or in two', () => {
    expect(marketRequirement(rareQueries.markBelowAnyPayoff)).toMatchObject({ equity: -WAD / 256n, required: 0n, rule: 'maximumLoss' })
    expect(marketRequirement(rareQueries.marksBelowAnyPayoff)).toMatchObject({ equity: -WAD / 128n, required: 0n, rule: 'maximumLoss' })
  })
})
