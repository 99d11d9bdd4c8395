import { mkdirSync, writeFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import type { Command } from 'commander'
import { getAddress, isAddress, numberToHex, parseEther } from 'viem'
import { serveJsonRpc } from '../../chain/local/index.ts'
import { readBlock } from '../../chain/read/index.ts'
import { openFork } from '../../proposals/simulate/index.ts'
import type { Address, Deployment } from '../../risk/types/index.ts'
import { openNode } from '../context/openNode.ts'
import { usageError } from '../kit/CliError.ts'
import { defineCommand } from '../kit/defineCommand.ts'
import { addBlockOption, addChainOptions, type BlockOption, type ChainOptions, parseWholeNumber } from '../kit/options.ts'
import type { Terminal } from '../kit/Terminal.ts'

type Options = ChainOptions & BlockOption & { readonly port: number; readonly to: string; readonly fund: readonly Address[] }

/** The copy is a local chain: its node signs for anybody, its clock can be moved, and nothing signed for it is good on the chain it was copied from. */
const COPY_ID = 31_337
const FUNDS = parseEther('100')

/** `ballast deploy fork`: a chain to rehearse on. */
export function forkVerb(terminal: Terminal): Command {
  return defineCommand<Options>(
    terminal,
    {
      name: 'fork',
      summary: 'serve a copy of the chain on this machine, to rehearse an upgrade on it, until it is stopped',
      details: `The copy starts after a block with all contracts, accounts and votes, and has the chain id ${COPY_ID}: on it --from and --advance work, and what is signed there is worth nothing elsewhere. State is fetched from --rpc when it is first read; nothing is sent there.`,
      examples: [
        {
          run: 'deploy fork --rpc $RPC_URL --to var/rehearsal --fund 0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf',
          what: 'writes var/rehearsal/deployment.json',
        },
      ],
      lasting: true,
    },
    (command) =>
      addBlockOption(
        addChainOptions(
          command
            .requiredOption('--to <folder>', 'where the addresses of the contracts are written, with the id of the copy')
            .option('--port <number>', 'port of the JSON-RPC server on loopback, 0 for any', parseWholeNumber('--port'), 8_546)
            .option(
              '--fund <address>',
              'an account that gets 100 ether on the copy; may be repeated',
              collectAddress,
              [] as readonly Address[],
            ),
        ),
      ),
    async (_args, options, context) => {
      const { client, url, chainId, deployment } = await openNode(options, context)
      const { number } = await readBlock(client, options.block)
      const fork = await openFork(url, chainId, number, COPY_ID)
      try {
        for (const account of options.fund) await fork.request('hardhat_setBalance', [account, numberToHex(FUNDS)])
        const server = await serveJsonRpc(fork.request, options.port)
        try {
          const folder = resolve(terminal.folder, options.to)
          const file = join(folder, 'deployment.json')
          mkdirSync(folder, { recursive: true })
          writeFileSync(file, `${JSON.stringify({ ...deployment, chainId: COPY_ID } satisfies Deployment, null, 2)}\n`)
          context.output.say(
            `Copy of chain ${chainId} after block ${number} as chain ${COPY_ID}: ${server.url}. Addresses: ${relative(terminal.folder, file)}. Ctrl-C stops it.`,
          )
          await untilAborted(context.signal)
        } finally {
          await server.close()
        }
      } finally {
        await fork.close()
      }
      context.output.result({ schema: 'ballast.forkStopped', version: 1, chainId: COPY_ID, block: number }, () => 'Copy stopped.')
    },
  )
}

function collectAddress(text: string, all: readonly Address[]): readonly Address[] {
  if (!isAddress(text, { strict: false })) throw usageError(`--fund is ${JSON.stringify(text)}; it must be an address.`)
  return [...all, getAddress(text)]
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolved) => {
    if (signal.aborted) resolved()
    signal.addEventListener('abort', () => resolved(), { once: true })
  })
}
