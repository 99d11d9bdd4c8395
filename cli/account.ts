import { resolve } from 'node:path'
import type { Command } from 'commander'
import { formatAccountId, parseAccountId } from '../chain/clearing/index.ts'
import { openMonitorStore } from '../controller/monitor/openMonitorStore.ts'
import { sidesOf } from '../controller/monitor/sidesOf.ts'
import { accountDocument } from './account/accountDocument.ts'
import { accountsText, accountText } from './account/accountText.ts'
import { type AccountState, readStates } from './account/readStates.ts'
import { type ClearingOptions, openClearing } from './context/openClearing.ts'
import { notFoundError } from './kit/CliError.ts'
import { type CommandContext, defineCommand, defineNoun } from './kit/defineCommand.ts'
import type { Document } from './kit/json.ts'
import { addChainOptions } from './kit/options.ts'
import type { Terminal } from './kit/Terminal.ts'

type Options = ClearingOptions & { readonly store?: string }

/** `ballast account`: margin accounts on chain. */
export function accountNoun(terminal: Terminal): Command {
  return defineNoun('account', 'margin accounts on chain: what they hold, need, and how near they are to liquidation', [
    listVerb(terminal),
    showVerb(terminal),
  ])
}

function listVerb(terminal: Terminal): Command {
  return defineCommand(
    terminal,
    {
      name: 'list',
      summary: 'every account, the one nearest to liquidation first',
      details:
        'Accounts come from the events of the ledger, margin from the contract at the same block. With --store what was read is kept, and the next call reads on from there.',
      examples: [{ run: 'account list --rpc http://127.0.0.1:8545 --store var/monitor.sqlite', what: 'equity, maintenance, auctions' }],
      kind: 'list',
    },
    addOptions,
    async (_args, options: Options, context) => {
      const { block, states, instruments } = await read(options, context)
      const records = states.map(accountDocument)
      const document = { schema: 'ballast.accounts', version: 1, block, accounts: records, instruments } as unknown as Document
      context.output.list(document, records, (colours) => accountsText(states, block, colours))
    },
  )
}

function showVerb(terminal: Terminal): Command {
  return defineCommand(
    terminal,
    {
      name: 'show',
      summary: 'one account in full',
      examples: [
        {
          run: 'account show 0x000000000000000000000000000000000000dEaD/0 --rpc http://127.0.0.1:8545',
          what: 'positions, margin, binding cell',
        },
      ],
    },
    (command) => addOptions(command.argument('<account>', 'owner, or owner/sub-account')),
    async ([name = ''], options: Options, context) => {
      const account = parseAccountId(name)
      const { block, states } = await read(options, context)
      const state = states.find(({ held }) => held.account === account)
      if (state === undefined) throw notFoundError(`There is no account ${formatAccountId(account)} that holds anything at block ${block}.`)
      context.output.result({ schema: 'ballast.account', version: 1, block, account: accountDocument(state) }, (colours) =>
        accountText(state, block, colours),
      )
    },
  )
}

function addOptions(command: Command): Command {
  return addChainOptions(
    command
      .option('--clearing <file>', 'addresses of clearing; default deployments/<chain id>.clearing.json')
      .option('--store <file>', 'keep what was read in this file'),
    'noDeployment',
  )
}

async function read(options: Options, context: CommandContext) {
  const { client, deployment } = await openClearing(options, context)
  const store = openMonitorStore(options.store === undefined ? ':memory:' : resolve(context.terminal.folder, options.store))
  try {
    const { block, states } = await readStates(client, deployment, store, context.signal)
    const instruments = sidesOf(store.accounts())
    return { block, states: [...states].sort((a, b) => nearness(a) - nearness(b)), instruments }
  } finally {
    store.close()
  }
}

/** Equity over maintenance; those who need nothing come last. */
function nearness({ assessment: { equity, maintenance } }: AccountState): number {
  return maintenance === 0n ? Number.POSITIVE_INFINITY : Number(equity) / Number(maintenance)
}
