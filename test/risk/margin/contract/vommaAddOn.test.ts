import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readChain } from '../../../../risk/margin/contract/readChain.ts'
import { vommaAddOn } from '../../../../risk/margin/contract/vommaAddOn.ts'
import type { ExpiryQuote } from '../../../../risk/margin/index.ts'
import { black76Price } from '../../../../risk/pricing/index.ts'
import { volStates } from '../../../../risk/scenarios/index.ts'
import { bookTime } from '../../support/arbitraryBook.ts'
import { heldChain, plainRule, wad } from '../../support/contractBooks.ts'
import { propertyRuns } from '../../support/propertyRuns.ts'

const strike = 2000
const LOT = 10_000n

/** The add-ons of one put, and the vols that it is read between and at. */
function oneStrike(days: number, atmVol: number, drift: number, lots: bigint) {
  const quote: ExpiryQuote = {
    expiry: bookTime + Math.round(86_400 * days),
    forwardRatio: 1,
    atmVol,
    smile: { kind: 'points', strikes: [strike], vols: [atmVol] },
  }
  const chain = heldChain(
    { time: bookTime, spot: strike, expiries: [quote] },
    { quote, kind: 'vanilla', strikes: [strike], legs: [{ leg: 0, lots }] },
  )
  const index = { ...chain.index, atmVol: wad(atmVol * drift), version: 2n }
  const addOns = vommaAddOn(readChain({ ...chain, index }, BigInt(bookTime), plainRule))
  const years = days / 365
  return {
    addOns: { up: Number(addOns.up) / 1e18, down: Number(addOns.down) / 1e18 },
    words: volStates(atmVol, years, 0.4375, 0.2125),
    live: volStates(atmVol * drift, years, 0.35, 0.17),
    put: (forward: number, vol: number): number => black76Price({ type: 'put', forward, strike, timeToExpiry: years, vol, rate: 0 }),
  }
}

describe('vommaAddOn', () => {
  const times = fc.double({ min: 0.2, max: 365, noNaN: true })
  const vols = fc.double({ min: 0.15, max: 0.6, noNaN: true })
  const distances = fc.double({ min: -3, max: 3, noNaN: true })
  it('covers what the line between the words flatters a long put by, or a short one beyond them, at any price', () => {
    fc.assert(
      fc.property(times, vols, fc.double({ min: 0.8, max: 1.2, noNaN: true }), distances, (days, vol, drift, distance) => {
        for (const state of ['up', 'down'] as const) {
          for (const lots of [LOT, -LOT]) {
            const { addOns, words, live, put } = oneStrike(days, vol, drift, lots)
            const forward = strike * Math.exp(distance * live[state] * Math.sqrt(days / 365))
            const share = (live[state] - words.down) / (words.up - words.down)
            const line = put(forward, words.down) + share * (put(forward, words.up) - put(forward, words.down))
            const flattered = (Number(lots) / Number(LOT)) * (line - put(forward, live[state]))
            const pays = (share > 0 && share < 1) === lots > 0n
            const context = `${state} ${lots} ${days} d, vol ${vol}, drift ${drift}, ${distance} sd`
            // The factor of sqrt(T) is that of a vol of 60 %: at twice that it is 10 % short after a year. At the money values bend the other way, hardly.
            if (pays) expect(1.1 * addOns[state] + 1e-9, context).toBeGreaterThanOrEqual(flattered)
            else expect(flattered, context).toBeLessThanOrEqual(0.006 * strike)
          }
        }
      }),
      propertyRuns,
    )
  })
  it('asks nothing of a short between the words, and nothing of a long beyond them', () => {
    expect(oneStrike(30, 0.6, 1, -LOT).addOns).toEqual({ up: 0, down: 0 })
    const { addOns, live, words } = oneStrike(30, 0.6, 1.5, LOT)
    expect(live.up).toBeGreaterThan(words.up)
    expect(addOns.up).toBe(0)
    expect(oneStrike(30, 0.6, 1.5, -LOT).addOns.up).toBeGreaterThan(0)
  })
  it('of a month at 60 % is six hundredths of a per cent of the strike, and grows with the distance from the words', () => {
    const { addOns } = oneStrike(30, 0.6, 1, LOT)
    expect(addOns.down / strike).toBeGreaterThan(0.0005)
    expect(addOns.down / strike).toBeLessThan(0.0009)
    expect(oneStrike(30, 0.6, 1.05, LOT).addOns.down).toBeGreaterThan(addOns.down)
  })
})
