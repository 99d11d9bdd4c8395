import { encodeFunctionData } from 'viem'
import { riskParametersAbi } from '../../chain/generated/index.ts'
import { encodeParamId, encodeScopeId } from '../../chain/ids/index.ts'
import { classifyRuleChange, onlyRestrictsLoosening, ruleFields } from '../../risk/rules/index.ts'
import type { ParameterRule, ParameterSpec, ScopeId } from '../../risk/types/index.ts'
import { equalTo, type ReadingCondition } from '../conditions/index.ts'
import type { StoredParameter } from '../state/index.ts'
import type { BuildContext } from './BuildContext.ts'

/** Every changed field of a rule as a post-condition: in the rule in force where it takes effect at once, else in the rule that waits. Empty when nothing changes. */
export function expectedRuleReadings(
  { deployment }: BuildContext,
  scope: ScopeId,
  spec: ParameterSpec,
  stored: StoredParameter,
  rule: ParameterRule,
): ReadingCondition[] {
  const functionName = onlyRestrictsLoosening(stored.rule, rule, spec.direction) ? 'ruleOf' : 'pendingRuleOf'
  const data = encodeFunctionData({ abi: riskParametersAbi, functionName, args: [encodeScopeId(scope), encodeParamId(spec.id)] })
  return classifyRuleChange(stored.rule, rule, spec.direction).map(({ field, to }) =>
    equalTo(deployment.contracts.riskParameters, data, BigInt(to), BigInt(ruleFields.findIndex((each) => each.field === field))),
  )
}
