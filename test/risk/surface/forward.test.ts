import { describe, expect, it } from 'vitest'
import { estimateForward } from '../../../risk/surface/estimateForward.ts'
import type { Numeraire, OptionQuote } from '../../../risk/surface/index.ts'
import { sliceOf, syntheticChain } from '../support/syntheticChain.ts'

const quotesOf = (numeraire: Numeraire, halfSpread: number): readonly OptionQuote[] =>
  syntheticChain([{ days: 30, svi: sliceOf(30, 0.6), forward: 2_050, halfSpread }], numeraire).expiries[0]!.quotes

describe('estimateForward', () => {
  it.each(['coin', 'usd'] as const)('is the forward behind the prices, in %s', (numeraire) => {
    const found = estimateForward(quotesOf(numeraire, 0), numeraire, 1_900, 2_000)
    expect(found.forward).toBeCloseTo(2_050, 8)
    expect(found).toMatchObject({ source: 'parity', pairs: 31, inside: 1 })
    expect(found.residual).toBeLessThan(1e-12)
  })
  it('stays inside the pairs that agree when a third of them is wrong by 5 %', () => {
    const quotes = quotesOf('coin', 0.005).map((quote, i) =>
      quote.type === 'call' && i % 6 === 0 && quote.bid !== null && quote.ask !== null
        ? { ...quote, bid: quote.bid + 0.05, ask: quote.ask + 0.05 }
        : quote,
    )
    const found = estimateForward(quotes, 'coin', null, 2_000)
    expect(Math.abs(found.forward / 2_050 - 1)).toBeLessThan(0.002)
    expect(found.inside).toBeLessThan(0.75)
    expect(found.residual).toBeGreaterThan(0.005)
  })
  it('does not depend on the order of the lines', () => {
    const quotes = quotesOf('coin', 0.01)
    expect(estimateForward([...quotes].reverse(), 'coin', null, 2_000)).toEqual(estimateForward(quotes, 'coin', null, 2_000))
  })
  it("takes the venue's forward below three pairs, parity of one or two when the venue has none, and the spot last", () => {
    const quotes = quotesOf('usd', 0.005)
    const two = quotes.slice(28, 32)
    expect(estimateForward(two, 'usd', 2_049, 2_000)).toMatchObject({ source: 'venue', forward: 2_049, pairs: 0 })
    const thin = estimateForward(two, 'usd', null, 2_000)
    expect(thin).toMatchObject({ source: 'parity', pairs: 2 })
    expect(thin.forward).toBeCloseTo(2_050, 6)
    const calls = quotes.filter(({ type }) => type === 'call')
    expect(estimateForward(calls, 'usd', null, 2_000)).toMatchObject({ source: 'spot', forward: 2_000 })
  })
  it("follows the venue's forward where every pair is wider, and outvotes it where pairs are tight", () => {
    const loose = quotesOf('coin', 0).map((quote) => ({ ...quote, bid: quote.mark! - 0.02, ask: quote.mark! + 0.02 }))
    const wide = estimateForward(loose, 'coin', 2_060, 2_000)
    expect(wide.source).toBe('parity')
    expect(wide.forward).toBeGreaterThan(2_055)
    expect(Math.abs(estimateForward(quotesOf('coin', 0.002), 'coin', 2_060, 2_000).forward / 2_050 - 1)).toBeLessThan(5e-4)
  })
  it('leaves out pairs that no forward explains', () => {
    const absurd = quotesOf('coin', 0).map((quote) => (quote.type === 'call' ? { ...quote, bid: 1.5, ask: 1.6 } : quote))
    expect(estimateForward(absurd, 'coin', 2_049, 2_000)).toMatchObject({ source: 'venue' })
  })
})
