import { type MarginParameters, widenForStaleness } from '../margin/index.ts'
import type { EngineConfiguration, MarketSnapshot, ParamId, ScopeId } from '../types/index.ts'
import { marginParametersOf } from './marginParametersOf.ts'

/** Parameters of a market that margin reads: what a reading of a group has of every market but the snapshot's own. */
export const groupParameters: readonly ParamId[] = [
  'margin.betaResidual',
  'margin.deltaAddOn',
  'margin.gammaAddOn',
  'margin.initialMultiplier',
  'margin.initialRangeFloor',
  'margin.priceScanRange',
  'margin.shortOptionMinimum',
  'margin.tailWeight',
  'margin.vegaAddOn',
  'margin.volScanDown',
  'margin.volScanUp',
  'market.depth',
  'market.vegaDepth',
  'oracle.maxAge',
]

/**
 * Values of the snapshot's own scope under which accounts are judged. `inForce` is how the contracts judge now: maintenance by effective values, new risk by targets, wider while
 * a price is stale. `settled` is where that leads: every ramp has arrived, every price is fresh.
 */
export type ValueView = { readonly stage: 'inForce' | 'settled'; readonly values: ReadonlyMap<ParamId, number> }

/**
 * Margin parameters of an underlying. A snapshot of version 1 has one underlying and knows nothing of ramps and ages: its values are taken as they are.
 *
 * @throws {InvalidInputError} A parameter of the margin rule is neither on chain nor assumed.
 */
export function parametersIn(
  market: string,
  view: ValueView,
  snapshot: MarketSnapshot,
  configuration: Pick<EngineConfiguration, 'assumed'>,
): MarginParameters {
  const { group } = snapshot
  if (group === undefined) return marginParametersOf(view.values, configuration)
  const reading = group.markets.find((each) => each.market === market)
  const underlying = reading?.underlying ?? null
  const targets = readValues(market, underlying, view, snapshot, 'value')
  const settled = marginParametersOf(targets, configuration)
  if (view.stage === 'settled') return settled
  const inForce = marginParametersOf(readValues(market, underlying, view, snapshot, 'effective'), configuration)
  const { priceScanRange, volScanUp, volScanDown, shortOptionMinimum, tailWeight, haircut } = settled
  const both = { ...inForce, newRisk: { priceScanRange, volScanUp, volScanDown, shortOptionMinimum, tailWeight, haircut } }
  const maxAge = targets.get('oracle.maxAge')
  return reading === undefined || maxAge === undefined
    ? both
    : widenForStaleness(both, Math.max(0, snapshot.chain.time - reading.priceTime), maxAge)
}

/** Values of a market's scope and the haircut of its underlying, by id. What the view changes stands for targets; effective values follow it only without a ramp. */
function readValues(
  market: string,
  underlying: ScopeId | null,
  { values }: ValueView,
  { scope, chain, group }: MarketSnapshot,
  kind: 'value' | 'effective',
): ReadonlyMap<ParamId, number> {
  const read = new Map<ParamId, number>()
  const wanted = (from: ScopeId, id: ParamId): boolean =>
    from === `market:${market}` ? id !== 'collateral.haircut' : from === underlying && id === 'collateral.haircut'
  if (underlying === null) read.set('collateral.haircut', 0)
  for (const each of group?.values ?? []) if (wanted(each.scope, each.id)) read.set(each.id, each[kind])
  for (const { id, rule, state } of chain.parameters) {
    if (!wanted(scope, id)) continue
    const target = values.get(id) ?? state.value
    const isRamped = rule.rampPerHour > 0
    read.set(id, kind === 'value' ? target : isRamped ? state.effective : target)
  }
  return read
}
