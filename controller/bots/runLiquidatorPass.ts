import {
  type AccountAssessment,
  type AuctionQuote,
  buildBid,
  buildDeclareBankrupt,
  buildFlag,
  buildRelease,
  formatAccountId,
  readAssessments,
  readQuote,
} from '../../chain/clearing/index.ts'
import { withChainErrors } from '../../chain/errors/index.ts'
import { fromWadUsd } from '../../risk/liquidation/index.ts'
import type { Usd } from '../../risk/types/index.ts'
import { followClearing } from '../monitor/followClearing.ts'
import { owesAgainstCollateral } from '../monitor/owesAgainstCollateral.ts'
import type { LiquidatorAct, LiquidatorContext, LiquidatorPass } from './LiquidatorContext.ts'
import { ALL_MARKETS, offerOf } from './offerOf.ts'
import { orderOf } from './orderOf.ts'
import { rankBids } from './rankBids.ts'
import { LIFETIME, resumeOpen, sendAct } from './sendAct.ts'
import { workDebts } from './workDebts.ts'

/** Gas of the calls, for their price before they are estimated. */
const GAS = { flag: 700_000n, declareBankrupt: 500_000n, bid: 1_000_000n, release: 500_000n } as const
/** Share of a refused call's gas that it burns. */
const REVERT_SHARE = 0.3

/**
 * One pass: goes on with what an earlier process left open, follows the chain, asks the margin contract about every account with positions, and flags, bids, declares and releases what pays;
 * then calls debts against collateral and buys what is sold behind them. Every call is simulated before it is signed, stored before it is sent, and carries its own guard; a kill at any moment leaves an intent that the next pass finishes or lets expire.
 *
 * @throws {RetryableError} The node does not answer.
 */
export async function runLiquidatorPass(context: LiquidatorContext): Promise<LiquidatorPass> {
  const { client, deployment, monitor, submitter, bidder, policy, unwind, log } = context
  await resumeOpen(context)
  const read = await followClearing({ client, deployment, store: monitor, confirmations: 1, signal: submitter.signal })
  // Where the monitor stands, not a later head: an auction that it knows is open there.
  const block = await withChainErrors(() => client.getBlock(read === null ? { blockTag: 'latest' } : { blockNumber: read.block }))
  const now = Number(block.timestamp)
  const gasPrice = await withChainErrors(() => client.getGasPrice())
  const cost = (act: keyof typeof GAS): Usd => fromWadUsd(GAS[act] * gasPrice) * context.nativePrice
  const held = monitor.accounts().filter(({ account, positions }) => positions.size > 0 || account === bidder)
  const assessed = new Map(
    (
      await readAssessments(
        client,
        deployment,
        held.map(({ account }) => account),
        block.number,
      )
    ).map((each) => [each.account, each]),
  )
  const flagged = new Map(monitor.auctions().map((auction) => [auction.account, auction]))
  const acts: LiquidatorAct[] = []
  const below = [...assessed.values()].filter(({ account, equity, maintenance }) => account !== bidder && equity < maintenance)
  for (const { account, footing } of below) {
    if (flagged.has(account) || footing === 'none' || context.keeperReward < cost('flag')) continue
    acts.push(await sendAct(context, 'flag', account, buildFlag(deployment, account, bidder), now))
  }
  const quotes: AuctionQuote[] = []
  for (const account of flagged.keys()) {
    if (account !== bidder && assessed.has(account)) quotes.push(await readQuote(client, deployment, account, block.number))
  }
  for (const quote of quotes) {
    const { account, equity, maxFraction } = quote
    if (equity < 0n && flagged.get(account)?.bankrupt === false && fromWadUsd(quote.maintenance) > cost('declareBankrupt') + cost('bid'))
      acts.push(await sendAct(context, 'declareBankrupt', account, buildDeclareBankrupt(deployment, account), now))
    else if (maxFraction === 0n && quote.equity >= quote.target && context.keeperReward >= cost('release'))
      acts.push(await sendAct(context, 'release', account, buildRelease(deployment, account), now))
  }
  const passed: { account: bigint; reason: string }[] = []
  const open = quotes.filter(({ maxFraction, footing }) => maxFraction > 0n && footing !== 'none')
  const offers = open.map((quote) => offerOf(quote, assessed.get(quote.account) as AccountAssessment, unwind, policy))
  const state = { freeMargin: fromWadUsd(assessed.get(bidder)?.free ?? 0n), gas: cost('bid'), revertGas: REVERT_SHARE * cost('bid') }
  for (const bid of rankBids(offers, new Map([[ALL_MARKETS, unwind]]), state, policy)) {
    const account = BigInt(bid.account)
    if (bid.kind === 'pass') {
      passed.push({ account, reason: bid.reason })
      continue
    }
    const order = orderOf(bid, open.find((quote) => quote.account === account) as AuctionQuote, bidder, now + LIFETIME)
    acts.push(await sendAct(context, 'bid', account, buildBid(deployment, order), now, bid.expectedProfit))
  }
  const owing = monitor.accounts().filter((each) => owesAgainstCollateral(each) && each.account !== bidder && !flagged.has(each.account))
  const work = await workDebts(context, owing, { block: block.number, time: now, gasPrice })
  acts.push(...work.acts)
  passed.push(...work.passed)
  for (const each of acts) log.info({ ...each, account: formatAccountId(each.account) }, 'liquidator acted')
  return {
    block: block.number,
    accounts: held.length,
    below: below.length,
    auctions: flagged.size,
    debts: work.debts,
    called: work.called,
    passed,
    acts,
  }
}
