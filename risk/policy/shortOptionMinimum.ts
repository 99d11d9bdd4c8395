import { toParameterValue } from '../units.ts'
import { constantOf, type Policy, type Target, term, unavailable } from './Policy.ts'

/** A share of this tick's price scan range target. @see risk-policy part C, row shortOptionMinimum. */
export const shortOptionMinimum: Policy = {
  id: 'margin.shortOptionMinimum',
  constants: ['rangeShare'],
  compute: (context): Target => {
    const range = context.targetOf('margin.priceScanRange')
    if (range === null) return unavailable('target of margin.priceScanRange')
    return {
      target: toParameterValue(constantOf(context, 'rangeShare') * range, 'up'),
      hold: null,
      terms: [term('priceScanRange', range, 'bps')],
      flags: [],
    }
  },
}
