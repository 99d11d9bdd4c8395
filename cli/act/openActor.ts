import { createWalletClient, defineChain, getAddress, http, isAddress, type LocalAccount, toHex } from 'viem'
import { withChainErrors } from '../../chain/errors/index.ts'
import { readBlock } from '../../chain/read/index.ts'
import type { Wallet } from '../../chain/write/index.ts'
import { readDelegates } from '../../proposals/lifecycle/index.ts'
import type { Address, UnixSeconds } from '../../risk/types/index.ts'
import { LOCAL, requestTimeoutOf } from '../context/openNode.ts'
import { type KeyOption, openTypedSigner } from '../context/openSender.ts'
import { openWallet } from '../context/openWallet.ts'
import { usageError } from '../kit/CliError.ts'
import type { CommandContext } from '../kit/defineCommand.ts'
import type { ActNode } from './openActNode.ts'

export type ActorOptions = KeyOption & { readonly from?: string; readonly advance?: true }

/** Who acts: from a key, or on a local chain from any account. */
export type Actor = { readonly address: Address; readonly wallet: Wallet; readonly account: LocalAccount | null }

/**
 * The account that acts: `--keystore` or the environment; on a local chain `--from` an address, or `delegate:1` for the one with the most votes.
 *
 * @throws {CliError} `--from` on another chain, or it names nobody.
 */
export async function openActor(options: ActorOptions, node: ActNode, context: CommandContext): Promise<Actor> {
  if (options.from === undefined) {
    const account = await openTypedSigner(options, context)
    return { address: account.address, wallet: openWallet(node, account), account }
  }
  requireLocal('--from', node)
  const address = await namedAccount(options.from, node)
  await withChainErrors(() => node.client.request({ method: 'hardhat_impersonateAccount' as never, params: [address] as never }))
  const chain = defineChain({
    id: node.chainId,
    name: 'local chain',
    nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
    rpcUrls: { default: { http: [node.url] } },
  })
  const transport = http(node.url, { retryCount: 0, timeout: requestTimeoutOf(node.chainId) })
  return { address, wallet: createWalletClient({ account: address, chain, transport }), account: null }
}

async function namedAccount(from: string, { client, deployment, token }: ActNode): Promise<Address> {
  if (isAddress(from, { strict: false })) return getAddress(from)
  const rank = /^delegate:([1-9]\d*)$/.exec(from)?.[1]
  if (rank === undefined)
    throw usageError(`--from is ${JSON.stringify(from)}; it must be an address, or delegate:1 for the one with the most votes.`)
  if (token === null) throw usageError(`--from is ${from}, but this DAO has no votes of its own.`, 'Give an address.')
  const delegates = await readDelegates(client, deployment, token)
  const found = delegates[Number(rank) - 1]
  if (found === undefined) throw usageError(`--from is ${from}, but only ${delegates.length} accounts have votes.`)
  return found.account
}

/**
 * Moves the clock of a local chain to the second at which a step is possible.
 *
 * @param time - Null when the step never will be, or is now.
 */
export async function advanceTo(time: UnixSeconds | null, node: ActNode, { output }: CommandContext): Promise<void> {
  requireLocal('--advance', node)
  const { time: now } = await readBlock(node.client)
  if (time === null || now >= time) return
  await withChainErrors(async () => {
    await node.client.request({ method: 'evm_setNextBlockTimestamp' as never, params: [toHex(time)] as never })
    await node.client.request({ method: 'evm_mine' as never, params: [] as never })
  })
  output.say(`The clock of the local chain moved to ${new Date(time * 1000).toISOString().replace('.000Z', 'Z')}.`)
}

function requireLocal(option: string, { chainId }: ActNode): void {
  if (chainId !== LOCAL) throw usageError(`${option} works on a local chain (id ${LOCAL}); this is chain ${chainId}.`)
}
