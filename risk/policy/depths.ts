import { toParameterValue } from '../units.ts'
import { type Policy, type Target, term, unavailable } from './Policy.ts'

/** 10 % quantile over 30 days of the USD that move the price by 1 %. Rounded down: less depth is tighter. @see risk-policy C, groups. */
export const marketDepth: Policy = {
  id: 'market.depth',
  constants: [],
  compute: ({ signals }): Target => {
    const depth = signals.liquidity?.depthQ10 ?? null
    if (depth === null) return unavailable('order books')
    return { target: toParameterValue(depth, 'down'), hold: null, terms: [term('depthQ10', depth, 'USD')], flags: [] }
  },
}

/** 10 % quantile over 30 days of the USD of vega that move implied vol by one point. Rounded down. */
export const vegaDepth: Policy = {
  id: 'market.vegaDepth',
  constants: [],
  compute: ({ signals }): Target => {
    const depth = signals.impliedVol?.vegaDepthQ10 ?? null
    if (depth === null) return unavailable('depth of option quotes')
    return { target: toParameterValue(depth, 'down'), hold: null, terms: [term('vegaDepthQ10', depth, 'USD')], flags: [] }
  },
}
