import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createHardhatRuntimeEnvironment } from 'hardhat/hre'
import { createPublicClient, createWalletClient, custom, defineChain, type PublicClient } from 'viem'
import { RpcUnavailableError } from '../../chain/errors/index.ts'
import { freezeClock } from '../../chain/local/freezeClock.ts'
import type { Wallet } from '../../chain/write/index.ts'
import type { Address, UnixSeconds } from '../../risk/types/index.ts'

/** A copy of a chain inside this process, at one block. State is fetched from the node when it is first read. */
export type Fork = {
  readonly client: PublicClient
  readonly request: (method: string, params: readonly unknown[]) => Promise<unknown>
  /** A wallet for any account, without its key. */
  readonly actAs: (account: Address) => Promise<Wallet>
  readonly time: () => Promise<UnixSeconds>
  /** Mines a block at `time`; none when the chain is there already. */
  readonly goTo: (time: UnixSeconds) => Promise<void>
  readonly close: () => Promise<void>
}

const ACCOUNT_WEI = '0x56bc75e2d63100000'

/**
 * Copies a chain at `block` into a local EVM. Nothing is sent to the node; its answers are kept in a folder that ends with the copy, because two local chains may
 * share port, id and block number.
 *
 * @param url - JSON-RPC over HTTP of a node that has the state of `block`.
 * @param copyId - Chain id of the copy: another one than `chainId` makes what is signed there worthless on the chain itself.
 * @throws {RpcUnavailableError} It has not.
 */
export async function openFork(url: string, chainId: number, block: bigint, copyId = chainId): Promise<Fork> {
  const cache = mkdtempSync(join(tmpdir(), 'ballast-fork-'))
  const environment = await createHardhatRuntimeEnvironment({
    paths: { cache },
    // Without a history the copy refuses to execute at the pinned block. Contracts are compiled for Cancun; every later rule set runs them.
    chainDescriptors: Object.fromEntries(
      [chainId, copyId].map((id) => [
        id,
        { name: 'copied chain', chainType: 'l1' as const, hardforkHistory: { osaka: { blockNumber: 0 } } },
      ]),
    ),
  })
  const connection = await environment.network
    .create({
      network: 'default',
      chainType: 'l1',
      override: {
        chainId: copyId,
        allowBlocksWithSameTimestamp: true,
        forking: { url, blockNumber: block },
        mining: { auto: true, interval: 0 },
        accounts: [],
      },
    })
    .catch((cause: unknown) => {
      rmSync(cache, { recursive: true, force: true })
      throw new RpcUnavailableError({ method: 'the state', detail: `block ${block} cannot be copied from ${new URL(url).host}` }, { cause })
    })
  const request = freezeClock((method, params) => connection.provider.request({ method, params: [...params] }))
  const chain = defineChain({
    id: copyId,
    name: 'copy',
    nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
    rpcUrls: { default: { http: [url] } },
  })
  const transport = custom(
    { request: ({ method, params }: { method: string; params?: unknown }) => request(method, (params ?? []) as unknown[]) },
    { retryCount: 0 },
  )
  const client = createPublicClient({ chain, transport, pollingInterval: 10, cacheTime: 0 })
  const time = async (): Promise<UnixSeconds> => Number((await client.getBlock({ blockTag: 'latest' })).timestamp)
  return {
    client,
    request,
    time,
    actAs: async (account) => {
      await request('hardhat_impersonateAccount', [account])
      await request('hardhat_setBalance', [account, ACCOUNT_WEI])
      return createWalletClient({ account, chain, transport, cacheTime: 0 })
    },
    goTo: async (next) => {
      if ((await time()) >= next) return
      await request('evm_setNextBlockTimestamp', [next])
      await request('evm_mine', [])
    },
    close: async () => {
      await connection.close()
      rmSync(cache, { recursive: true, force: true })
    },
  }
}
