import type { Command } from 'commander'
import { decodeRule } from '../../chain/codec/index.ts'
import { withChainErrors } from '../../chain/errors/index.ts'
import { riskParametersAbi } from '../../chain/generated/index.ts'
import { encodeParamId, encodeScopeId } from '../../chain/ids/index.ts'
import { buildActivateRule } from '../../chain/write/index.ts'
import { addTimedActorOptions } from '../act/actorOptions.ts'
import { openActNode } from '../act/openActNode.ts'
import { advanceTo } from '../act/openActor.ts'
import { openParameter, type ParameterOptions } from '../act/openParameter.ts'
import { addParameterOptions } from '../act/parameterOptions.ts'
import { type PerformOptions, perform } from '../act/perform.ts'
import { ruleLines } from '../act/ruleLines.ts'
import { notFoundError } from '../kit/CliError.ts'
import { defineCommand } from '../kit/defineCommand.ts'
import type { Terminal } from '../kit/Terminal.ts'
import { isoTime } from '../kit/time.ts'
import { humanAndRaw } from '../kit/values.ts'

/** `ballast param activate`. */
export function activateVerb(terminal: Terminal): Command {
  return defineCommand(
    terminal,
    {
      name: 'activate',
      summary: 'bring a rule that the DAO set into force, once its delay has passed; anyone may',
      examples: [{ run: 'param activate priceScanRange --market ETH --send', what: 'after a question' }],
    },
    (command) => addTimedActorOptions(addParameterOptions(command)),
    async (args, options: PerformOptions & ParameterOptions, context) => {
      const node = await openActNode(options, context)
      const { scope, spec, live } = await openParameter(node, args[0], options)
      const address = node.deployment.contracts.riskParameters
      const { rule, value, eta } = await withChainErrors(
        () =>
          node.client.readContract({
            address,
            abi: riskParametersAbi,
            functionName: 'pendingRuleOf',
            args: [encodeScopeId(scope), encodeParamId(spec.id)],
          }),
        address,
      )
      if (eta === 0)
        throw notFoundError(`No rule of ${spec.id} of ${scope} waits.`, 'A vote that widens a rule makes one.', { scope, id: spec.id })
      if (options.advance === true && options.send === true) await advanceTo(eta, node, context)
      const moves = value === 0n ? [] : [`value: ${humanAndRaw(live.state.value, spec.unit)} → ${humanAndRaw(Number(value), spec.unit)}`]
      await perform(
        {
          name: 'activateRule',
          call: buildActivateRule(node.deployment, scope, spec.id),
          sentence: `Bring the waiting rule of ${spec.id} of ${scope} into force`,
          facts: { scope, id: spec.id, eta },
          changes: [...ruleLines(live.rule, decodeRule(rule), spec), ...moves],
          may: async () => `Anyone may from ${isoTime(eta)} on.`,
          done: `${spec.id} of ${scope}: rule in force`,
        },
        options,
        node,
        context,
      )
    },
  )
}
