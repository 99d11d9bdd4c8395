import { decodeRule } from '../../chain/codec/index.ts'
import { riskParametersAbi } from '../../chain/generated/index.ts'
import { storeRoles } from '../../chain/ids/index.ts'
import { parameterEntity, roleEntity, ruleChangeEntity } from '../entities/index.ts'
import { defineHandlers } from './Handler.ts'
import { parameterName, scopeName } from './names.ts'

const noPendingRule = { pendingRule: null, pendingRuleValue: null, pendingRuleEta: null } as const

/** Rules in force and rules that wait. */
export const parameterRules = defineHandlers('store', riskParametersAbi, {
  RuleSet(args, event, { rows }) {
    const key = { scope: scopeName(args.scope), parameter: parameterName(args.id) }
    const rule = decodeRule(args.rule)
    const { link } = event
    const known = rows.last(parameterEntity, key)
    rows.insert(ruleChangeEntity, event, { ...key, link, kind: 'set', rule, value: null, eta: null, caller: args.caller })
    if (known === undefined) {
      rows.insert(parameterEntity, event, {
        ...key,
        value: null,
        writer: null,
        reason: null,
        round: null,
        changes: 0,
        changedAt: null,
        changedBlock: null,
        rule,
        ruleSince: event.time,
        ...noPendingRule,
        vetoedUntil: 0,
      })
      return
    }
    // Three acts set a rule: of the DAO, which cancels a waiting one by an event of its own; of the stewards, which leaves it waiting; and, by anyone,
    // the activation of the waiting one.
    const bySteward = rows.last(roleEntity, { roleHash: storeRoles.stewards, holder: args.caller, held: true }) !== undefined
    const activated = known.pendingRule !== null && !bySteward
    rows.update(parameterEntity, known.position, { rule, ruleSince: event.time, ...(activated && noPendingRule) })
  },
  RulePended(args, event, { rows }) {
    const key = { scope: scopeName(args.scope), parameter: parameterName(args.id) }
    const rule = decodeRule(args.rule)
    const value = Number(args.value)
    rows.insert(ruleChangeEntity, event, { ...key, link: event.link, kind: 'pended', rule, value, eta: args.eta, caller: null })
    const known = rows.last(parameterEntity, key)
    if (known !== undefined)
      rows.update(parameterEntity, known.position, { pendingRule: rule, pendingRuleValue: value, pendingRuleEta: args.eta })
  },
  RuleCancelled(args, event, { rows }) {
    const key = { scope: scopeName(args.scope), parameter: parameterName(args.id) }
    const { link } = event
    rows.insert(ruleChangeEntity, event, { ...key, link, kind: 'cancelled', rule: null, value: null, eta: null, caller: args.caller })
    const known = rows.last(parameterEntity, key)
    if (known !== undefined) rows.update(parameterEntity, known.position, noPendingRule)
  },
})
