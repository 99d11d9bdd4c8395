import type { Command } from 'commander'
import { encodeFunctionData } from 'viem'
import { withChainErrors } from '../../chain/errors/index.ts'
import { controllerMandateAbi, surfaceOracleAbi } from '../../chain/generated/index.ts'
import { mapConcurrently } from '../../chain/read/index.ts'
import { buildRevokeEpoch } from '../../chain/write/index.ts'
import { addActorOptions } from '../act/actorOptions.ts'
import { type ActNode, openActNode } from '../act/openActNode.ts'
import { activeScopes } from '../act/openParameter.ts'
import { type PerformOptions, perform } from '../act/perform.ts'
import { readAuthorities } from '../act/readAuthorities.ts'
import { guardianSentence } from '../act/whoMay.ts'
import { findClearing } from '../context/findClearing.ts'
import { CliError, usageError } from '../kit/CliError.ts'
import { type CommandContext, defineCommand } from '../kit/defineCommand.ts'
import type { Terminal } from '../kit/Terminal.ts'
import { looseningWords } from '../loosening/openLoosening.ts'
import { readLoosenings } from '../loosening/readLoosenings.ts'

type RevokeOptions = PerformOptions & { readonly surface?: true; readonly clearing?: string }

/** `ballast controller revoke`. */
export function revokeVerb(terminal: Terminal): Command {
  return defineCommand(
    terminal,
    {
      name: 'revoke',
      summary: 'guardian: void every engine key, signature and pending loosening of all lanes at once; or the signers of surfaces',
      details:
        'The next epoch has no engines until a vote appoints them: `ballast proposal draft change-engines`. Values stay as they are.',
      examples: [
        { run: 'controller revoke', what: 'what would be void; nothing is sent' },
        { run: 'controller revoke --send', what: 'after a question' },
        { run: 'controller revoke --surface --send', what: 'the signers of volatility surfaces instead' },
      ],
    },
    (command) =>
      addActorOptions(
        command
          .option('--surface', 'void the signers of volatility surfaces instead')
          .option('--clearing <file>', 'addresses of clearing; default <chain id>.clearing.json beside the deployment'),
      ),
    async (_args, options: RevokeOptions, context) => {
      const node = await openActNode(options, context)
      if (options.surface === true) {
        await revokeSurface(node, options, context)
        return
      }
      if (options.clearing !== undefined) throw usageError('--clearing goes with --surface.', 'Engines are the mandate’s; leave it out.')
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

/** Voids the keys that the value of every option rests on. */
async function revokeSurface(node: ActNode, options: RevokeOptions, context: CommandContext): Promise<void> {
  const clearing = findClearing(options, node.chainId, context)
  if (clearing === null)
    throw new CliError('notFound', `No clearing is known on chain ${node.chainId}.`, 'Name its file of addresses with --clearing.')
  const at = { address: clearing.contracts.surfaceOracle, abi: surfaceOracleAbi } as const
  const [epoch, [signers]] = await withChainErrors(() =>
    Promise.all([node.client.readContract({ ...at, functionName: 'epoch' }), node.client.readContract({ ...at, functionName: 'signers' })]),
  )
  await perform(
    {
      name: 'revokeSurfaceEpoch',
      call: { to: at.address, data: encodeFunctionData({ abi: surfaceOracleAbi, functionName: 'revokeEpoch' }) },
      sentence: `Revoke epoch ${epoch} of the surface`,
      facts: { epoch, signers },
      changes: [
        `epoch ${epoch} → ${epoch + 1} of the surface, without signers until a vote appoints them (\`ballast proposal draft surface-signers\`)`,
        ...signers.map((signer) => `signer ${signer} counts no more`),
        'no surface and no ladder is posted until then; trades go on while the last ones are fresh',
      ],
      may: async () => `The guardian or the DAO may. ${guardianSentence(await readAuthorities(node))}`,
      done: `epoch ${epoch} of the surface revoked`,
    },
    options,
    node,
    context,
  )
}
