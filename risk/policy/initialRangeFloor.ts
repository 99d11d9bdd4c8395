import { toParameterValue } from '../units.ts'
import { constantOf, type Policy, type Target, term, unavailable } from './Policy.ts'
import { lossMultipleOf } from './priceScanRange.ts'

const TWO_YEARS_OF_HOURS = 17_520

/**
 * 90 % quantile over two years of the price scan range, moved at most monthly. At today's k the range is a rising function of sigma, so the quantile
 * of the range is the range at the quantile of sigma.
 *
 * @see risk-policy part C, row initialRangeFloor.
 */
export const initialRangeFloor: Policy = {
  id: 'margin.initialRangeFloor',
  constants: [
    'coreWeight',
    'stressWeight',
    'lossMultiplePrior',
    'lossMultipleFloor',
    'lossMultipleCeiling',
    'minimumHours',
    'daysBetweenMoves',
  ],
  compute: (context): Target => {
    const { bars } = context.signals
    if (bars.historyHours < constantOf(context, 'minimumHours')) return unavailable('180 days of bars', ['shortHistory'])
    const multiple = lossMultipleOf(context)
    const blend = multiple * (constantOf(context, 'coreWeight') * bars.sigmaQ90 + constantOf(context, 'stressWeight') * bars.sigmaQ98)
    const target = toParameterValue(Math.max(blend, multiple * bars.sigmaQ25) * 10_000, 'up')
    const terms = [
      term('lossMultiple', multiple, 'sigmas'),
      term('sigmaQ90', bars.sigmaQ90, 'fraction of spot'),
      term('rangeQ90', blend, 'fraction of spot'),
    ]
    const flags = bars.historyHours < TWO_YEARS_OF_HOURS ? ['shortHistory'] : []
    const wait = constantOf(context, 'daysBetweenMoves') * 86_400
    if (context.time < context.live.state.lastWriteAt + wait) return { target: null, hold: 'cooldown', terms, flags: [...flags, 'monthly'] }
    return { target, hold: null, terms, flags }
  },
}
