import type { Command } from 'commander'
import { createChainReader } from '../../chain/read/index.ts'
import { buildExecuteLoosening } from '../../chain/write/index.ts'
import { addTimedActorOptions } from '../act/actorOptions.ts'
import { openActNode } from '../act/openActNode.ts'
import { advanceTo } from '../act/openActor.ts'
import type { ParameterOptions } from '../act/openParameter.ts'
import { addParameterOptions } from '../act/parameterOptions.ts'
import { type PerformOptions, perform } from '../act/perform.ts'
import { defineCommand } from '../kit/defineCommand.ts'
import type { Terminal } from '../kit/Terminal.ts'
import { humanAndRaw } from '../kit/values.ts'
import { looseningWords, openLoosening, stateWords } from './openLoosening.ts'

/** `ballast loosening execute`. */
export function executeVerb(terminal: Terminal): Command {
  return defineCommand(
    terminal,
    {
      name: 'execute',
      summary: 'execute a loosening whose veto window has passed, with its coupling group; anyone may',
      details: 'Engines do this by themselves. The contract judges it again; a lane that is not live or without a fresh round refuses.',
      examples: [{ run: 'loosening execute priceScanRange --market ETH --send', what: 'after a question' }],
    },
    (command) => addTimedActorOptions(addParameterOptions(command)),
    async (args, options: PerformOptions & ParameterOptions, context) => {
      const node = await openActNode(options, context)
      const { loosening, mates } = await openLoosening(node, args[0], options)
      const { scope, spec, pending, state } = loosening
      if (options.advance === true && options.send === true) await advanceTo(state === 'waits' ? pending.eta : null, node, context)
      await perform(
        {
          name: 'executeLoosening',
          call: buildExecuteLoosening(node.deployment, scope, spec.id),
          sentence: `Execute the loosening of ${looseningWords(loosening)}`,
          facts: { scope, id: spec.id, target: pending.target },
          changes: [loosening, ...mates].map(
            (each) => `${each.spec.id}: ${humanAndRaw(each.value, each.spec.unit)} → ${humanAndRaw(each.pending.target, each.spec.unit)}`,
          ),
          may: async () => {
            const { lane } = await createChainReader(node.client, node.deployment, node.catalogue).readScope(scope)
            return `The loosening ${stateWords(loosening)}; anyone may execute it while the lane is live, and this one is ${lane.mode}.`
          },
          done: `${looseningWords(loosening)} executed`,
        },
        options,
        node,
        context,
      )
    },
  )
}
