import { type LocalAccount, parseEther, toHex } from 'viem'
import { chainsAbi } from '../chain/generated/index.ts'
import type { LocalChain } from '../chain/local/index.ts'
import { domainOf, ladderDigest } from '../chain/typed-data/index.ts'
import { type ListedChain, ladderWords, postListedChain } from '../risk/margin/ladder/index.ts'
import { deployLadder, type LadderParts } from '../test/contracts/margin/support/deployLadder.ts'
import type { BenchRow } from './BenchRow.ts'

const BASE = 21_000
const DAY = 86_400
const YEAR = 365 * DAY
const TICK = parseEther('10')
const LIMIT = 'limit 6,200; reference 6,700'

/** Days to expiry, strikes, nodes of the grid that follows. */
const sizes = [
  { days: 60, strikes: 60, nodes: 16 },
  { days: 10, strikes: 60, nodes: 32 },
  { days: 5, strikes: 72, nodes: 48 },
] as const

/**
 * Gas of posting and proving ladders: whole transactions less the base, calldata included, cold storage, one signature. An entry holds the put of a strike and serves its
 * call too, so it counts as two instruments; its words are those of 16 nodes or lanes, far, mark and skew included.
 */
export async function benchLadder(local: LocalChain, signer: LocalAccount): Promise<BenchRow[]> {
  const parts = await deployLadder(local, signer)
  await local.client.waitForTransactionReceipt({
    hash: await local.wallet(signer).sendTransaction({
      to: parts.chains,
      data: parts.chainsCall('lodgeBond', []),
      value: parseEther('1'),
    }),
  })
  const rows: BenchRow[] = []
  for (const size of sizes) {
    const before = await local.snapshot()
    rows.push(...(await benchSize(local, parts, signer, size)))
    await local.revert(before)
  }
  return rows
}

async function benchSize(
  local: LocalChain,
  parts: LadderParts,
  signer: LocalAccount,
  { days, strikes, nodes }: (typeof sizes)[number],
): Promise<BenchRow[]> {
  const time = await local.time()
  const expiry = Math.ceil((time - 8 * 3_600) / DAY) * DAY + 8 * 3_600 + days * DAY
  const variance = (parseEther('0.36') * BigInt(expiry - time)) / BigInt(YEAR)
  const slice = {
    expiry,
    a: variance / 2n,
    b: (variance * 5n) / 3n,
    rho: -parseEther('0.3'),
    m: 0n,
    sigma: parseEther('0.3'),
    forwardRatio: parseEther('1'),
  }
  await parts.postSurface(1, time, parseEther('2000'), [slice])
  const multiples = Array.from({ length: strikes }, (_, i) => 130 + 2 * i)
  const chain = await parts.listChain(expiry, 0, TICK, multiples)
  const listed: ListedChain = { chain, expiry, kind: 'vanilla', tick: TICK, multiples }
  const stored = await parts.readSlice(expiry)
  const grid = (await parts.readGrids()).find((each) => each.nodes === nodes)!
  const anchors = { volScanUp: 4_375, volScanDown: 2_125 }
  const words = ladderWords(postListedChain(listed, stored, grid, anchors), listed, stored, grid, anchors)
  const data = `0x${words.map((word) => toHex(word, { size: 32 }).slice(2)).join('')}` as const

  const digest = ladderDigest(chain, 1, 1, data, domainOf('chains', local.chain.id, parts.chains))
  const signature = { signer: signer.address, data: (await signer.sign?.({ hash: digest })) ?? '0x' }
  const posted = (await parts.send(parts.chains, parts.chainsCall('post', [chain, data, [signature]]))) - BASE
  const record = await local.client.readContract({ address: parts.chains, abi: chainsAbi, functionName: 'record', args: [chain] })
  const proved = (await parts.send(parts.chains, parts.chainsCall('prove', [record.blob, 12n]))) - BASE
  const entryWords = nodes / 8 + 3
  const first = await local.client.estimateContractGas({
    address: parts.chains,
    abi: chainsAbi,
    functionName: 'postAndProve',
    args: [chain, data, 1n],
    account: signer.address,
  })
  const name = `ladder of ${strikes} strikes x ${nodes} nodes`
  return [
    { name: `${name}: post, one signature`, value: posted, unit: 'gas' },
    {
      name: `${name}: per instrument and 16-lane word`,
      value: Math.round(posted / (2 * strikes * entryWords)),
      unit: 'gas',
      reference: LIMIT,
    },
    { name: `${name}: per strike and 16-lane word`, value: Math.round(posted / (strikes * entryWords)), unit: 'gas' },
    { name: `${name}: post and prove the first entry`, value: Number(first) - BASE, unit: 'gas' },
    { name: `${name}: prove an entry, of twelve in a call`, value: Math.round(proved / 12), unit: 'gas' },
    { name: `${name}: prove a value, of twelve entries in a call`, value: Math.round(proved / 12 / (2 * nodes + 56)), unit: 'gas' },
  ]
}
