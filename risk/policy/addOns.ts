import type { ParamId } from '../types/index.ts'
import { toParameterValue } from '../units.ts'
import { constantOf, type Policy, type Target, term, unavailable } from './Policy.ts'

/**
 * Half the quoted spread (90 % quantile of 30 days) and the mean impact of a trade as large as the depth, which by the definition of depth
 * moves the price by 1 % at its end. Delta and gamma hedges trade the same instrument. @see risk-policy B8 and part C.
 */
function hedgeAddOn(id: ParamId): Policy {
  return {
    id,
    constants: ['impactAtDepth'],
    compute: (context): Target => {
      const spread = context.signals.liquidity?.spreadQ90 ?? null
      if (spread === null) return unavailable('quotes')
      const impact = constantOf(context, 'impactAtDepth')
      return {
        target: toParameterValue((spread / 2 + impact) * 10_000, 'up'),
        hold: null,
        terms: [term('halfSpreadQ90', spread / 2, 'fraction of spot'), term('impactAtDepth', impact, 'fraction of spot')],
        flags: [],
      }
    },
  }
}

export const deltaAddOn = hedgeAddOn('margin.deltaAddOn')
export const gammaAddOn = hedgeAddOn('margin.gammaAddOn')

/** A multiple of half the at-the-money vol spread, in hundredths of a vol point. @see risk-policy part C, row vegaAddOn. */
export const vegaAddOn: Policy = {
  id: 'margin.vegaAddOn',
  constants: ['factor'],
  compute: (context): Target => {
    const halfSpread = context.signals.impliedVol?.halfSpreadQ90 ?? null
    if (halfSpread === null) return unavailable('option quotes')
    return {
      target: toParameterValue(constantOf(context, 'factor') * halfSpread * 10_000, 'up'),
      hold: null,
      terms: [term('halfSpreadQ90', halfSpread, 'vol')],
      flags: [],
    }
  },
}
