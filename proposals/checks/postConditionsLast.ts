import { decodeFunctionData, encodeFunctionData } from 'viem'
import { postConditionsAbi, riskParametersAbi } from '../../chain/generated/index.ts'
import { encodeParamId, encodeScopeId } from '../../chain/ids/index.ts'
import type { Address, Hex, ScopeId } from '../../risk/types/index.ts'
import type { Check, CheckInput } from './Check.ts'

/** The last call reverts everything unless the state is what was stated: every value that is set is read back. */
export const postConditionsLast: Check = {
  name: 'post-conditions',
  title: 'The last call holds the proposal to what it states.',
  check: (input) => {
    const { calls, postConditions, draft, simulation } = input
    const at = calls.findIndex(({ target }) => target === postConditions.address)
    const missing = 'There are no post-conditions: a bad result would stand'
    if (at < 0)
      return {
        info: [],
        warnings: draft === null ? [`${missing}.`] : [],
        errors: draft === null ? [] : [`${missing}. Build the draft with this tool.`],
      }
    if (at !== calls.length - 1)
      return {
        info: [],
        warnings: [],
        errors: [`The post-conditions are call ${at + 1} of ${calls.length}; what comes after them is not held to anything.`],
      }
    const { args } = decodeFunctionData({ abi: postConditionsAbi, data: calls[at]?.data ?? '0x' })
    const unread = uncovered(input, args[0])
    return {
      info: [`${args[0].length} readings and the code of ${args[1].length} contracts.`],
      warnings: simulation.steps.some(({ step }) => step === 'deployConditions')
        ? ['The contract of post-conditions is not on this chain yet; `proposal submit` deploys it.']
        : [],
      errors: unread.map((path) => `${path} is set, and no post-condition reads it back.`),
    }
  },
}

type Readings = readonly { readonly target: Address; readonly data: Hex }[]

function uncovered({ simulation, deployment }: CheckInput, readings: Readings): string[] {
  const read = new Set(readings.map(({ target, data }) => `${target} ${data}`))
  const existing = new Set(simulation.before[0]?.state.scopes.map(({ scope }) => scope))
  return simulation.changes.flatMap(({ path }) => {
    const match = /^([a-z]+:[^/]+)\/([^/]+)\/value$/.exec(path)
    const scope = match?.[1] as ScopeId | undefined
    // A scope that is new is read back as a whole; a value that a rule moves follows from the rule.
    if (
      match === null ||
      scope === undefined ||
      !existing.has(scope) ||
      simulation.changes.some((each) => each.path.startsWith(`${scope}/${match[2]}/rule`))
    )
      return []
    const data = encodeFunctionData({
      abi: riskParametersAbi,
      functionName: 'valueOf',
      args: [encodeScopeId(scope), encodeParamId(match[2] ?? '')],
    })
    return read.has(`${deployment.contracts.riskParameters} ${data}`) ? [] : [path]
  })
}
