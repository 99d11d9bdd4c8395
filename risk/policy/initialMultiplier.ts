import { toParameterValue } from '../units.ts'
import { type Policy, type Target, term, unavailable } from './Policy.ts'

/** Ratio of the 99 % losses over 48 h and over 24 h. @see risk-policy part C, row initialMultiplier. */
export const initialMultiplier: Policy = {
  id: 'margin.initialMultiplier',
  constants: [],
  compute: (context): Target => {
    const { loss24hQ99, loss48hQ99 } = context.signals.bars
    if (loss24hQ99 === null || loss48hQ99 === null || loss24hQ99 <= 0) return unavailable('180 days of bars', ['shortHistory'])
    return {
      target: toParameterValue((loss48hQ99 / loss24hQ99) * 10_000, 'up'),
      hold: null,
      terms: [term('loss48hQ99', loss48hQ99, 'fraction of spot'), term('loss24hQ99', loss24hQ99, 'fraction of spot')],
      flags: [],
    }
  },
}
