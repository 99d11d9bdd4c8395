import type { ParameterValue } from '../types/index.ts'
import { toParameterValue } from '../units.ts'
import { constantOf, type Policy, type Target, term, unavailable } from './Policy.ts'

/** Gas + half spread + slice impact + 95 % of a 10-minute move; does not rise while much open interest is in auction. @see risk-policy part C. */
export const liquidationFee: Policy = {
  id: 'liquidation.fee',
  constants: ['auctionedShareLimit'],
  compute: (context): Target => {
    const { clearing, liquidity, tenMinuteMoveQ95 } = context.signals
    if (clearing === null) return unavailable('clearing report')
    const spread = liquidity?.spreadQ90 ?? null
    if (spread === null) return unavailable('quotes')
    if (tenMinuteMoveQ95 === null) return unavailable('10-minute moves')
    const { gasShare, sliceImpact } = clearing
    if (gasShare === null || sliceImpact === null) return unavailable('gas and impact of liquidations')
    const cost = gasShare + spread / 2 + sliceImpact + tenMinuteMoveQ95
    const target = toParameterValue(cost * 10_000, 'up')
    const terms = [
      term('gasShare', gasShare, 'fraction of notional'),
      term('halfSpreadQ90', spread / 2, 'fraction of notional'),
      term('sliceImpact', sliceImpact, 'fraction of notional'),
      term('tenMinuteMoveQ95', tenMinuteMoveQ95, 'fraction of spot'),
    ]
    const frozen = clearing.auctionedShare > constantOf(context, 'auctionedShareLimit') && target > context.live.state.value
    return frozen ? { target: null, hold: 'governance', terms, flags: ['auctionsOpen'] } : { target, hold: null, terms, flags: [] }
  },
}

/** Down a step while lots sell in the first half of the curve and none waits; up two while any waits too long. @see risk-policy part C. */
export const liquidatorShare: Policy = {
  id: 'liquidation.liquidatorShare',
  constants: ['fillLimit', 'unsoldMinutesLimit', 'stepDown', 'stepUp'],
  compute: (context): Target => {
    const { clearing } = context.signals
    if (clearing === null) return unavailable('clearing report')
    const { medianFill, longestUnsoldMinutes } = clearing
    if (medianFill === null || longestUnsoldMinutes === null) return unavailable('fills of auctions')
    const { value } = context.live.state
    const waits = longestUnsoldMinutes > constantOf(context, 'unsoldMinutesLimit')
    const easy = !waits && medianFill < constantOf(context, 'fillLimit')
    const target = waits ? value + constantOf(context, 'stepUp') : easy ? value - constantOf(context, 'stepDown') : value
    return {
      target: Math.min(10_000, Math.max(0, target)) as ParameterValue,
      hold: null,
      terms: [term('medianFill', medianFill, 'fraction of curve'), term('longestUnsold', longestUnsoldMinutes, 'minutes')],
      flags: [],
    }
  },
}

/** 95 % quantile of (change of margin + 1 h loss) over margin. @see risk-policy part C, row liquidation.buffer. */
export const liquidationBuffer: Policy = {
  id: 'liquidation.buffer',
  constants: [],
  compute: ({ signals }): Target => {
    if (signals.clearing === null) return unavailable('clearing report')
    const move = signals.clearing.marginMoveQ95
    if (move === null) return unavailable('moves of margin')
    return {
      target: toParameterValue(move * 10_000, 'up'),
      hold: null,
      terms: [term('marginMoveQ95', move, 'fraction of margin')],
      flags: [],
    }
  },
}
