import { concatHex, encodeFunctionData, keccak256, type LocalAccount, stringToHex, toHex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { ballastTokenAbi, chainsAbi, priceFeedAbi, surfaceOracleAbi, vaultAbi } from '../../chain/generated/index.ts'
import { encodeScopeId } from '../../chain/ids/index.ts'
import { domainOf, encodeSurface, surfaceDigest } from '../../chain/typed-data/index.ts'
import { toWadUsd } from '../../risk/liquidation/index.ts'
import { type ContractGrid, gridFor, type ListedChain, ladderWords, postListedChain } from '../../risk/margin/ladder/index.ts'
import type { Hex, ScopeId, UnixSeconds, Usd, Vol } from '../../risk/types/index.ts'
import type { LocalSend } from './createLocalSend.ts'
import { type LocalMarkets, writeAnswers } from './deployLocalMarkets.ts'
import type { ClearingChain, ClearingChainOptions, LocalMarket } from './openClearingChain.ts'

const YEAR = 365 * 86_400
const VALIDITY = 12 * 3_600
const WAD = 10n ** 18n
const GAS_MONEY = 10n ** 20n
/** Seconds before the time of a price at which it is written, so that the median of the last minute exists. */
const OBSERVATIONS = [40, 20, 0] as const
/** A chain that expires within this has no ladder any more. */
const LAST_LADDER = 3_600

/** Keys of this process from names: worth nothing outside the local chain. */
export const surfaceSigners: readonly LocalAccount[] = ['surface signer one', 'surface signer two']
  .map((name) => privateKeyToAccount(keccak256(stringToHex(name))))
  .sort((a, b) => (BigInt(a.address) < BigInt(b.address) ? -1 : 1))

export type DriveOptions = Pick<ClearingChain, 'protocol' | 'clearing'> & {
  readonly local: ClearingChainOptions['local']
  readonly send: LocalSend
  /** Holds the cash, writes prices, posts surfaces and ladders, and lists chains. */
  readonly desk: LocalAccount
  readonly group: ScopeId
  readonly assets: LocalMarkets
}

/** A chain on which the DAO has listed markets, with feeds, surfaces and ladders in the desk's hand. */
export function driveClearing({ local, send, desk, protocol, clearing, group, assets }: DriveOptions): ClearingChain {
  const { contracts } = clearing
  const { client } = local
  const listed = new Map<string, readonly ListedChain[]>()
  const versions = new Map<string, number>()
  const grids = new Map<string, readonly ContractGrid[]>()
  const chains = { address: contracts.chains, abi: chainsAbi } as const
  const domain = domainOf('surfaceOracle', protocol.chainId, contracts.surfaceOracle)
  const numberOf = (name: string) => client.readContract({ ...chains, functionName: 'numberOf', args: [scopeOf(name)] })

  const writePrices = async (time: UnixSeconds, spots: ReadonlyMap<string, Usd>): Promise<void> => {
    for (const before of OBSERVATIONS) {
      const at = time - before
      if (at <= (await local.time())) continue
      await local.mine(at)
      for (const [name, spot] of spots) {
        await writeAnswers(send, desk, assets.sources.get(name) ?? [], spot)
        await send(desk, {
          to: contracts.priceFeed,
          data: encodeFunctionData({ abi: priceFeedAbi, functionName: 'poke', args: [scopeOf(name)] }),
        })
      }
    }
  }
  const listChains = async ({ name, chains: wanted }: LocalMarket): Promise<void> => {
    const number = await numberOf(name)
    const known = [...(listed.get(name) ?? [])]
    for (const { expiry, tick, multiples } of wanted) {
      const list = { abi: chainsAbi, functionName: 'listChain', args: [number, expiry, 0, tick, multiples] } as const
      await send(desk, { to: contracts.chains, data: encodeFunctionData(list) })
      known.push({ chain: await client.readContract({ ...chains, functionName: 'chainCount' }), expiry, kind: 'vanilla', tick, multiples })
    }
    listed.set(name, known)
  }
  const gridsOf = async (name: string): Promise<readonly ContractGrid[]> => {
    const known = grids.get(name)
    if (known !== undefined) return known
    const found = await client.readContract({ ...chains, functionName: 'gridsOf', args: [await numberOf(name)] })
    const read = found.map(({ shape, lowest, ratio }) => ({ ...shape, nodes: shape.nodes as ContractGrid['nodes'], lowest, ratio }))
    grids.set(name, read)
    return read
  }
  /** Values a chain from the surface on chain and posts it with proof. */
  const postLadder = async (name: string, chain: ListedChain): Promise<void> => {
    const [slice, [volScanUp, volScanDown], known] = await Promise.all([
      client.readContract({
        address: contracts.surfaceOracle,
        abi: surfaceOracleAbi,
        functionName: 'sliceOf',
        args: [scopeOf(name), chain.expiry],
      }),
      numberOf(name).then((number) => client.readContract({ ...chains, functionName: 'anchorsOf', args: [number] })),
      gridsOf(name),
    ])
    const grid = gridFor(known, chain.expiry - slice.asOf)
    const anchors = { volScanUp, volScanDown }
    const words = ladderWords(postListedChain(chain, slice, grid, anchors), chain, slice, grid, anchors)
    const data = concatHex(words.map((word) => toHex(word, { size: 32 })))
    const args = [chain.chain, data, BigInt(chain.multiples.length)] as const
    await send(desk, { to: contracts.chains, data: encodeFunctionData({ abi: chainsAbi, functionName: 'postAndProve', args }) })
  }
  const postMarket = async (name: string, spot: Usd, vol: Vol): Promise<void> => {
    const version = (versions.get(name) ?? 0) + 1
    versions.set(name, version)
    const asOf = await local.time()
    const open = (listed.get(name) ?? []).filter(({ expiry }) => expiry > asOf + LAST_LADDER)
    const slices = open.map(({ expiry }) => flatSlice(expiry, asOf, vol))
    const surface = { market: `market:${name}`, epoch: 1, version, asOf, validUntil: asOf + VALIDITY, spot: wad(spot), slices } as const
    const hash = surfaceDigest(surface, domain)
    const signatures = await Promise.all(
      surfaceSigners.map(async (signer) => ({ signer: signer.address, data: (await signer.sign?.({ hash })) ?? ('0x' as Hex) })),
    )
    const post = { abi: surfaceOracleAbi, functionName: 'post', args: [encodeSurface(surface), signatures] } as const
    await send(desk, { to: contracts.surfaceOracle, data: encodeFunctionData(post) })
    for (const chain of open) await postLadder(name, chain)
  }
  return {
    protocol,
    clearing,
    cashToken: assets.cashToken,
    listed,
    transact: send,
    send: async (from, to, data) => {
      await send(from, { to, data })
    },
    writePrices,
    listChains,
    postMarket,
    deposit: async (holder, account, usd) => {
      await local.fund(holder.address, GAS_MONEY)
      const [amount, { cashToken }] = [wad(usd), assets]
      const token = { abi: ballastTokenAbi } as const
      await send(desk, {
        to: cashToken,
        data: encodeFunctionData({ ...token, functionName: 'transfer', args: [holder.address, amount] }),
      })
      await send(holder, {
        to: cashToken,
        data: encodeFunctionData({ ...token, functionName: 'approve', args: [contracts.vault, amount] }),
      })
      const args = [account, encodeScopeId(group), cashToken, amount] as const
      await send(holder, { to: contracts.vault, data: encodeFunctionData({ abi: vaultAbi, functionName: 'deposit', args }) })
    },
    raiseFund: async (usd) => {
      const amount = wad(usd)
      if (amount === 0n) return
      const approve = { abi: ballastTokenAbi, functionName: 'approve', args: [contracts.vault, amount] } as const
      await send(desk, { to: assets.cashToken, data: encodeFunctionData(approve) })
      const raise = { abi: vaultAbi, functionName: 'raiseFund', args: [encodeScopeId(group), amount] } as const
      await send(desk, { to: contracts.vault, data: encodeFunctionData(raise) })
    },
  }
}

/** The same vol at every strike: raw SVI with b = 0. */
function flatSlice(expiry: UnixSeconds, asOf: UnixSeconds, vol: Vol) {
  return { expiry, a: wad((vol * vol * (expiry - asOf)) / YEAR), b: 0n, rho: 0n, m: 0n, sigma: WAD, forwardRatio: WAD }
}

const scopeOf = (name: string): Hex => encodeScopeId(`market:${name}`)
const wad = (x: number): bigint => toWadUsd('amount', x, 'down')
