import { toParameterValue } from '../units.ts'
import { constantOf, type Policy, type Target, term, unavailable } from './Policy.ts'

/**
 * Age at which sqrt(age / 24 h) reaches the stated share, rounded up to the stated unit; twice that in congestion, which shows as gas above
 * its limit. @see risk-policy B10 and part C, row maxAge.
 */
export const maxAge: Policy = {
  id: 'oracle.maxAge',
  constants: ['rangeShare', 'roundTo', 'congestedGasShare', 'congestedFactor'],
  compute: (context): Target => {
    const { clearing } = context.signals
    const gasShare = clearing?.gasShare ?? null
    if (gasShare === null) return unavailable('gas')
    const share = constantOf(context, 'rangeShare')
    const unit = constantOf(context, 'roundTo')
    const age = Math.ceil((share * share * 86_400) / unit) * unit
    const congested = gasShare > constantOf(context, 'congestedGasShare')
    return {
      target: toParameterValue(congested ? age * constantOf(context, 'congestedFactor') : age, 'down'),
      hold: null,
      terms: [term('age', age, 'seconds'), term('gasShare', gasShare, 'fraction of notional')],
      flags: congested ? ['congested'] : [],
    }
  },
}
