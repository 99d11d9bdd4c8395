import type { Command } from 'commander'
import { withChainErrors } from '../../chain/errors/index.ts'
import { controllerMandateAbi } from '../../chain/generated/index.ts'
import { mapConcurrently } from '../../chain/read/index.ts'
import { buildRevokeEpoch } from '../../chain/write/index.ts'
import { addActorOptions } from '../act/actorOptions.ts'
import { openActNode } from '../act/openActNode.ts'
import { activeScopes } from '../act/openParameter.ts'
import { type PerformOptions, perform } from '../act/perform.ts'
import { readAuthorities } from '../act/readAuthorities.ts'
import { guardianSentence } from '../act/whoMay.ts'
import { defineCommand } from '../kit/defineCommand.ts'
import type { Terminal } from '../kit/Terminal.ts'
import { looseningWords } from '../loosening/openLoosening.ts'
import { readLoosenings } from '../loosening/readLoosenings.ts'

/** `ballast controller revoke`. */
export function revokeVerb(terminal: Terminal): Command {
  return defineCommand(
    terminal,
    {
      name: 'revoke',
      summary: 'guardian: void every engine key, signature and pending loosening of all lanes at once',
      details:
        'The next epoch has no engines until a vote appoints them: `ballast proposal draft change-engines`. Values stay as they are.',
      examples: [
        { run: 'controller revoke', what: 'what would be void; nothing is sent' },
        { run: 'controller revoke --send', what: 'after a question' },
      ],
    },
    addActorOptions,
    async (_args, options: PerformOptions, context) => {
      const node = await openActNode(options, context)
      const at = { address: node.deployment.contracts.controllerMandate, abi: controllerMandateAbi } as const
      const [epoch, [engines]] = await withChainErrors(() =>
        Promise.all([
          node.client.readContract({ ...at, functionName: 'epoch' }),
          node.client.readContract({ ...at, functionName: 'engines' }),
        ]),
      )
      const scopes = await activeScopes(node)
      const waiting = (await mapConcurrently(scopes, (scope) => readLoosenings(node, scope))).flat()
      const voided = waiting.filter(({ state }) => state === 'waits' || state === 'due')
      await perform(
        {
          name: 'revokeEpoch',
          call: buildRevokeEpoch(node.deployment),
          sentence: `Revoke epoch ${epoch}`,
          facts: { epoch, engines, voided: voided.map(({ scope, spec }) => ({ scope, id: spec.id })) },
          changes: [
            `epoch ${epoch} → ${epoch + 1}, without engines until a vote appoints them`,
            ...engines.map((engine) => `engine ${engine} counts no more`),
            ...voided.map((each) => `void: the loosening of ${looseningWords(each)}`),
          ],
          may: async () => `The guardian or the DAO may. ${guardianSentence(await readAuthorities(node))}`,
          done: `epoch ${epoch} revoked`,
        },
        options,
        node,
        context,
      )
    },
  )
}
