import { encodeFunctionData, type Hex, hexToBytes, type LocalAccount, toHex, zeroAddress } from 'viem'
import type { LocalChain } from '../chain/local/index.ts'
import { blobOf, deployMarginWorld, type MarginWorld, pagesOf, scopeOf } from '../test/contracts/margin/support/deployMarginWorld.ts'
import { heldChain, wad } from '../test/risk/support/contractBooks.ts'
import type { BenchRow } from './BenchRow.ts'

const DAY = 86_400
const SPOT = 2_000
const BASE_GAS = 21_000
const STRIKES = 32
const [ETH, WETH, GROUP] = [scopeOf(2, 'ETH'), scopeOf(3, 'WETH'), scopeOf(4, 'MAIN')]

const values: Readonly<Record<string, bigint>> = {
  'margin.priceScanRange': 2_100n,
  'margin.volScanUp': 3_500n,
  'margin.volScanDown': 1_700n,
  'margin.shortOptionMinimum': 150n,
  'margin.tailWeight': 7_700n,
  'margin.initialRangeFloor': 2_900n,
  'margin.initialMultiplier': 13_000n,
  'margin.deltaAddOn': 50n,
  'margin.gammaAddOn': 50n,
  'margin.vegaAddOn': 100n,
  'margin.betaResidual': 0n,
  'market.depth': 1_000_000n,
  'market.vegaDepth': 100_000n,
  'oracle.maxAge': 240n,
}

/** Shapes measured: options, expiries, and what is asked of them. */
const shapes = [
  { options: 16, expiries: 4, target: 120_000 },
  { options: 128, expiries: 8, target: 400_000 },
  { options: 512, expiries: 16, target: 16_780_000 },
] as const

/**
 * Gas of `Margin.assess`, maintenance, without the 21,000 of a transaction and without calldata: parameters from a copy, one underlying, no collateral, cold
 * storage, cold code. Price, records and surface come from a contract of the tests, a slot or two each; the sources of a feed come on top where nobody has
 * recorded a price in that second.
 */
export async function benchMargin(local: LocalChain, signer: LocalAccount): Promise<BenchRow[]> {
  const parts = await deployMarginWorld(local, signer)
  const start = await local.time()
  const ids = Object.keys(values).map((name) => toHex(name, { size: 32 }))
  await parts.set('setMarket', [1, ETH])
  await parts.set('setValues', [ETH, ids, Object.values(values)])
  await parts.set('setValues', [GROUP, [toHex('margin.gainsCap', { size: 32 })], [5_000n]])
  await parts.set('setValues', [WETH, [toHex('collateral.haircut', { size: 32 })], [2_500n]])
  await parts.set('addCollateral', [GROUP, { token: zeroAddress, decimals: 18, market: 1, asset: WETH, feed: ETH }])
  const quote = { price: wad(SPOT), observedAt: start, status: 2, median: 0n, recorded: wad(SPOT), recordedAt: start }
  await parts.set('setQuote', [ETH, quote])
  for (const scope of [ETH, GROUP]) {
    const data = encodeFunctionData({ abi: parts.marginAbi, functionName: 'refresh', args: [scope] })
    await local.wallet(signer).sendTransaction({ to: parts.margin, data })
  }
  const rows: BenchRow[] = []
  for (const { options, expiries, target } of shapes) {
    const gas = await gasOf(local, signer, parts, start, options / expiries, expiries)
    rows.push({
      name: `margin: ${options} options in ${expiries} expiries`,
      value: gas,
      unit: 'gas',
      reference: `target ${target}`,
      ratio: gas / target,
    })
  }
  return rows
}

async function gasOf(
  local: LocalChain,
  signer: LocalAccount,
  parts: MarginWorld,
  start: number,
  each: number,
  expiries: number,
): Promise<number> {
  const chains = Array.from({ length: expiries }, (_, i) => {
    const smile = { kind: 'points', strikes: [1_000, 2_000, 3_000], vols: [0.65, 0.55, 0.6] } as const
    const quote = { expiry: start + (9 + 12 * i) * DAY, forwardRatio: 1.002, atmVol: 0.55, smile }
    const strikes = Array.from({ length: STRIKES }, (_, k) => 1_200 + 50 * k)
    const legs = Array.from({ length: each }, (_, k) => ({
      leg: 2 * Math.floor((k * STRIKES) / each) + (k % 2),
      lots: BigInt((k % 3 === 0 ? -1 : 1) * 10_000 * (1 + (k % 7))),
    }))
    return heldChain({ time: start, spot: SPOT, expiries: [quote] }, { quote, kind: 'vanilla', strikes, legs }, i + 1)
  })
  for (const [i, chain] of chains.entries()) {
    await parts.set('setChain', [i + 1, 1, Number(chain.expiry), 2, blobOf(chain.ladder ?? [])])
    await parts.set('setIndex', [chain.expiry, chain.index])
  }
  const words = Array.from({ length: Math.ceil(expiries / 4) }, (_, word) =>
    chains
      .slice(4 * word, 4 * word + 4)
      .reduce((sum, { legs }, i) => sum | ((BigInt(4 * word + i + 1) | (BigInt(legs.length) << 56n)) << BigInt(64 * i)), 0n),
  )
  const holdings = {
    group: GROUP,
    cash: wad(10_000_000),
    futuresCost: 0n,
    contributed: wad(10_000_000),
    chains: words,
    pages: pagesOf(chains),
    collateral: [],
  }
  const data = encodeFunctionData({ abi: parts.marginAbi, functionName: 'assess', args: [holdings, 0] })
  const gas = await local.client.estimateGas({ account: signer.address, to: parts.margin, data })
  return Number(gas) - BASE_GAS - calldataGas(data)
}

function calldataGas(data: Hex): number {
  return hexToBytes(data).reduce((sum, byte) => sum + (byte === 0 ? 4 : 16), 0)
}
