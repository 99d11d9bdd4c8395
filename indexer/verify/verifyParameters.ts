import { decodePending, decodeRule, decodeState } from '../../chain/codec/index.ts'
import { riskParametersAbi } from '../../chain/generated/index.ts'
import { encodeParamId, encodeScopeId } from '../../chain/ids/index.ts'
import { mapConcurrently, readEntries } from '../../chain/read/index.ts'
import type { ParamId, ScopeId } from '../../risk/types/index.ts'
import { createComparer } from './createComparer.ts'
import type { Comparison, VerifyContext } from './VerifyContext.ts'

/** Values, rules, waiting rules, waiting loosenings, vetoes and the whole history of every parameter that lives in an active scope. */
export async function verifyParameters({ client, deployment, content, block, time, signal }: VerifyContext): Promise<Comparison> {
  const { row, result } = createComparer()
  const at = { address: deployment.contracts.riskParameters, abi: riskParametersAbi, blockNumber: block } as const
  const mandateEpoch = content.engineSets.at(-1)?.epoch ?? 0
  for (const { scope } of content.scopes) {
    const active = await client.readContract({ ...at, functionName: 'isActive', args: [encodeScopeId(scope as ScopeId)] })
    row('scopes', scope, { active: true }, { active })
  }
  const specs = await client.readContract({ ...at, functionName: 'catalogue' })
  const kinds = content.scopes.map(({ scope }) => Number.parseInt(encodeScopeId(scope as ScopeId).slice(2, 4), 16))
  row(
    'parameters',
    'all',
    { count: content.parameters.length },
    {
      count: kinds.reduce((sum, kind) => sum + specs.filter(({ scopeKind }) => scopeKind === kind).length, 0),
    },
  )
  const changes = Map.groupBy(content.parameterChanges, ({ scope, parameter }) => `${scope} ${parameter}`)
  await mapConcurrently(
    content.parameters,
    async (parameter) => {
      signal.throwIfAborted()
      const name = `${parameter.scope} ${parameter.parameter}`
      const args = [encodeScopeId(parameter.scope as ScopeId), encodeParamId(parameter.parameter as ParamId)] as const
      const [stored, rule, waitingRule, waiting] = await Promise.all([
        client.readContract({ ...at, functionName: 'stateOf', args }),
        client.readContract({ ...at, functionName: 'ruleOf', args }),
        client.readContract({ ...at, functionName: 'pendingRuleOf', args }),
        client.readContract({ ...at, functionName: 'pendingOf', args }),
      ])
      const state = decodeState(stored)
      row('parameters', name, parameter, {
        value: state.value,
        changedAt: state.lastWriteAt,
        vetoedUntil: state.vetoedUntil,
        rule: decodeRule(rule),
        pendingRule: waitingRule.eta === 0 ? null : decodeRule(waitingRule.rule),
        pendingRuleValue: waitingRule.eta === 0 ? null : Number(waitingRule.value),
        pendingRuleEta: waitingRule.eta === 0 ? null : waitingRule.eta,
      })

      const pending = decodePending(waiting)
      const stands =
        pending !== null && pending.historyLength === state.historyLength && pending.epoch === mandateEpoch && time <= pending.expiry
      const open = content.loosenings.filter(
        (one) => one.status === 'pending' && one.scope === parameter.scope && one.parameter === parameter.parameter,
      )
      row('loosenings', name, { waiting: open.length }, { waiting: stands ? 1 : 0 })
      if (stands) {
        const { target, createdAt, eta, expiry, epoch, round } = pending
        row('loosenings', name, open[0], { target, createdAt, eta, expiry, epoch, round })
      }

      const entries = await readEntries(client, deployment, parameter.scope as ScopeId, parameter.parameter, block)
      const own = changes.get(name) ?? []
      // An imported parameter brought entries of its predecessor, of which the last is the import itself.
      const brought = own[0]?.reason === 'import' ? entries.length - own.length : 0
      row(
        'parameterChanges',
        name,
        { count: own.length, changes: parameter.changes },
        {
          count: entries.length - brought,
          changes: entries.length - brought,
        },
      )
      entries.slice(brought).forEach(({ value, time: at, writer, reason, round }, i) => {
        const change = own[i]
        const chain = change?.reason === 'import' ? { value } : { value, time: at, writer, reason, round }
        row('parameterChanges', `${name} ${i}`, change, chain)
      })
    },
    8,
  )
  return result()
}
