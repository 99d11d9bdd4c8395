import { createHardhatRuntimeEnvironment } from 'hardhat/hre'
import {
  type Chain,
  createPublicClient,
  createWalletClient,
  custom,
  defineChain,
  type LocalAccount,
  type PublicClient,
  type Transport,
  type WalletClient,
} from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { OutOfRangeError } from '../../risk/errors/index.ts'
import type { Hex, UnixSeconds } from '../../risk/types/index.ts'
import { freezeClock } from './freezeClock.ts'
import { type JsonRpcServer, serveJsonRpc } from './serveJsonRpc.ts'

export type LocalChainOptions = {
  /** Time of the genesis block. */
  readonly initialTime: UnixSeconds
  readonly chainId?: number
  /** `auto` mines a block per transaction; `manual` waits for {LocalChain.mine}. */
  readonly mining?: 'auto' | 'manual'
  /** Serve JSON-RPC over HTTP on this port, 0 for any free one; absent for a chain inside this process only. */
  readonly port?: number
  /** Accounts with ether, made fresh when absent. */
  readonly privateKeys?: readonly Hex[]
}

export type LocalChain = {
  readonly chain: Chain
  readonly client: PublicClient
  /** Signs with a key it holds; the first of {LocalChainOptions.privateKeys} when none is named. */
  readonly wallet: (account?: LocalAccount) => WalletClient<Transport, Chain, LocalAccount>
  readonly privateKeys: readonly Hex[]
  /** Address of the JSON-RPC server, null without one. */
  readonly url: string | null
  readonly request: (method: string, params: readonly unknown[]) => Promise<unknown>
  /** Time of the latest block. */
  readonly time: () => Promise<UnixSeconds>
  /** The next block, mined by whoever, has this time; it must not lie before the latest. */
  readonly setNextTime: (time: UnixSeconds) => Promise<void>
  /** Mines one block, at `time` when given, else in the same second as the latest. Moving time this way lets reads see it, too. */
  readonly mine: (time?: UnixSeconds) => Promise<void>
  readonly snapshot: () => Promise<Hex>
  readonly revert: (snapshot: Hex) => Promise<void>
  /** Gives an address ether. Wei. */
  readonly fund: (address: Hex, wei: bigint) => Promise<void>
  readonly close: () => Promise<void>
}

// The chain traces every step of every call. Its allocator gives those pages back after each, unless told not to before it is loaded: the kernel would clear them again for the next one,
// which is half of its time.
process.env['MIMALLOC_PURGE_DELAY'] ??= '-1'

const ACCOUNT_WEI = 10_000n * 10n ** 18n

/**
 * A complete EVM chain inside this process. Its clock stands still until it is moved, so that what happens on it does not depend on how fast the
 * machine is; blocks may share a second.
 *
 * @throws {OutOfRangeError} `initialTime` is not a whole number of seconds.
 */
export async function startLocalChain(options: LocalChainOptions): Promise<LocalChain> {
  assertTime(options.initialTime)
  const chainId = options.chainId ?? 31_337
  const privateKeys = options.privateKeys ?? Array.from({ length: 3 }, generatePrivateKey)
  const environment = await createHardhatRuntimeEnvironment({})
  const connection = await environment.network.create({
    network: 'default',
    chainType: 'l1',
    override: {
      chainId,
      initialDate: new Date(options.initialTime * 1000),
      allowBlocksWithSameTimestamp: true,

      mining: { auto: (options.mining ?? 'auto') === 'auto', interval: 0 },
      accounts: privateKeys.map((privateKey) => ({
        privateKey,
        balance: ACCOUNT_WEI,
      })),
    },
  })
  const request = freezeClock((method, params) => connection.provider.request({ method, params: [...params] }))

  let server: JsonRpcServer | null = null
  if (options.port !== undefined) server = await serveJsonRpc(request, options.port)
  const chain = defineChain({
    id: chainId,
    name: 'Ballast local chain',
    nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
    rpcUrls: { default: { http: server === null ? [] : [server.url] } },
  })
  const transport = custom(
    {
      request: ({ method, params }: { method: string; params?: unknown }) => request(method, (params ?? []) as unknown[]),
    },
    { retryCount: 0 },
  )
  const client = createPublicClient({
    chain,
    transport,
    pollingInterval: 20,
    cacheTime: 0,
  })

  const time = async (): Promise<UnixSeconds> => Number((await client.getBlock({ blockTag: 'latest' })).timestamp)
  const setNextTime = async (next: UnixSeconds): Promise<void> => {
    assertTime(next)
    await request('evm_setNextBlockTimestamp', [next])
  }
  return {
    chain,
    client,
    wallet: (account = privateKeyToAccount(privateKeys[0] as Hex)) => createWalletClient({ account, chain, transport, cacheTime: 0 }),
    privateKeys,
    url: server?.url ?? null,
    request,
    time,
    setNextTime,
    mine: async (next) => {
      if (next !== undefined) await setNextTime(next)
      await request('evm_mine', [])
    },
    snapshot: async () => (await request('evm_snapshot', [])) as Hex,
    revert: async (snapshot) => {
      await request('evm_revert', [snapshot])
    },
    fund: async (address, wei) => {
      await request('hardhat_setBalance', [address, `0x${wei.toString(16)}`])
    },
    close: async () => {
      await server?.close()
      await connection.close()
    },
  }
}

function assertTime(time: number): void {
  if (!Number.isSafeInteger(time) || time < 0)
    throw new OutOfRangeError({
      quantity: 'chain time in seconds',
      got: time,
      floor: 0,
      ceiling: 2 ** 48 - 1,
    })
}
