import { type PricingModule, type PricingRegistry, pricingModuleOf, pricingRegistry } from '../../pricing/index.ts'
import type { Instrument, Usd } from '../../types/index.ts'
import { unitOf } from './exponents.ts'
import { farMultiples, nearRow, nodePrices } from './nodePrices.ts'
import type { LadderChain, LadderEntry, LadderHeader } from './types.ts'
import { unpackFar, unpackNodes } from './words.ts'

/** A posted value that no vol surface can give, seen from its neighbours in the same word. */
export type ChainFault = {
  readonly id: string
  readonly word: 'up' | 'down' | 'mark' | 'far'
  /** Lane of the word, or of the row of words. */
  readonly lane: number
  readonly got: Usd
  readonly least: Usd
  readonly most: Usd
}

/** Rounding of a value and of its neighbours, in units. */
const SLACK = 1.001

/**
 * Values of a chain that break no-arbitrage: outside payoff and price, not monotone, steeper than the forward, or not convex between their neighbours. What a
 * reader of a posted chain can tell without the surface; each value is held to the bounds that its instrument draws from the two beside it.
 *
 * @param instruments - Of the chain, in any order; an entry that none of them names is a fault in every lane of its words, with bounds of zero.
 */
export function chainFaults(
  { header, entries }: LadderChain,
  instruments: readonly Instrument[],
  registry: PricingRegistry = pricingRegistry,
): readonly ChainFault[] {
  const byId = new Map(instruments.map((instrument) => [instrument.id, instrument]))
  return entries.flatMap((entry) => {
    const instrument = byId.get(entry.id)
    const rows = rowsOf(header, entry)
    if (instrument === undefined)
      return rows.flatMap(({ word, values }) => values.map((got, lane) => ({ id: entry.id, word, lane, got, least: 0, most: 0 })))
    const module = pricingModuleOf(instrument, registry)
    return rows.flatMap((row) => rowFaults(row, header, entry, module, instrument))
  })
}

type Row = { readonly word: ChainFault['word']; readonly prices: readonly Usd[]; readonly values: readonly Usd[] }

function rowsOf({ base, grid }: LadderHeader, entry: LadderEntry): Row[] {
  const unit = unitOf(entry.exponent)
  const scaled = (values: readonly number[]): Usd[] => values.map((value) => value * unit)
  const prices = nodePrices(base, grid)
  return [
    { word: 'up', prices, values: scaled(unpackNodes(entry.up)) },
    { word: 'down', prices, values: scaled(unpackNodes(entry.down)) },
    { word: 'mark', prices: nodePrices(base, nearRow(grid)), values: scaled(unpackNodes([entry.mark])) },
    { word: 'far', prices: farMultiples.map((multiple) => multiple * base), values: scaled(unpackFar(entry.far)) },
  ]
}

function rowFaults(
  { word, prices, values }: Row,
  { forwardRatio }: LadderHeader,
  { id, exponent }: LadderEntry,
  module: PricingModule<Instrument>,
  instrument: Instrument,
): ChainFault[] {
  const slack = SLACK * unitOf(exponent)
  return values.flatMap((got, lane): ChainFault[] => {
    const beside = [lane - 1, lane + 1].filter((each) => each >= 0 && each < values.length)
    const known = beside.map((each) => ({ forward: prices[each]! * forwardRatio, value: values[each]! }))
    const spot = prices[lane]!
    const point = { spot, forward: spot * forwardRatio }
    // First by itself: neighbours that are wrong too must not excuse a value below its payoff.
    const outside = [module.bounds(instrument, point, []), module.bounds(instrument, point, known)].find(
      ({ least, most }) => got < least - slack || got > most + slack,
    )
    return outside === undefined ? [] : [{ id, word, lane, got, ...outside }]
  })
}
