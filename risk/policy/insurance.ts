import { toParameterValue } from '../units.ts'
import { constantOf, type Policy, type Target, term, unavailable } from './Policy.ts'

/**
 * r0 (1 + slope x max(0, 1 - fund / target)), target = cover requirement x the cover target of this tick, the requirement itself while that has none.
 * @see risk-policy part C, row contributionRate; E1 for the requirement.
 */
export const contributionRate: Policy = {
  id: 'insurance.contributionRate',
  constants: ['baseRate', 'slope'],
  compute: (context): Target => {
    const { clearing } = context.signals
    if (clearing === null) return unavailable('clearing report')
    if (clearing.coverTwoUsd === null) return unavailable('a stress set of every market of the group')
    const target = (clearing.coverTwoUsd * (context.targetOf('insurance.coverTarget') ?? 10_000)) / 10_000
    const gap = target > 0 ? Math.max(0, 1 - clearing.fundUsd / target) : 0
    const rate = constantOf(context, 'baseRate') * (1 + constantOf(context, 'slope') * gap)
    return {
      target: toParameterValue(rate * 10_000, 'up'),
      hold: null,
      terms: [term('fund', clearing.fundUsd, 'USD'), term('target', target, 'USD'), term('gap', gap, 'fraction')],
      flags: [],
    }
  },
}

/** 1 + a yellow and a red supplement for breaches of the core forecast in the last 365 days. @see risk-policy A5 and part C, row coverTarget. */
export const coverTarget: Policy = {
  id: 'insurance.coverTarget',
  constants: ['greenBreaches', 'redBreaches', 'yellowSupplement', 'redSupplement', 'base'],
  compute: (context): Target => {
    const breaches = context.signals.bars.breaches365d
    if (breaches === null) return unavailable('180 days of bars', ['shortHistory'])
    const red = breaches >= constantOf(context, 'redBreaches')
    const yellow = !red && breaches > constantOf(context, 'greenBreaches')
    const cover =
      constantOf(context, 'base') + (red ? constantOf(context, 'redSupplement') : yellow ? constantOf(context, 'yellowSupplement') : 0)
    return { target: toParameterValue(cover * 10_000, 'up'), hold: null, terms: [term('breaches365d', breaches, 'days')], flags: [] }
  },
}
