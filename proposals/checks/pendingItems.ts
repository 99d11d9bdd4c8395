import { decodeParamId, decodeScopeId } from '../../chain/ids/index.ts'
import type { Hex } from '../../risk/types/index.ts'
import { type DecodedCall, flattenCalls } from '../decode/index.ts'
import { formatQuantity } from '../draft/formatQuantity.ts'
import { type Check, unitOf } from './Check.ts'

/** What the calls write, by key: `market:ETH/margin.priceScanRange`, `lane/market:ETH`, `engines`. */
export function writtenKeys(calls: readonly DecodedCall[]): ReadonlySet<string> {
  const keys = calls.flatMap(flattenCalls).flatMap(({ contract, functionName, args, faults }): string[] => {
    if (faults.length > 0 || contract === null) return []
    if (contract.endsWith('riskParameters') && ['setValues', 'setRules', 'activateScope'].includes(functionName ?? ''))
      return (args[1] as readonly Hex[]).map((id) => `${decodeScopeId(args[0] as Hex)}/${decodeParamId(id)}`)
    if (functionName === 'cancelRule') return [`${decodeScopeId(args[0] as Hex)}/${decodeParamId(args[1] as Hex)}`]
    if (['openLane', 'setSettings', 'resume', 'pause', 'tightenOnly'].includes(functionName ?? ''))
      return [`lane/${decodeScopeId(args[0] as Hex)}`]
    if (['setEngines', 'revokeEpoch'].includes(functionName ?? '')) return ['engines']
    if (functionName === 'appoint') return ['guardian']
    return contract === 'postConditions' ? [] : [`${contract}.${functionName}`]
  })
  return new Set(keys)
}

/** Nothing that waits collides: loosenings and rules that the proposal voids or meets, other proposals that write the same. */
export const pendingItems: Check = {
  name: 'pending-items',
  title: 'Nothing that waits collides with it.',
  check: ({ calls, state, others }) => {
    const keys = writtenKeys(calls)
    const warnings: string[] = []
    const errors: string[] = []
    for (const { scope, parameters } of state.scopes) {
      for (const { id, pending, pendingRule } of parameters) {
        if (!keys.has(`${scope}/${id}`) && !keys.has('engines')) continue
        const shown = (value: number): string => formatQuantity(value, unitOf(state, id))
        if (pending !== null)
          warnings.push(`${scope} ${id}: a loosening to ${shown(pending.target)} waits until ${iso(pending.eta)}; this proposal voids it.`)
        if (pendingRule !== null && keys.has(`${scope}/${id}`)) {
          const { floor, ceiling } = pendingRule.rule
          warnings.push(`${scope} ${id}: a rule with range ${shown(floor)} to ${shown(ceiling)} waits until ${iso(pendingRule.eta)}.`)
        }
      }
    }
    for (const other of others) {
      const same = [...writtenKeys(other.calls)].filter((key) => keys.has(key))
      if (same.length === 0) continue
      const words = `Proposal ${other.id} (${other.title}, ${other.state}) writes the same: ${same.slice(0, 5).join(', ')}`
      // What is queued will most likely be executed first, and then this proposal was written for another state.
      if (other.state === 'queued') errors.push(`${words}. Wait for it, or write this one for the state after it.`)
      else warnings.push(`${words}.`)
    }
    return { info: [`${others.length} other live proposals.`], warnings, errors }
  },
}

const iso = (time: number): string => new Date(time * 1000).toISOString().replace('.000Z', 'Z')
