import type { ParameterRule } from '../../risk/types/index.ts'
import { flattenClearing } from '../clearing/index.ts'
import type { ProtocolState } from './ProtocolState.ts'

/**
 * A state as words by path, so that two of them can be compared: `market:ETH/margin.priceScanRange/value` is `2600`. Integers as stored. What moves by time alone
 * (an effective value on its ramp, used budgets, the instant at which a rule comes into force) is not part of it.
 */
export function flattenState(state: ProtocolState): ReadonlyMap<string, string> {
  const flat = new Map<string, string>()
  const put = (path: string, value: string | number | bigint): void => {
    flat.set(path, String(value))
  }
  const putRule = (at: string, rule: ParameterRule): void => {
    for (const [field, value] of Object.entries(rule)) put(`${at}.${field}`, value)
  }
  for (const { scope, parameters } of state.scopes) {
    for (const { id, value, rule, pending, pendingRule } of parameters) {
      const at = `${scope}/${id}`
      put(`${at}/value`, value)
      putRule(`${at}/rule`, rule)
      if (pending !== null) put(`${at}/pending`, pending.target)
      if (pendingRule === null) continue
      putRule(`${at}/pendingRule`, pendingRule.rule)
      put(`${at}/pendingRule.value`, pendingRule.value)
    }
  }
  for (const { scope, mode, settings, meter } of state.lanes) {
    put(`lane/${scope}/mode`, mode)
    for (const [field, value] of Object.entries(settings)) put(`lane/${scope}/${field}`, value)
    put(`lane/${scope}/meter`, meter)
  }
  put('mandate/epoch', state.mandate.epoch)
  put('mandate/threshold', state.mandate.threshold)
  put('mandate/engines', state.mandate.engines.join(', ') || 'none')
  put('guardian/account', state.guardian.account)
  put('guardian/until', state.guardian.until)
  for (const { contract, role, account } of state.roles) put(`role/${contract}/${role}/${account}`, 'held')
  for (const [field, value] of Object.entries(state.governor ?? {})) if (value !== null) put(`governor/${field}`, value)
  if (state.timelockDelay !== null) put('timelock/minDelay', state.timelockDelay)
  for (const { account, asset, amount } of state.balances) put(`balance/${account}/${asset}`, amount)
  for (const [path, word] of state.clearing === null ? [] : flattenClearing(state.clearing)) put(path, word)
  return flat
}
