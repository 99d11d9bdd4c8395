import { encodeDeployData, encodeFunctionData, type Hex, type LocalAccount, parseEther, toHex } from 'viem'
import { priceFeedAbi, settlementOracleAbi, surfaceOracleAbi } from '../chain/generated/index.ts'
import type { LocalChain } from '../chain/local/index.ts'
import { sendCall } from '../chain/write/index.ts'
import type { Address } from '../risk/types/index.ts'
import { compileSolidity } from '../tools/compileSolidity.ts'
import type { BenchRow } from './BenchRow.ts'

const DAY = 86_400
const YEAR = 365 * DAY
const EXPIRIES = 8
const MARKET = `0x02455448${'00'.repeat(28)}` as const
const SPOT = parseEther('2000')

type Compiled = ReturnType<typeof compileSolidity>

/**
 * Gas of the oracles: whole transactions (base and calldata included, cold storage), the second of each kind. The store's two values and the engines come from
 * small contracts of the tests; everything else is what is deployed.
 */
export async function benchOracle(local: LocalChain, signer: LocalAccount): Promise<BenchRow[]> {
  const parts = compileSolidity('test/contracts/support/OracleParts.sol')
  const deploy = (compiled: Compiled, name: string, args: readonly unknown[]) => deployFrom(local, signer, compiled, name, args)
  const send = async (to: Address, data: Hex): Promise<number> =>
    Number((await sendCall(local.client, local.wallet(signer), { to, data })).gasUsed)
  const part = (name: string, functionName: string, args: readonly unknown[]): Hex =>
    encodeFunctionData({ abi: parts[name]?.abi ?? [], functionName, args })

  const store = await deploy(parts, 'TestStore', [signer.address])
  await send(store, part('TestStore', 'set', [toHex('oracle.maxAge', { size: 32 }), 3_600n]))
  await send(store, part('TestStore', 'set', [toHex('oracle.heartbeat', { size: 32 }), 60n]))
  const powers = await deploy(parts, 'TestPowers', [])
  const sources: Address[] = []
  for (let i = 0; i < 3; i++) sources.push(await deploy(parts, 'TestAggregator', [8]))
  const time = await local.time()
  for (const source of sources) await send(source, part('TestAggregator', 'set', [2_000n * 10n ** 8n, BigInt(time)]))
  sources.sort((left, right) => (BigInt(left) < BigInt(right) ? -1 : 1))

  const feed = await deploy(compileSolidity('contracts/oracle/PriceFeed.sol'), 'PriceFeed', [store])
  const list = [
    MARKET,
    sources.map((aggregator) => ({ aggregator, decimals: 8, heartbeat: 60 })),
    { quorum: 2, maxDeviationBps: 100 },
    SPOT,
  ] as const
  await send(feed, encodeFunctionData({ abi: priceFeedAbi, functionName: 'list', args: list }))
  const poke = encodeFunctionData({ abi: priceFeedAbi, functionName: 'poke', args: [MARKET] })
  const pokes = [await send(feed, poke)]
  for (let i = 0; i < 16; i++) {
    await local.mine((await local.time()) + 10)
    pokes.push(await send(feed, poke))
  }

  const rows = await benchSurface(
    local,
    signer,
    send,
    await deploy(compileSolidity('contracts/oracle/SurfaceOracle.sol'), 'SurfaceOracle', [store, powers, powers, feed]),
  )
  const settlement = await deploy(compileSolidity('contracts/oracle/SettlementOracle.sol'), 'SettlementOracle', [store, feed])
  return [
    { name: 'price feed: poke, three sources, ring full', value: pokes.at(-1) ?? 0, unit: 'gas' },
    ...rows,
    ...(await benchSettlement(local, send, settlement)),
  ]
}

type Send = (to: Address, data: Hex) => Promise<number>

