import { squareRootImpact } from '../liquidity/index.ts'
import { toParameterValue } from '../units.ts'
import { constantOf, type Policy, type Target, term, unavailable } from './Policy.ts'

/** 1 - (1 - 99 % 24 h fall)(1 - slippage at the position cap): slippage by the square root law from depth. @see risk-policy part C, row haircut. */
export const haircut: Policy = {
  id: 'collateral.haircut',
  constants: ['positionCapUsd'],
  compute: (context): Target => {
    const { bars, liquidity } = context.signals
    if (bars.fall24hQ99 === null) return unavailable('180 days of bars', ['shortHistory'])
    const spread = liquidity?.spreadQ90 ?? null
    const depth = liquidity?.depthQ10 ?? null
    if (spread === null) return unavailable('quotes')
    if (depth === null || depth <= 0) return unavailable('order books')
    const slippage = Math.min(1, spread / 2 + squareRootImpact(constantOf(context, 'positionCapUsd'), depth))
    const loss = 1 - (1 - bars.fall24hQ99) * (1 - slippage)
    return {
      target: toParameterValue(loss * 10_000, 'up'),
      hold: null,
      terms: [term('fall24hQ99', bars.fall24hQ99, 'fraction of spot'), term('slippage', slippage, 'fraction of spot')],
      flags: [],
    }
  },
}
