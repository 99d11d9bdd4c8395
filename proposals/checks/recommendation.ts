import { formatQuantity } from '../draft/formatQuantity.ts'
import { type Check, unitOf } from './Check.ts'

/** Farther from the engine's target than the live value is, and by more than this share of it: a reason is due. */
const FAR = 0.25

/** How far the proposed values are from what the engine computes; on the other side of it, or far away, is for the voter to weigh. */
export const recommendation: Check = {
  name: 'recommendation',
  title: "The distance from the engine's recommendation is named.",
  check: ({ risk, state }) => {
    if (risk.kind === 'missing') return { info: [], warnings: [], errors: ['There is no recommendation to compare with.'] }
    const info: string[] = []
    const warnings: string[] = []
    for (const { scope, id, before, proposed, target } of risk.distances) {
      const shown = (value: number): string => formatQuantity(value, unitOf(state, id))
      if (target === null) {
        info.push(`${scope} ${id}: the engine has no target, because an input is absent.`)
        continue
      }
      const words = `${scope} ${id}: the engine's target is ${shown(target)}; live ${shown(before)}, proposed ${shown(proposed)}`
      const away = Math.abs(proposed - target)
      if (away > Math.abs(before - target)) warnings.push(`${words}: it moves away from the target.`)
      else if (away > FAR * Math.max(1, target)) warnings.push(`${words}: it stays more than ${FAR * 100} % from the target.`)
      else info.push(`${words}.`)
    }
    return { info, warnings, errors: [] }
  },
}
