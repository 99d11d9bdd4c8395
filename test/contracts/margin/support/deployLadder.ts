import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Abi, encodeDeployData, encodeFunctionData, getAddress, type Hex, type LocalAccount, parseEther, toHex } from 'viem'
import { chainsAbi } from '../../../../chain/generated/chainsAbi.ts'
import { surfaceOracleAbi } from '../../../../chain/generated/index.ts'
import type { LocalChain } from '../../../../chain/local/index.ts'
import { sendCall } from '../../../../chain/write/index.ts'
import { type ContractGrid, marketGrids, type SurfaceSlice } from '../../../../risk/margin/ladder/index.ts'
import type { Address } from '../../../../risk/types/index.ts'
import { type Compiled, compileSolidity } from '../../../../tools/compileSolidity.ts'

export const ETH = `0x02455448${'00'.repeat(28)}` as const
export const VOL_SCAN = { up: 3_500, down: 1_700 }
const FRESH = 2
const root = join(import.meta.dirname, '../../../..')

/** A slice to sign; all numbers with 18 decimals. */
export type SliceToPost = {
  readonly expiry: number
  readonly a: bigint
  readonly b: bigint
  readonly rho: bigint
  readonly m: bigint
  readonly sigma: bigint
  readonly forwardRatio: bigint
}

/** Chains with everything they read, on a chain of this process: real oracles of surfaces, judge and payoffs; prices, values and engines are the tests'. */
export type LadderParts = {
  readonly chains: Address
  readonly surfaces: Address
  readonly send: (to: Address, data: Hex) => Promise<number>
  readonly chainsCall: (functionName: string, args: readonly unknown[]) => Hex
  readonly setPrice: (price: bigint) => Promise<void>
  /** What the first vol of an expiry is compared with. */
  readonly setReferenceVol: (vol: bigint) => Promise<void>
  readonly postSurface: (version: number, asOf: number, spot: bigint, slices: readonly SliceToPost[]) => Promise<void>
  readonly listChain: (expiry: number, kind: 0 | 1, tick: bigint, multiples: readonly number[]) => Promise<number>
  readonly readSlice: (expiry: number) => Promise<SurfaceSlice>
  readonly readGrids: () => Promise<readonly ContractGrid[]>
}

export async function deployLadder(local: LocalChain, signer: LocalAccount): Promise<LadderParts> {
  const send = async (to: Address, data: Hex): Promise<number> =>
    Number((await sendCall(local.client, local.wallet(signer), { to, data })).gasUsed)
  const deploy = async ({ abi, bytecode }: Compiled, args: readonly unknown[]): Promise<Address> => {
    const hash = await local.wallet(signer).sendTransaction({ data: encodeDeployData({ abi, bytecode, args }) })
    const { contractAddress } = await local.client.waitForTransactionReceipt({ hash })
    if (!contractAddress) throw new Error('a contract was not deployed')
    return getAddress(contractAddress)
  }
  const parts = compileSolidity('test/contracts/support/OracleParts.sol')
  const rules = compileSolidity('test/contracts/support/TestRules.sol')['TestRules']!
  const call = ({ abi }: Compiled, functionName: string, args: readonly unknown[]): Hex => encodeFunctionData({ abi, functionName, args })

  const store = await deploy(rules, [signer.address])
  for (const [id, value] of [
    ['margin.volScanUp', VOL_SCAN.up],
    ['margin.volScanDown', VOL_SCAN.down],
  ] as const) {
    await send(store, call(rules, 'set', [toHex(id, { size: 32 }), BigInt(value)]))
    await send(store, call(rules, 'setRule', [toHex(id, { size: 32 }), 9_999n, 2_500, 50n]))
  }
  const prices = await deploy(parts['TestPrices']!, [])
  const powers = await deploy(parts['TestPowers']!, [])
  const setPrice = async (price: bigint): Promise<void> => {
    await send(prices, call(parts['TestPrices']!, 'set', [price, FRESH]))
  }
  await setPrice(parseEther('2000'))
  const surfaces = await deploy(artifact('oracle/SurfaceOracle'), [store, powers, powers, prices])
  const judge = await deploy(artifact('margin/LadderJudge'), [])
  const payoffs = [await deploy(artifact('payoffs/VanillaPayoff'), []), await deploy(artifact('payoffs/DigitalPayoff'), [])]
  const settlements = await deploy(artifact('oracle/SettlementOracle'), [store, prices])
  const chains = await deploy(artifact('margin/Chains'), [store, prices, surfaces, settlements, judge, payoffs, parseEther('1')])
  const limits = {
    volStep: 65_535,
    volPerHour: 65_535,
    forwardStep: 5_000,
    forwardPerHour: 5_000,
    firstVol: 65_535,
    firstForward: 5_000,
    spot: 100,
  }
  const setReferenceVol = async (referenceVol: bigint): Promise<void> => {
    const args = [ETH, { ...limits, referenceVol }] as const
    await send(surfaces, encodeFunctionData({ abi: surfaceOracleAbi, functionName: 'setLimits', args }))
  }
  await send(surfaces, encodeFunctionData({ abi: surfaceOracleAbi, functionName: 'setSigners', args: [[signer.address], 1] }))
  await setReferenceVol(parseEther('0.8'))
  const chainsCall = (functionName: string, args: readonly unknown[]): Hex =>
    encodeFunctionData({ abi: chainsAbi as Abi, functionName, args })
  await send(chains, chainsCall('listMarket', [ETH, marketGrids]))
  return {
    chains,
    surfaces,
    send,
    chainsCall,
    setPrice,
    setReferenceVol,
    postSurface: async (version, asOf, spot, slices) => {
      const surface = { market: ETH, epoch: 1, version, asOf, validUntil: asOf + 43_200, spot, slices }
      const digest = await local.client.readContract({
        address: surfaces,
        abi: surfaceOracleAbi,
        functionName: 'digestOf',
        args: [surface],
      })
      const data = (await signer.sign?.({ hash: digest })) ?? '0x'
      const args = [surface, [{ signer: signer.address, data }]] as const
      await send(surfaces, encodeFunctionData({ abi: surfaceOracleAbi, functionName: 'post', args }))
    },
    listChain: async (expiry, kind, tick, multiples) => {
      await send(chains, chainsCall('listChain', [1, expiry, kind, tick, multiples]))
      return local.client.readContract({ address: chains, abi: chainsAbi, functionName: 'chainCount' })
    },
    readSlice: (expiry) =>
      local.client.readContract({ address: surfaces, abi: surfaceOracleAbi, functionName: 'sliceOf', args: [ETH, expiry] }),
    readGrids: async () => {
      const grids = await local.client.readContract({ address: chains, abi: chainsAbi, functionName: 'gridsOf', args: [1] })
      return grids.map(({ shape, lowest, ratio }) => ({ ...shape, nodes: shape.nodes as ContractGrid['nodes'], lowest, ratio }))
    },
  }
}

function artifact(name: string): Compiled {
  const file = `${name.split('/').at(-1)}`
  const { abi, bytecode } = JSON.parse(readFileSync(join(root, `artifacts/contracts/${name}.sol/${file}.json`), 'utf8')) as Compiled
  return { abi, bytecode }
}
