import { writeFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import type { Command } from 'commander'
import {
  type AdapterKind,
  buildSync,
  decodeSync,
  deployAdapter,
  encodeAdapter,
  readAdapter,
  simulateAdapter,
} from '../chain/adapters/index.ts'
import { WrongChainError } from '../chain/errors/index.ts'
import { sendCall } from '../chain/write/index.ts'
import { type AdapterRecord, readAdapterRecord } from './adapter/adapterRecord.ts'
import { outcomeText, readingDocuments, readingsText } from './adapter/adapterText.ts'
import { readAdapterSettings } from './adapter/parseAdapterSettings.ts'
import { openClient, openNode } from './context/openNode.ts'
import { confirm, type KeyOption, openSender } from './context/openSender.ts'
import { openWallet } from './context/openWallet.ts'
import { projectRoot } from './context/projectRoot.ts'
import { CliError, usageError } from './kit/CliError.ts'
import { type CommandContext, defineCommand, defineNoun } from './kit/defineCommand.ts'
import { addChainOptions, addSendOptions, type ChainOptions, type SendOptions } from './kit/options.ts'
import type { Terminal } from './kit/Terminal.ts'

/** `ballast adapter`: parameters for a protocol with names, units and a margin rule of its own. */
export function adapterNoun(terminal: Terminal): Command {
  return defineNoun('adapter', 'show and push parameters into another protocol', [
    deployVerb(terminal),
    showVerb(terminal),
    syncVerb(terminal),
  ])
}

const kinds: readonly AdapterKind[] = ['pull', 'mirror', 'push']
type Sending = ChainOptions & SendOptions & KeyOption
type DeployOptions = Sending & { readonly kind: string; readonly record: string }

function deployVerb(terminal: Terminal): Command {
  return defineCommand(
    terminal,
    {
      name: 'deploy',
      summary: 'make an adapter: the protocol reads (pull), is compared (mirror), or is written to (push)',
      details:
        'Units, rails, getters and coupling groups are checked by the contract itself; without --send its creation is simulated. ' +
        'The key comes from --keystore or BALLAST_PRIVATE_KEY; the sender gets no power over the adapter.',
      examples: [
        { run: 'adapter deploy adapter.json --kind mirror --record mirror.json', what: 'simulates it' },
        { run: 'adapter deploy adapter.json --kind push --record push.json --send', what: 'asks, then deploys and writes the record' },
      ],
    },
    (command) =>
      addSendOptions(
        addChainOptions(
          command
            .argument('<settings>', 'names, units, getters and setters of the protocol')
            .requiredOption('--kind <kind>', `kind of adapter: ${kinds.join(', ')}`)
            .requiredOption('--record <file>', 'file to write the address to')
            .option('--keystore <file>', "keystore file of the sender's key"),
        ),
      ),
    async (args, options: DeployOptions, context) => {
      const kind = kinds.find((known) => known === options.kind)
      if (kind === undefined) throw usageError(`--kind is ${JSON.stringify(options.kind)}; it must be one of ${kinds.join(', ')}.`)
      const { protocol, units, plan } = readAdapterSettings(args[0] ?? '', terminal.folder, kind)
      const node = await openNode(options, context)
      const sender = await openSender(options, context)
      const creation = encodeAdapter(plan, node.deployment.contracts.riskParameters, join(projectRoot, 'artifacts'))
      const sentence = `${kind} adapter of ${units.length} numbers for ${protocol}`
      if (options.send !== true) {
        await simulateAdapter(node.client, creation, sender.address)
        const shown = { schema: 'ballast.adapterPlan', version: 1, kind, protocol, numbers: units.map(({ key }) => key), sent: false }
        context.output.result(shown, () => `${sentence}: the simulation succeeds. Nothing was sent; add --send.`)
        return
      }
      await confirm(`Deploy a ${sentence} on chain ${node.chainId}?`, options.yes, context)
      const { adapter, gasUsed } = await deployAdapter(node.client, openWallet(node, sender), creation)
      const record: AdapterRecord = { schema: 'ballast.adapterRecord', version: 1, chainId: node.chainId, kind, protocol, adapter, units }
      const file = resolve(terminal.folder, options.record)
      await mkdir(dirname(file), { recursive: true })
      writeFileSync(file, `${JSON.stringify(record, null, 2)}\n`)
      context.output.result({ ...record, gasUsed: String(gasUsed) }, (colours) =>
        colours.good(`✓ ${sentence} at ${adapter}, ${gasUsed} gas. Written to ${options.record}.`),
      )
    },
  )
}

const recordArgument = 'what `adapter deploy` wrote'

function showVerb(terminal: Terminal): Command {
  return defineCommand(
    terminal,
    {
      name: 'show',
      summary: "show the numbers of an adapter beside the protocol's own",
      examples: [{ run: 'adapter show mirror.json', what: 'equal, tighter or looser, in the units of the protocol' }],
      kind: 'list',
    },
    (command) => addChainOptions(command.argument('<record>', recordArgument), 'noDeployment'),
    async (args, options: ChainOptions, context) => {
      const record = readAdapterRecord(args[0] ?? '', terminal.folder)
      const { client } = await openChainOf(record, options, context)
      const readings = await readAdapter(client, record.kind, record.adapter)
      const { kind, protocol, adapter } = record
      const documents = readingDocuments(readings, record)
      context.output.list({ schema: 'ballast.adapter', version: 1, kind, protocol, adapter, numbers: documents }, documents, (colours) =>
        readingsText(readings, record, colours),
      )
    },
  )
}

function syncVerb(terminal: Terminal): Command {
  return defineCommand(
    terminal,
    {
      name: 'sync',
      summary: 'push what differs into the protocol; anyone may',
      details:
        'Writes the live values and nothing else. Coupled numbers come into force together or not at all; exit code 7 when the protocol refused some. ' +
        'Without --send it shows what differs.',
      examples: [{ run: 'adapter sync push.json --send', what: 'asks, then sends' }],
    },
    (command) =>
      addSendOptions(
        addChainOptions(
          command.argument('<record>', recordArgument).option('--keystore <file>', "keystore file of the sender's key"),
          'noDeployment',
        ),
      ),
    async (args, options: Sending, context) => {
      const record = readAdapterRecord(args[0] ?? '', terminal.folder)
      const { kind, protocol, adapter } = record
      if (kind !== 'push') throw usageError(`${args[0]} is a ${kind} adapter; only a push adapter writes.`)
      const opened = await openChainOf(record, options, context)
      const { client, chainId } = opened
      const shown = { schema: 'ballast.adapterSync', version: 1, protocol, adapter }
      if (options.send !== true) {
        const readings = (await readAdapter(client, kind, adapter)).filter(({ relation }) => relation !== 'equal')
        context.output.result({ ...shown, sent: false, differing: readingDocuments(readings, record) }, (colours) =>
          readings.length === 0
            ? `${protocol} already has every number.`
            : `${readingsText(readings, record, colours)}\nNothing was sent; add --send.`,
        )
        return
      }
      const sender = await openSender(options, context)
      await confirm(`Push into ${protocol} on chain ${chainId}?`, options.yes, context)
      const receipt = await sendCall(client, openWallet(opened, sender), buildSync(adapter))
      const outcome = decodeSync(adapter, receipt)
      const pushed = outcome.pushed.map(({ key, previous, written }) => ({ key, previous: String(previous), written: String(written) }))
      context.output.result(
        {
          ...shown,
          sent: true,
          transaction: receipt.transactionHash,
          gasUsed: String(receipt.gasUsed),
          pushed,
          failed: [...outcome.failed],
        },
        (colours) => outcomeText(outcome, record, colours),
      )
      if (outcome.failed.length > 0) throw new CliError('checkFailed', `${protocol} refused ${outcome.failed.length} of its numbers.`)
    },
  )
}

async function openChainOf(
  { chainId }: AdapterRecord,
  options: ChainOptions,
  context: CommandContext,
): Promise<Awaited<ReturnType<typeof openClient>>> {
  const opened = await openClient(options, context)
  if (opened.chainId !== chainId) throw new WrongChainError({ got: opened.chainId, expected: chainId })
  return opened
}
