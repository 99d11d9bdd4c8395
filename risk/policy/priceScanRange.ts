import { toParameterValue } from '../units.ts'
import { constantOf, type Policy, type PolicyContext, type Target, term } from './Policy.ts'

const THREE_YEARS_OF_HOURS = 26_280
/** One day in years, Actual/365, under the root. */
const DAY_IN_YEARS = 1 / 365

/**
 * R = max(core x k sigma + stress x q98, q25): k is the purged 99 % loss multiple, sigma the larger of the mix and a share of the 7-day implied vol,
 * q98 and q25 quantiles of k sigma over three years at today's k. Below 180 days of history the baseline.
 *
 * @see risk-policy part C, row priceScanRange; docs/decisions/0006-policy.md for the quantiles at today's k.
 */
export const priceScanRange: Policy = {
  id: 'margin.priceScanRange',
  constants: [
    'coreWeight',
    'stressWeight',
    'lossMultiplePrior',
    'lossMultipleFloor',
    'lossMultipleCeiling',
    'impliedVolShare',
    'minimumHours',
  ],
  compute: (context): Target => {
    const { bars } = context.signals
    const atm7d = context.signals.impliedVol?.atm7d ?? null
    if (bars.historyHours < constantOf(context, 'minimumHours'))
      return {
        target: context.live.rule.baseline,
        hold: null,
        terms: [term('historyHours', bars.historyHours, 'hours'), term('baseline', context.live.rule.baseline, 'bps')],
        flags: ['shortHistory'],
      }
    const multiple = lossMultipleOf(context)
    const implied = atm7d === null ? 0 : constantOf(context, 'impliedVolShare') * atm7d * Math.sqrt(DAY_IN_YEARS)
    const sigma = Math.max(bars.sigma24h, implied)
    const stress = multiple * bars.sigmaQ98
    const floor = multiple * bars.sigmaQ25
    const blend = constantOf(context, 'coreWeight') * multiple * sigma + constantOf(context, 'stressWeight') * stress
    return {
      target: toParameterValue(Math.max(blend, floor) * 10_000, 'up'),
      hold: null,
      terms: [
        term('sigma24h', bars.sigma24h, 'fraction of spot'),
        ...(atm7d === null ? [] : [term('impliedSigma24h', implied, 'fraction of spot')]),
        term('lossMultiple', multiple, 'sigmas'),
        term('core', multiple * sigma, 'fraction of spot'),
        term('stressQ98', stress, 'fraction of spot'),
        term('floorQ25', floor, 'fraction of spot'),
        term('blend', blend, 'fraction of spot'),
      ],
      flags: bars.historyHours < THREE_YEARS_OF_HOURS ? ['shortHistory'] : [],
    }
  },
}

/** The measured loss multiple inside its clamp, or the prior when the history is too short to measure one. */
export function lossMultipleOf(context: PolicyContext): number {
  const measured = context.signals.bars.lossMultiple ?? constantOf(context, 'lossMultiplePrior')
  return Math.min(constantOf(context, 'lossMultipleCeiling'), Math.max(constantOf(context, 'lossMultipleFloor'), measured))
}
