import { join } from 'node:path'
import type { Command } from 'commander'
import { clearingContracts } from '../../chain/clearing/index.ts'
import { applyClearing, defaultClearingSettings } from '../../chain/deploy/index.ts'
import { openNode } from '../context/openNode.ts'
import { confirm, type KeyOption, openSender } from '../context/openSender.ts'
import { projectRoot } from '../context/projectRoot.ts'
import { defineCommand } from '../kit/defineCommand.ts'
import { addChainOptions, addSendOptions, type ChainOptions, parseWholeNumber, type SendOptions } from '../kit/options.ts'
import type { Terminal } from '../kit/Terminal.ts'
import { formatTable } from '../kit/table.ts'

type Options = ChainOptions & SendOptions & KeyOption & { readonly confirmations: number }

/** `ballast deploy clearing`: oracles, margin, clearing, liquidation and insurance on top of a protocol. */
export function clearingVerb(terminal: Terminal): Command {
  return defineCommand<Options>(
    terminal,
    {
      name: 'clearing',
      summary: 'deploy oracles, margin, clearing, liquidation and insurance on top of the protocol, or continue',
      details:
        'Without --send it shows what would be deployed. Every step is journalled in deployments/, so that a second call continues. Afterwards nobody but the owner of the protocol can list a market, ' +
        'a feed or a group, and nobody can add a module to the ledger. The key comes from --keystore or from BALLAST_PRIVATE_KEY.',
      examples: [
        { run: 'deploy clearing --rpc http://127.0.0.1:8545', what: 'the contracts, nothing is sent' },
        { run: 'deploy clearing --rpc http://127.0.0.1:8545 --send', what: 'asks, then deploys and wires' },
      ],
    },
    (command) =>
      addSendOptions(
        addChainOptions(
          command
            .option('--keystore <file>', 'keystore file of the deployer')
            .option('--confirmations <number>', 'blocks to wait for after each transaction', parseWholeNumber('--confirmations', 1), 1),
        ),
      ),
    async (_args, options, context) => {
      const { client, chainId, deployment: protocol } = await openNode(options, context)
      const plan = { schema: 'ballast.clearingPlan', version: 1, chainId, riskParameters: protocol.contracts.riskParameters }
      if (options.send !== true) {
        context.output.result(
          { ...plan, contracts: clearingContracts, sent: false },
          () =>
            `On chain ${chainId}, for the parameters at ${protocol.contracts.riskParameters}: ${clearingContracts.join(', ')}.\nNothing was sent. Add --send to deploy.`,
        )
        return
      }
      const deployer = await openSender(options, context)
      await confirm(`Deploy clearing on chain ${chainId} from ${deployer.address}?`, options.yes, context)
      const applied = await applyClearing({
        client,
        deployer,
        protocol,
        settings: defaultClearingSettings,
        artifacts: join(projectRoot, 'artifacts'),
        folder: join(projectRoot, 'deployments'),
        confirmations: options.confirmations,
      })
      context.output.result({ ...plan, ...applied, schema: 'ballast.clearingApplied', sent: true }, (colours) =>
        [
          colours.good(`✓ clearing deployed and wired on chain ${chainId}`),
          formatTable(
            [{ title: 'contract' }, { title: 'address' }],
            Object.entries(applied.contracts).map(([name, address]) => [name, address]),
            colours.dim,
          ),
          `Written to deployments/${chainId}.clearing.json.`,
        ].join('\n'),
      )
    },
  )
}
