import { encodeFunctionData, keccak256, parseEventLogs, stringToHex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import {
  type AuctionQuote,
  buildBid,
  buildDeclareBankrupt,
  buildFlag,
  buildResolve,
  encodeAccountId,
  encodeInstrumentId,
  readAssessments,
  readQuote,
} from '../../chain/clearing/index.ts'
import { ContractRevertError } from '../../chain/errors/index.ts'
import { deleveragingAbi, ledgerAbi, liquidationAbi, vaultAbi } from '../../chain/generated/index.ts'
import { encodeScopeId } from '../../chain/ids/index.ts'
import type { LocalChain } from '../../chain/local/index.ts'
import type { Call } from '../../chain/write/index.ts'
import {
  type AccountReading,
  type AuctionReading,
  type BankruptcyResolved,
  buildBook,
  type ClearingTick,
  type ClearingVenue,
  type GroupSums,
  type ListedContract,
  type LossReading,
  type MarketMark,
  markContract,
  type Outcome,
  type Refusal,
  type SliceTaken,
} from '../../risk/clearing/index.ts'
import { fromWadUsd, toWadUsd } from '../../risk/liquidation/index.ts'
import type { ScopeId, UnixSeconds, Usd, Vol } from '../../risk/types/index.ts'
import { followClearing } from '../monitor/followClearing.ts'
import type { MonitoredAccount } from '../monitor/MonitorStore.ts'
import { openMonitorStore } from '../monitor/openMonitorStore.ts'
import type { ClearingChain } from '../world/openClearingChain.ts'
import { type Trader, tradeOnChain } from '../world/tradeOnChain.ts'
import { strikeWad } from './strikeWad.ts'

export type ContractClearingOptions = {
  readonly local: LocalChain
  readonly chain: ClearingChain
  /** Submits what anyone may. */
  readonly sender: Trader['owner']
  readonly group: ScopeId
  readonly contracts: readonly ListedContract[]
  /** Names the keys of a run. */
  readonly seed: string
}

const WAD = 10n ** 18n
/** Contracts of 18 decimals in one lot. */
const LOT = 10n ** 14n
/** A ladder is posted again after this long, or when the vol moved by a point. */
const LADDER_AGE = 3_600
const VOL_MOVE = 0.01

/**
 * The contracts as the venue of a drill, on a chain of this process. Every account has a key of its own; positions come from the monitor, margin and quotes from the contracts.
 *
 * @throws from its functions: what a node or a contract throws that is no refusal.
 */
export function createContractClearing(options: ContractClearingOptions): ClearingVenue & { readonly close: () => void } {
  const { local, chain, sender, group, seed } = options
  const { clearing } = chain
  const contracts = new Map(options.contracts.map((contract) => [contract.instrument.id, contract]))
  const ids = instrumentIds(options.contracts, chain)
  const names = new Map([...ids].map(([name, id]) => [id, name]))
  const store = openMonitorStore(':memory:')
  const traders = new Map<string, Trader>()
  const accountNames = new Map<bigint, string>()
  const posted = new Map<string, { readonly time: UnixSeconds; readonly vol: Vol }>()
  let tick: ClearingTick | undefined
  let read: { readonly block: bigint; readonly accounts: number; readonly readings: AccountReading[] } | undefined

  const traderOf = (name: string): Trader => {
    const known = traders.get(name)
    if (known !== undefined) return known
    const owner = privateKeyToAccount(keccak256(stringToHex(`drill ${seed} ${name}`)))
    const trader = { owner, account: encodeAccountId({ owner: owner.address, sub: 0n }) }
    traders.set(name, trader)
    accountNames.set(trader.account, name)
    return trader
  }
  const follow = () => followClearing({ client: local.client, deployment: clearing, store, confirmations: 1 })
  const send = (call: Call, from: Trader['owner'] = sender) => chain.transact(from, call)
  const block = (): Promise<bigint> => local.client.getBlockNumber({ cacheTime: 0 })
  const marks = (): ReadonlyMap<string, MarketMark> => (tick as ClearingTick).marks
  const heldOf = ({ positions }: MonitoredAccount): Map<string, bigint> =>
    new Map([...positions].map(([id, lots]) => [names.get(id) as string, lots * LOT]))

  return {
    contracts,
    close: () => store.close(),
    deposit: async (name, usd) => {
      const { owner, account } = traderOf(name)
      if (usd > 0) await chain.deposit(owner, account, usd)
    },
    advance: async (next) => {
      tick = next
      await chain.writePrices(next.time, new Map([...next.marks].map(([name, { spot }]) => [name, spot])))
      for (const [name, { spot, markVol }] of next.marks) {
        const last = posted.get(name)
        if (last !== undefined && next.time - last.time < LADDER_AGE && Math.abs(markVol - last.vol) < VOL_MOVE) continue
        await chain.postMarket(name, spot, markVol)
        posted.set(name, { time: next.time, vol: markVol })
      }
      await follow()
      for (const { account, bankrupt } of store.auctions()) {
        if (bankrupt || (await readQuote(local.client, clearing, account, await block())).equity >= 0n) continue
        await attempt(() => send(buildDeclareBankrupt(clearing, account)))
      }
      return { settled: [] }
    },
    trade: async ({ taker, maker, instrument, contracts: size, price }) => {
      const trade = {
        taker: traderOf(taker),
        maker: traderOf(maker),
        instrument: ids.get(instrument) as bigint,
        lots: size / LOT,
        price: toWadUsd('price', price, 'down'),
      }
      const outcome = await attempt(() => tradeOnChain(local, chain, sender, trade))
      return outcome.kind === 'refused' ? outcome : { kind: 'done' }
    },
    readAccounts,
    readAuctions,
    flag: async (name) => {
      const outcome = await attempt(() => send(buildFlag(clearing, traderOf(name).account, 0n)))
      return outcome.kind === 'refused' ? { kind: 'refused', reason: 'notLiquidatable' } : { kind: 'done' }
    },
    take,
    resolve,
    readSums,
    readBook: async (market) => {
      await follow()
      const accounts = store.accounts().map((held) => ({
        account: accountNames.get(held.account) ?? held.account.toString(),
        cash: { principal: held.principal, profit: held.profit, debt: held.debt },
        contributed: held.principal + held.profit - held.debt,
        positions: heldOf(held),
      }))
      return buildBook(
        market,
        accounts.filter(({ positions }) => [...positions.keys()].some((id) => contracts.get(id)?.market === market)),
        { contracts },
      )
    },
    faults,
  }

  /** Assessed once a block: margin follows from the chain's state and time alone. */
  async function readAccounts(): Promise<AccountReading[]> {
    const at = await block()
    if (read?.block === at && read.accounts === accountNames.size) return read.readings
    await follow()
    const known = store.accounts().filter(({ account }) => accountNames.has(account))
    const assessed = await readAssessments(
      local.client,
      clearing,
      known.map(({ account }) => account),
      at,
    )
    const readings = known.map((held, i) => {
      const { equity, maintenance, initial, free, notional, deltaNotional } = assessed[i] as (typeof assessed)[number]
      const positions = heldOf(held)
      return {
        account: accountNames.get(held.account) as string,
        equity: fromWadUsd(equity),
        maintenance: fromWadUsd(maintenance),
        initial: fromWadUsd(initial),
        freeMargin: fromWadUsd(free),
        notional: fromWadUsd(notional),
        grossDelta: fromWadUsd(deltaNotional),
        netDelta: netDeltaOf(positions),
        positions,
      }
    })
    read = { block: at, accounts: accountNames.size, readings }
    return readings
  }

  /** By market: the contract gives one figure for all. */
  function netDeltaOf(positions: ReadonlyMap<string, bigint>): Map<string, Usd> {
    const deltas = new Map<string, Usd>()
    for (const [id, held] of positions) {
      const contract = contracts.get(id) as ListedContract
      const mark = marks().get(contract.market) as MarketMark
      const delta = (Number(held) / 1e18) * markContract(contract, mark, (tick as ClearingTick).time).delta * mark.spot
      deltas.set(contract.market, (deltas.get(contract.market) ?? 0) + delta)
    }
    return deltas
  }

  async function readAuctions(): Promise<AuctionReading[]> {
    await follow()
    const now = await block()
    const quotes = await Promise.all(store.auctions().map(({ account }) => readQuote(local.client, clearing, account, now)))
    return quotes.flatMap((quote): AuctionReading[] => {
      const name = accountNames.get(quote.account)
      if (name === undefined || (quote.maxFraction === 0n && !quote.bankrupt)) return []
      return [{ account: name, flaggedAt: (tick as ClearingTick).time, quote: toSliceQuote(quote) }]
    })
  }

  async function take(name: string, bidderName: string, share: bigint, least: bigint): Promise<Outcome<SliceTaken>> {
    const [{ account }, bidder] = [traderOf(name), traderOf(bidderName)]
    const quote = await quoteOf(account)
    if (quote === null || quote.maxFraction === 0n) return refused('noAuction')
    const fraction = share < quote.maxFraction ? share : quote.maxFraction
    const part = ((quote.bankrupt ? quote.reward : quote.bidderCharge) * fraction) / WAD
    if (part < least) return refused('belowLeast')
    const [assessment] = await readAssessments(local.client, clearing, [account], await block())
    const order = {
      account,
      bidder: bidder.account,
      fraction,
      minFraction: fraction / 2n,
      maxPrice: quote.price - (least * WAD) / fraction,
      deadline: (await local.time()) + 60,
    }
    const outcome = await attempt(() => send(buildBid(clearing, order), bidder.owner))
    if (outcome.kind === 'refused') return outcome
    const [sold] = parseEventLogs({ abi: liquidationAbi, eventName: 'SliceSold', logs: outcome.value.logs })
    const { fraction: taken = 0n, fundPart = 0n, keeperPart = 0n, reward = 0n } = sold?.args ?? {}
    const bidderPart = quote.bankrupt ? reward : (quote.bidderCharge * taken) / WAD
    return {
      kind: 'done',
      phase: quote.bankrupt ? 'insolvent' : 'solvent',
      fraction: taken,
      notional: fromWadUsd(((assessment?.notional ?? 0n) * taken) / WAD),
      charge: quote.bankrupt ? 0n : bidderPart + fundPart + keeperPart,
      bidder: bidderPart,
      fund: quote.bankrupt ? -reward : fundPart,
      keeper: keeperPart,
      losses: null,
    }
  }

  async function resolve(name: string): Promise<Outcome<BankruptcyResolved>> {
    const { account } = traderOf(name)
    const announce = { address: clearing.contracts.deleveraging, abi: deleveragingAbi } as const
    const before = await readAssessments(local.client, clearing, [account], await block())
    const outcome = await attempt(() => send(buildResolve(clearing, account)))
    if (outcome.kind === 'refused') {
      await attempt(() =>
        send({ to: announce.address, data: encodeFunctionData({ ...announce, functionName: 'announce', args: [account] }) }),
      )
      return refused('notDue')
    }
    const logs = parseEventLogs({ abi: deleveragingAbi, logs: outcome.value.logs })
    const paid = [0n, 0n, 0n]
    let deficit = 0n
    for (const log of logs) {
      if (log.eventName === 'LossPaid') paid[log.args.layer] = (paid[log.args.layer] ?? 0n) + log.args.paid
      if (log.eventName === 'BankruptcyResolved') deficit = log.args.deficit
    }
    const [fund, profit, principal] = paid as [bigint, bigint, bigint]
    const losses: LossReading = { deficit, fund, profit, principal, uncovered: deficit - fund - profit - principal }
    const how = logs.some(({ eventName }) => eventName === 'BackstopTaken') ? 'backstop' : 'tornUp'
    return { kind: 'done', how, contracts: fromWadUsd(before[0]?.notional ?? 0n), losses }
  }

  async function quoteOf(account: bigint): Promise<AuctionQuote | null> {
    try {
      return await readQuote(local.client, clearing, account, await block())
    } catch (error) {
      if (error instanceof ContractRevertError) return null
      throw error
    }
  }

  async function readSums(): Promise<GroupSums> {
    const sums = await local.client.readContract({
      address: clearing.contracts.ledger,
      abi: ledgerAbi,
      functionName: 'sumsOf',
      args: [encodeScopeId(group)],
    })
    return sums
  }

  async function faults(): Promise<string[]> {
    await follow()
    const { tokens, principal, profit, fund, debt } = await readSums()
    const args = [encodeScopeId(group), chain.cashToken] as const
    const vaulted = await local.client.readContract({ address: clearing.contracts.vault, abi: vaultAbi, functionName: 'heldOf', args })
    const found: string[] = []
    if (principal + profit + fund - debt !== tokens)
      found.push(`principal, profit and fund less debt are ${principal + profit + fund - debt}, tokens ${tokens}`)
    if (vaulted !== tokens) found.push(`the vault holds ${vaulted}, the ledger says ${tokens}`)
    const accounts = store.accounts()
    // What a tear-up took from an account shows in its events when it is touched.
    if (accounts.some(({ outdated }) => outdated)) return found
    const open = new Map<bigint, bigint>()
    for (const { positions } of accounts) for (const [id, lots] of positions) open.set(id, (open.get(id) ?? 0n) + lots)
    for (const [id, sum] of open) if (sum !== 0n) found.push(`positions in ${names.get(id)} add up to ${sum}`)
    return found
  }
}

/** What a contract refuses is an outcome. */
async function attempt<Value>(
  act: () => Promise<Value>,
): Promise<{ readonly kind: 'done'; readonly value: Value } | { readonly kind: 'refused'; readonly reason: Refusal }> {
  try {
    return { kind: 'done', value: await act() }
  } catch (error) {
    if (error instanceof ContractRevertError) return refused('contract')
    throw error
  }
}

const refused = (reason: Refusal): { readonly kind: 'refused'; readonly reason: Refusal } => ({ kind: 'refused', reason })

function toSliceQuote({ bankrupt, maxFraction, charge, bidderCharge, reward, equity, maintenance }: AuctionQuote): AuctionReading['quote'] {
  if (bankrupt) {
    const deficit = equity < 0n ? -equity : 0n
    return { phase: 'insolvent', payment: deficit + reward, deficit, reward }
  }
  const of = (amount: bigint): bigint => (amount * maxFraction) / WAD
  return {
    phase: 'solvent',
    size: maxFraction === WAD ? { kind: 'whole', reason: 'notRestorable' } : { kind: 'partial', fraction: maxFraction },
    fraction: maxFraction,
    charge: of(charge),
    liquidator: of(bidderCharge),
    fund: of(charge) - of(bidderCharge),
    after: { equity: equity - of(charge), maintenance: maintenance - of(maintenance) },
  }
}

/** Numbers of the listed instruments: chains by market and expiry, strikes by their place. */
function instrumentIds(contracts: readonly ListedContract[], { listed }: ClearingChain): ReadonlyMap<string, bigint> {
  return new Map(
    contracts.map(({ market, instrument }) => {
      const chain = (listed.get(market) ?? []).find(({ expiry }) => expiry === instrument.expiry)
      if (chain === undefined) throw new TypeError(`${instrument.id} has no chain.`)
      if (instrument.kind === 'future') return [instrument.id, encodeInstrumentId({ chain: chain.chain, leg: { kind: 'future' } })]
      const strike = chain.multiples.findIndex((multiple) => BigInt(multiple) * chain.tick === strikeWad(instrument.strike))
      return [instrument.id, encodeInstrumentId({ chain: chain.chain, leg: { kind: 'option', type: instrument.type, strike } })]
    }),
  )
}
