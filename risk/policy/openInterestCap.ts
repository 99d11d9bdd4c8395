import { toParameterValue } from '../units.ts'
import { constantOf, type Policy, type Target, term, unavailable } from './Policy.ts'

/**
 * min(share x 10 % quantile of 24 h volume / worst daily fall of open interest, size at which Cover-2 equals the fund), in contracts of one unit. The worst fall is the
 * configured one or, where open interest is observed and fell further, that.
 * Without a clearing report the first term alone, flagged. Rounded down: a lower cap is tighter. @see risk-policy part C, row openInterestCap.
 */
export const openInterestCap: Policy = {
  id: 'market.openInterestCap',
  constants: ['volumeShare', 'worstDailyFall'],
  compute: (context): Target => {
    const { bars, clearing } = context.signals
    if (bars.volume24hQ10 === null || bars.volume24hQ10 <= 0) return unavailable('31 days of volume')
    const observedFall = context.signals.venue?.worstDailyFall ?? null
    const worstFall = Math.max(constantOf(context, 'worstDailyFall'), observedFall ?? 0)
    const byVolume = (constantOf(context, 'volumeShare') * bars.volume24hQ10) / worstFall
    const terms = [
      term('volume24hQ10', bars.volume24hQ10, 'contracts'),
      ...(observedFall === null ? [] : [term('observedDailyFall', observedFall, 'fraction of open interest')]),
      term('byVolume', byVolume, 'contracts'),
    ]
    const cover = clearing?.coverTwoUsd ?? null
    if (clearing === null || cover === null)
      return { target: toParameterValue(byVolume, 'down'), hold: null, terms, flags: ['missing:fund'] }
    // Nobody would fall short, so the fund bounds nothing.
    if (cover <= 0) return { target: toParameterValue(byVolume, 'down'), hold: null, terms, flags: [] }
    // Cover-2 grows with open interest, so the cap at which it equals the fund is the live one times fund over Cover-2.
    const byFund = (context.live.state.value * clearing.fundUsd) / cover
    return {
      target: toParameterValue(Math.min(byVolume, byFund), 'down'),
      hold: null,
      terms: [...terms, term('byFund', byFund, 'contracts')],
      flags: [],
    }
  },
}