async function benchSurface(local: LocalChain, signer: LocalAccount, send: Send, oracle: Address): Promise<BenchRow[]> {
  await send(oracle, encodeFunctionData({ abi: surfaceOracleAbi, functionName: 'setSigners', args: [[signer.address], 1] }))
  const limits = {
    volStep: 1_000,
    volPerHour: 1_000,
    forwardStep: 50,
    forwardPerHour: 50,
    firstVol: 10_000,
    firstForward: 1_000,
    spot: 100,
    referenceVol: parseEther('0.8'),
  }
  await send(oracle, encodeFunctionData({ abi: surfaceOracleAbi, functionName: 'setLimits', args: [MARKET, limits] }))
  const start = await local.time()
  const expiries = Array.from({ length: EXPIRIES }, (_, i) => start + 7 * DAY * (i + 1))
  const post = async (version: number, count: number): Promise<number> => {
    const asOf = await local.time()
    const slices = expiries.slice(0, count).map((expiry) => {
      const variance = (parseEther('0.64') * BigInt(expiry - asOf)) / BigInt(YEAR)
      const wad = { a: variance / 2n, b: (variance * 5n) / 3n, rho: -parseEther('0.3'), m: 0n, sigma: parseEther('0.3') }
      return { expiry, ...wad, forwardRatio: parseEther('1') }
    })
    const surface = { market: MARKET, epoch: 1, version, asOf, validUntil: asOf + 3_600, spot: SPOT, slices }
    const digest = await local.client.readContract({ address: oracle, abi: surfaceOracleAbi, functionName: 'digestOf', args: [surface] })
    const data = (await signer.sign?.({ hash: digest })) ?? '0x'
    const gas = await send(
      oracle,
      encodeFunctionData({ abi: surfaceOracleAbi, functionName: 'post', args: [surface, [{ signer: signer.address, data }]] }),
    )
    await local.mine((await local.time()) + 60)
    return gas
  }
  await post(1, EXPIRIES)
  const all = await post(2, EXPIRIES)
  const one = await post(3, 1)
  const volAt = encodeFunctionData({ abi: surfaceOracleAbi, functionName: 'volAt', args: [MARKET, expiries[1] ?? 0, parseEther('2500')] })
  const vol = await local.client.estimateGas({ account: signer.address, to: oracle, data: volAt })
  return [
    { name: `surface: post ${EXPIRIES} expiries again, one signature`, value: all, unit: 'gas' },
    { name: 'surface: post one of eight expiries again, one signature', value: one, unit: 'gas' },
    { name: 'surface: vol of a strike, whole call', value: Number(vol), unit: 'gas' },
  ]
}

async function benchSettlement(local: LocalChain, send: Send, oracle: Address): Promise<BenchRow[]> {
  const expiry = (await local.time()) + 1_800
  const data = (functionName: 'poke' | 'finalise'): Hex =>
    encodeFunctionData({ abi: settlementOracleAbi, functionName, args: [MARKET, expiry] })
  let poke = 0
  for (let minute = 0; minute < 25; minute++) {
    await local.mine(expiry - 1_800 + minute * 60 + 1)
    poke = await send(oracle, data('poke'))
  }
  await local.mine(expiry)
  return [
    { name: 'settlement: observe a minute', value: poke, unit: 'gas' },
    { name: 'settlement: finalise 25 observations', value: await send(oracle, data('finalise')), unit: 'gas' },
  ]
}

async function deployFrom(
  local: LocalChain,
  signer: LocalAccount,
  compiled: Compiled,
  name: string,
  args: readonly unknown[],
): Promise<Address> {
  const contract = compiled[name]
  if (contract === undefined) throw new Error(`${name} was not compiled`)
  const hash = await local
    .wallet(signer)
    .sendTransaction({ data: encodeDeployData({ abi: contract.abi, bytecode: contract.bytecode, args }) })
  const { contractAddress } = await local.client.waitForTransactionReceipt({ hash })
  if (!contractAddress) throw new Error(`${name} was not deployed`)
  return contractAddress
}
