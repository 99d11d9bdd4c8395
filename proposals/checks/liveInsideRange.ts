import { decodeRule } from '../../chain/codec/index.ts'
import { decodeParamId, decodeScopeId } from '../../chain/ids/index.ts'
import type { Hex } from '../../risk/types/index.ts'
import { flattenCalls } from '../decode/index.ts'
import { formatQuantity } from '../draft/formatQuantity.ts'
import { findStored } from '../state/index.ts'
import { type Check, unitOf } from './Check.ts'

type RuleStruct = Parameters<typeof decodeRule>[0]

/** A new range holds the value that is live, or the proposal moves the value to the nearest bound in the same call. */
export const liveInsideRange: Check = {
  name: 'live-inside-range',
  title: 'Every new range holds the live value.',
  check: ({ calls, state }) => {
    const changed = calls
      .flatMap(flattenCalls)
      .filter(({ functionName, contract, faults }) => functionName === 'setRules' && contract === 'riskParameters' && faults.length === 0)
      .flatMap(({ args }) =>
        (args[1] as readonly Hex[]).map((word, i) => ({
          scope: decodeScopeId(args[0] as Hex),
          id: decodeParamId(word),
          rule: decodeRule((args[2] as readonly RuleStruct[])[i] as RuleStruct),
          carried: Number((args[3] as readonly bigint[])[i]),
        })),
      )
    const errors: string[] = []
    const warnings: string[] = []
    for (const { scope, id, rule, carried } of changed) {
      const live = findStored(state, scope, id)?.value
      if (live === undefined) continue
      const shown = (value: number): string => formatQuantity(value, unitOf(state, id))
      const nearest = Math.min(Math.max(live, rule.floor), rule.ceiling)
      const range = `${shown(rule.floor)} to ${shown(rule.ceiling)}`
      if (nearest === live && carried !== 0)
        errors.push(
          `${scope} ${id}: the live value ${shown(live)} lies inside ${range}; the call moves it to ${shown(carried)} all the same.`,
        )
      else if (nearest !== live && carried !== nearest)
        errors.push(
          `${scope} ${id}: the live value ${shown(live)} lies outside ${range}, and the call does not carry the nearest bound ${shown(nearest)}.`,
        )
      else if (nearest !== live)
        warnings.push(
          `${scope} ${id}: the live value ${shown(live)} moves to ${shown(nearest)}, because the new range ${range} excludes it.`,
        )
    }
    return { info: changed.length === 0 ? [] : [`${changed.length} rules compared with the live values.`], warnings, errors }
  },
}
