import { toParameterValue } from '../units.ts'
import { constantOf, type Policy, type Target, term, unavailable } from './Policy.ts'

/** u = core x 99.5 % quantile of 24 h relative rises of the 30-day vol + stress share x stress level. @see risk-policy B4 and part C. */
export const volScanUp: Policy = {
  id: 'margin.volScanUp',
  constants: ['coreWeight', 'stressWeight', 'stressLevel'],
  compute: (context): Target => {
    const rise = context.signals.impliedVol?.riseQ995
    if (rise === null || rise === undefined) return unavailable('30 days of implied volatility')
    const blend = constantOf(context, 'coreWeight') * rise + constantOf(context, 'stressWeight') * constantOf(context, 'stressLevel')
    return {
      target: toParameterValue(Math.max(0, blend) * 10_000, 'up'),
      hold: null,
      terms: [term('riseQ995', rise, 'fraction of vol'), term('blend', blend, 'fraction of vol')],
      flags: [],
    }
  },
}

/** d = factor x 99 % quantile of 24 h relative falls of the 30-day vol. @see risk-policy part C, row volScanDown. */
export const volScanDown: Policy = {
  id: 'margin.volScanDown',
  constants: ['factor'],
  compute: (context): Target => {
    const fall = context.signals.impliedVol?.fallQ99
    if (fall === null || fall === undefined) return unavailable('30 days of implied volatility')
    return {
      target: toParameterValue(constantOf(context, 'factor') * fall * 10_000, 'up'),
      hold: null,
      terms: [term('fallQ99', fall, 'fraction of vol')],
      flags: [],
    }
  },
}
