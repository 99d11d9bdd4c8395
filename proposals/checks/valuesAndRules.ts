import { decodeRule } from '../../chain/codec/index.ts'
import { decodeParamId, decodeScopeId } from '../../chain/ids/index.ts'
import { ruleFaults } from '../../risk/rules/index.ts'
import type { Hex } from '../../risk/types/index.ts'
import { type DecodedCall, flattenCalls } from '../decode/index.ts'
import { formatQuantity } from '../draft/formatQuantity.ts'
import { findStored } from '../state/index.ts'
import { type Check, type CheckInput, unitOf } from './Check.ts'

type RuleStruct = Parameters<typeof decodeRule>[0]

/** Values lie inside the rule that is in force when they are written, rules inside their rails; ids and scopes exist. */
export const valuesAndRules: Check = {
  name: 'values-and-rules',
  title: 'Values lie inside their rules, rules inside their rails.',
  check: (input) => {
    const calls = input.calls
      .flatMap(flattenCalls)
      .filter(({ contract, faults }) => contract?.endsWith('riskParameters') === true && faults.length === 0)
    return { info: [], warnings: [], errors: calls.flatMap((call) => faultsOf(call, input)) }
  },
}

function faultsOf({ functionName, args }: DecodedCall, { state }: CheckInput): string[] {
  if (functionName !== 'setValues' && functionName !== 'setRules' && functionName !== 'activateScope') return []
  const scope = decodeScopeId(args[0] as Hex)
  const ids = (args[1] as readonly Hex[]).map(decodeParamId)
  const rules = functionName === 'setValues' ? null : (args[2] as readonly RuleStruct[]).map(decodeRule)
  const values = (functionName === 'setValues' ? args[2] : args[3]) as readonly bigint[]
  const isActive = state.scopes.some((each) => each.scope === scope)
  if (functionName === 'activateScope' && isActive) return [`${scope} is active already.`]
  if (functionName !== 'activateScope' && !isActive) return [`${scope} is not active.`]
  return ids.flatMap((id, i) => {
    const spec = state.catalogue.parameters.find((each) => each.id === id)
    if (spec === undefined) return [`${id} is no parameter of the catalogue ${state.catalogue.name}.`]
    const stored = findStored(state, scope, id)
    const shown = (value: number): string => formatQuantity(value, unitOf(state, id))
    const value = Number(values[i])
    const rule = rules?.[i]
    const faults =
      rule === undefined
        ? []
        : ruleFaults(spec, rule).map(({ name, value: got, limit }) => `${scope} ${id}: ${name} is ${got}; its rail is ${limit}.`)
    if (functionName === 'setValues') {
      if (stored === undefined) return [...faults, `${id} does not live in ${scope}.`]
      const { floor, ceiling } = stored.rule
      if (value < floor || value > ceiling)
        return [`${scope} ${id}: ${shown(value)} is outside the range in force, ${shown(floor)} to ${shown(ceiling)}.`]
      return value === stored.value
        ? [`${scope} ${id}: ${shown(value)} is the value already; the store refuses a write that changes nothing.`]
        : []
    }
    if (functionName === 'activateScope' && rule !== undefined && (value < rule.floor || value > rule.ceiling))
      return [
        ...faults,
        `${scope} ${id}: the first value ${shown(value)} is outside its range, ${shown(rule.floor)} to ${shown(rule.ceiling)}.`,
      ]
    return faults
  })
}
