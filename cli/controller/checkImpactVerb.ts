import type { Command } from 'commander'
import { buildCheckImpact } from '../../chain/write/index.ts'
import { addActorOptions } from '../act/actorOptions.ts'
import { openActNode } from '../act/openActNode.ts'
import { type PerformOptions, perform } from '../act/perform.ts'
import { defineCommand } from '../kit/defineCommand.ts'
import type { Terminal } from '../kit/Terminal.ts'
import { readLaneMode } from './readLaneMode.ts'
import { scopeOf } from './scopeOf.ts'

/** `ballast controller check-impact`. */
export function checkImpactVerb(terminal: Terminal): Command {
  return defineCommand(
    terminal,
    {
      name: 'check-impact',
      summary: 'let a lane only tighten when more was liquidated than its last round stated; anyone may',
      details:
        'Engines cannot prevent it: the contract compares the liquidation meter with the impact that the round was signed with. Afterwards the guardian undoes alone.',
      examples: [{ run: 'controller check-impact --scope market:ETH', what: 'simulates the call: what was realised, and the limit' }],
    },
    (command) => addActorOptions(command.requiredOption('--scope <scope>', 'scope, for example market:ETH')),
    async (_args, options: PerformOptions & { readonly scope: string }, context) => {
      const node = await openActNode(options, context)
      const scope = scopeOf(options)
      const mode = await readLaneMode(node, scope)
      await perform(
        {
          name: 'checkImpact',
          call: buildCheckImpact(node.deployment, scope),
          sentence: `Hold the realised liquidations of ${scope} against the stated impact`,
          facts: { scope },
          changes: [`lane of ${scope}: ${mode} → ${mode === 'paused' ? 'paused' : 'tightenOnly'}; the guardian may undo alone`],
          may: async () =>
            'Anyone may, while liquidations since the last round exceed its stated impact and the limit of the lane; amounts in USD with 18 decimals.',
          done: `${scope}: realised impact above the stated one`,
        },
        options,
        node,
        context,
      )
    },
  )
}
