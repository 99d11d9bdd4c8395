import { join } from 'node:path'
import { encodeFunctionData } from 'viem'
import { buildBid, buildFlag, encodeInstrumentId } from '../chain/clearing/index.ts'
import { marginAbi } from '../chain/generated/index.ts'
import { encodeScopeId } from '../chain/ids/index.ts'
import { startLocalChain } from '../chain/local/index.ts'
import { type Call, sendCall } from '../chain/write/index.ts'
import { loadMarket } from '../cli/start/loadMarket.ts'
import { laneSettings } from '../cli/start/setUpChain.ts'
import { openClearingChain } from '../controller/world/openClearingChain.ts'
import { type Trader, tradeOnChain } from '../controller/world/tradeOnChain.ts'
import { keyFor, owner, person, START, traderOf } from '../test/controller/support/clearingChain.ts'
import type { BenchRow } from './BenchRow.ts'

const BASE = 21_000
const WAD = 10n ** 18n
const DAY = 86_400
const HOUR = 3_600
/** Ten contracts a leg. */
const LOTS = 100_000n
const RISEN = 280
const LIMIT = 900_000
/** The account is short two puts and two calls of each expiry. */
const STRIKES = [140, 170, 200, 230, 260]
const LEGS = [
  { strike: 1, type: 'put' },
  { strike: 2, type: 'put' },
  { strike: 2, type: 'call' },
  { strike: 3, type: 'call' },
] as const

/** The whole protocol on a chain of its own: what flagging, and buying a slice of, an account of 16 options in 4 expiries costs; calldata included, without the base. */
export async function benchLiquidation(): Promise<BenchRow[]> {
  const [writer, maker, bidder] = ['writer', 'maker', 'bidder'].map(traderOf) as [
    ReturnType<typeof traderOf>,
    ReturnType<typeof traderOf>,
    ReturnType<typeof traderOf>,
  ]
  const { catalogue, market, groups } = loadMarket(join(import.meta.dirname, '../config'), 'ETH')
  const local = await startLocalChain({ initialTime: START, privateKeys: ['deployer', 'owner'].map(keyFor) })
  try {
    const chain = await openClearingChain({
      local,
      deployer: person('deployer'),
      owner,
      artifacts: join(import.meta.dirname, '../artifacts'),
      catalogue,
      defaults: [market, ...groups],
      lanes: ['market:ETH'],
      engines: ['one', 'two', 'three'].map((name) => person(name).address).sort((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1)),
      laneSettings: laneSettings(START + 180 * DAY),
      markets: [
        {
          name: 'ETH',
          spot: 200,
          vol: 0.9,
          chains: [10, 17, 24, 45].map((days) => ({ expiry: START + days * DAY + 8 * 3_600, tick: WAD, multiples: STRIKES })),
        },
      ],
      group: 'group:MAIN',
    })
    for (const [{ owner: holder, account }, usd] of [
      [writer, 9_000],
      [maker, 2_000_000],
      [bidder, 2_000_000],
    ] as const)
      await chain.deposit(holder, account, usd)
    for (const number of [1, 2, 3, 4])
      for (const leg of LEGS)
        await tradeOnChain(local, chain, owner, {
          taker: writer,
          maker,
          instrument: encodeInstrumentId({ chain: number, leg: { kind: 'option', ...leg } }),
          lots: -LOTS,
          price: WAD,
        })
    // A rise, an hour later, with surface, ladders and the copy of the parameters of that hour.
    await chain.writePrices((await local.time()) + HOUR, new Map([['ETH', RISEN]]))
    await chain.postMarket('ETH', RISEN, 0.9)
    const { margin } = chain.clearing.contracts
    await chain.send(owner, margin, encodeFunctionData({ abi: marginAbi, functionName: 'refresh', args: [encodeScopeId('market:ETH')] }))
    const gasOf = async (from: Trader, call: Call): Promise<number> =>
      Number((await sendCall(local.client, local.wallet(from.owner), call)).gasUsed) - BASE
    const flag = await gasOf(bidder, buildFlag(chain.clearing, writer.account, bidder.account))
    await chain.writePrices((await local.time()) + HOUR / 4, new Map([['ETH', RISEN]]))
    const deadline = (await local.time()) + HOUR
    const order = { account: writer.account, bidder: bidder.account, fraction: WAD, minFraction: 1n, maxPrice: 10n ** 24n, deadline }
    const bid = await gasOf(bidder, buildBid(chain.clearing, order))
    const rows = [
      { name: 'flag an account of 16 options in 4 expiries', value: flag },
      { name: 'liquidation of a slice of it, to a bidder without positions', value: bid },
    ]
    return rows.map((row) => ({ ...row, unit: 'gas', reference: `limit ${LIMIT.toLocaleString('en-US')}`, ratio: row.value / LIMIT }))
  } finally {
    await local.close()
  }
}
