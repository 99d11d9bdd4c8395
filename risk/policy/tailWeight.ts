import { toParameterValue } from '../units.ts'
import { type Policy, type Target, term, unavailable } from './Policy.ts'

/** w = ES99 / (2 VaR99) of 24 h losses. @see risk-policy part C, row tailWeight. */
export const tailWeight: Policy = {
  id: 'margin.tailWeight',
  constants: [],
  compute: (context): Target => {
    const { loss24hEs99, loss24hQ99 } = context.signals.bars
    if (loss24hEs99 === null || loss24hQ99 === null || loss24hQ99 <= 0) return unavailable('180 days of bars', ['shortHistory'])
    return {
      target: toParameterValue((loss24hEs99 / (2 * loss24hQ99)) * 10_000, 'up'),
      hold: null,
      terms: [term('loss24hEs99', loss24hEs99, 'fraction of spot'), term('loss24hQ99', loss24hQ99, 'fraction of spot')],
      flags: [],
    }
  },
}
