import type { Command } from 'commander'
import { buildGuardianStop } from '../../chain/write/index.ts'
import { addActorOptions } from '../act/actorOptions.ts'
import { openActNode } from '../act/openActNode.ts'
import { type PerformOptions, perform } from '../act/perform.ts'
import { readAuthorities } from '../act/readAuthorities.ts'
import { guardianSentence } from '../act/whoMay.ts'
import { defineCommand } from '../kit/defineCommand.ts'
import type { Terminal } from '../kit/Terminal.ts'
import { readLaneMode } from './readLaneMode.ts'
import { scopeOf } from './scopeOf.ts'

type PauseOptions = PerformOptions & { readonly scope: string; readonly tightenOnly?: true }

/** `ballast controller pause`. */
export function pauseVerb(terminal: Terminal): Command {
  return defineCommand(
    terminal,
    {
      name: 'pause',
      summary: 'guardian: stop a lane, or let it only tighten',
      details:
        'Only a vote opens the lane again. Stewards still tighten, and after a long silence anyone may walk values to a tighter baseline. ' +
        'Without --send the call is simulated and shown. The key comes from --keystore or BALLAST_PRIVATE_KEY.',
      examples: [
        { run: 'controller pause --scope market:ETH --rpc http://127.0.0.1:8545', what: 'simulates the call' },
        { run: 'controller pause --scope market:ETH --tighten-only --send', what: 'sends it, after a question' },
      ],
    },
    (command) =>
      addActorOptions(
        command
          .requiredOption('--scope <scope>', 'scope, for example market:ETH')
          .option('--tighten-only', 'stop loosening instead of everything'),
      ),
    async (_args, options: PauseOptions, context) => {
      const node = await openActNode(options, context)
      const scope = scopeOf(options)
      const mode = await readLaneMode(node, scope)
      const action = options.tightenOnly === true ? 'tightenOnly' : 'pause'
      const next = action === 'pause' ? 'paused' : 'tightenOnly'
      await perform(
        {
          name: action,
          call: buildGuardianStop(node.deployment, scope, action),
          sentence: action === 'pause' ? `Stop the lane of ${scope}` : `Let the lane of ${scope} only tighten`,
          facts: { scope },
          changes: [`lane of ${scope}: ${mode} → ${next}; only a vote opens it again`],
          may: async () => `The guardian or the DAO may, and the lane is ${mode}. ${guardianSentence(await readAuthorities(node))}`,
          done: `${scope}: ${next}`,
        },
        options,
        node,
        context,
      )
    },
  )
}
