import { describe, expect, it } from 'vitest'
import { type HeldChain, type MarketQuery, type MarketTotals, marketRequirement } from '../../../../risk/margin/contract/index.ts'
import { drawQuery, START } from '../../support/drawQuery.ts'
import { deep } from '../../support/propertyRuns.ts'

const seeds = Array.from({ length: deep ? 2_000 : 120 }, (_, i) => i + 1)
/** Depth that no book reaches: what is left does not grow faster than the book. */
const boundless = { depth: 10n ** 15n, vegaDepth: 10n ** 15n }
const VERSION = (1n << 32n) - 1n

function drawSmall(seed: number): MarketQuery {
  const query = drawQuery(seed)
  return { ...query, rule: { ...query.rule, ...boundless } }
}

function withChains(query: MarketQuery, of: (chain: HeldChain) => HeldChain): MarketQuery {
  return { ...query, chains: query.chains.map(of) }
}

function isVanilla({ ladder }: HeldChain): boolean {
  return ((ladder![2]! >> 96n) & 0xffn) === 0n
}

function widened(query: MarketQuery, tenths: bigint): MarketQuery {
  return { ...query, rule: { ...query.rule, range: (query.rule.range * tenths) / 10n } }
}

/** What IMargin promises of every answer; the contract has the bits of this (`test/contracts/margin/marketMargin.test.ts`). */
describe('marketRequirement', () => {
  it('asks for nothing below zero, and for the short-option minimum no more than for all', () => {
    for (const seed of seeds) {
      const { required, floor } = marketRequirement(drawQuery(seed))
      expect(floor, `seed ${seed}`).toBeGreaterThanOrEqual(0n)
      expect(required, `seed ${seed}`).toBeGreaterThanOrEqual(floor)
    }
  })

  it('gives the same figures in any order of chains', () => {
    for (const seed of seeds) {
      const query = drawQuery(seed)
      const totals = marketRequirement(query)
      const turned = query.chains.map((_, i) => query.chains[(i + 1) % query.chains.length]!)
      expect(marketRequirement({ ...query, chains: turned }), `seed ${seed}`).toEqual(totals)
      expect(marketRequirement({ ...query, chains: query.chains.toReversed() }), `seed ${seed}`).toEqual(totals)
    }
  })

  it('does not change when the same values are posted again, surface alone or ladder too', () => {
    for (const seed of seeds) {
      const first = withChains(drawQuery(seed), (chain) => ({
        ...chain,
        index: { ...chain.index, atmVol: chain.ladder![0]! >> 192n, version: 1n },
      }))
      const surface = withChains(first, (chain) => ({ ...chain, index: { ...chain.index, version: 2n } }))
      const ladder = withChains(surface, (chain) => ({
        ...chain,
        ladder: chain.ladder!.map((word, i) => (i === 1 ? word - (word & VERSION) + 2n : word)),
      }))
      const totals = marketRequirement(first)
      expect(marketRequirement(surface), `seed ${seed}, surface`).toEqual(totals)
      expect(marketRequirement(ladder), `seed ${seed}, ladder`).toEqual(totals)
    }
  })

  it('asks for twice as much of twice the book, but for what its size adds', () => {
    for (const seed of seeds) {
      const query = drawSmall(seed)
      const twice = withChains(query, (chain) => ({ ...chain, legs: chain.legs.map(({ leg, lots }) => ({ leg, lots: 2n * lots })) }))
      const [one, two] = [marketRequirement(query), marketRequirement({ ...twice, units: 2n * query.units })]
      expectNear(two, 2n * one.required, seed)
      expect(marketRequirement(drawShallow(query)).required, `seed ${seed}`).toBeGreaterThanOrEqual(one.required)
    }
  })

  it('asks for no less over a wider range, but for a peak of losses between two cells', () => {
    for (const seed of seeds) {
      const query = drawSmall(seed)
      const asked = marketRequirement(query).required
      const wide = marketRequirement(widened(query, 11n)).required
      expect(wide * 100n, `seed ${seed}`).toBeGreaterThanOrEqual(asked * 90n)
      // One short vanilla put loses ever more the lower the price: it has no such peak. Vols inside the anchors, since beyond the nodes only those are known.
      for (const chain of query.chains.filter(isVanilla).slice(0, 1)) {
        const held = { ...chain, index: { ...chain.index, version: 1n }, legs: [{ leg: 0, lots: -10_000n }] }
        const rule = { ...query.rule, volScanUp: 3_500n }
        const short = { ...query, time: BigInt(START), rule, units: 0n, chains: [held] }
        const asksMore = marketRequirement(widened(short, 11n)).required
        expect(asksMore, `seed ${seed}, one short put`).toBeGreaterThanOrEqual(marketRequirement(short).required)
      }
    }
  })
})

function drawShallow(query: MarketQuery): MarketQuery {
  return { ...query, rule: { ...query.rule, depth: 1_000n, vegaDepth: 10n } }
}

/** Within a millionth, and a few units of rounding. */
function expectNear({ required }: MarketTotals, wanted: bigint, seed: number): void {
  const gap = required > wanted ? required - wanted : wanted - required
  expect(gap, `seed ${seed}: ${required}, wanted ${wanted}`).toBeLessThanOrEqual(wanted / 1_000_000n + 100n)
}
