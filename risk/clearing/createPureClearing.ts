import { InvalidInputError } from '../errors/index.ts'
import { contribution, payoutAllowance } from '../insurance/index.ts'
import {
  type AccountState,
  fromWadUsd,
  quoteSlice,
  type SliceQuote,
  sliceQuantities,
  toWadUsd,
  type WadFraction,
  type WadUsd,
} from '../liquidation/index.ts'
import type { Bps, Seconds, UnixSeconds, Usd } from '../types/index.ts'
import { assessAccounts, buildBook, type ClearingMarket, marketsOf } from './assessAccounts.ts'
import type { ClearingParameters, ClearingTick, ClearingVenue, MatchedTrade } from './ClearingVenue.ts'
import { createLedger, type LedgerAccount } from './createLedger.ts'
import { ledgerFaults } from './ledgerFaults.ts'
import { type ContractMark, markContract } from './markContract.ts'
import type { AccountReading, BankruptcyResolved, ListedContract, LossReading, Outcome, Refusal, SliceTaken } from './types.ts'

export type PureClearingOptions = {
  readonly start: UnixSeconds
  readonly contracts: readonly ListedContract[]
  /** Market that is the common factor of the group. */
  readonly factor: string
  /** `cash.warmUp`. */
  readonly warmUp: Seconds
  /** `cash.debtRate`. */
  readonly debtRate: Bps
  /** What the fund begins with, USD. */
  readonly fund: Usd
  /** An account whose remainder would have less maintenance is taken whole, USD. */
  readonly dust: Usd
}

type Terms = ClearingParameters['liquidation']
type Auction = {
  readonly flaggedAt: UnixSeconds
  readonly keeper: string
  readonly terms: Terms
  bankruptAt: UnixSeconds | null
  rewardLeft: WadUsd
}

const WAD = 10n ** 18n
const LOT = 10n ** 14n
const DAY: Seconds = 86_400
/** Holds what nobody bought, with its initial margin from the fund. */
export const backstopAccount = 'backstop'
/** Has what of trading fees is not the fund's. */
export const treasuryAccount = 'treasury'

/**
 * Clearing of one margin group without a chain: margin by full revaluation, money in whole numbers, the steps of contracts/clearing, liquidation and insurance in the order in which they
 * run there. Cash is the only collateral.
 *
 * @throws from its functions: {InvalidInputError} an account or instrument is unknown, or time runs back.
 */
export function createPureClearing(options: PureClearingOptions): ClearingVenue {
  const contracts = new Map(options.contracts.map((contract) => [contract.instrument.id, contract]))
  const ledger = createLedger(options.start, options.warmUp, options.debtRate)
  const auctions = new Map<string, Auction>()
  const payouts: { readonly time: UnixSeconds; readonly amount: WadUsd }[] = []
  const opened = new Set<string>()
  let tick: ClearingTick | undefined
  let market: ClearingMarket | undefined
  // Margin of everybody at the present mark, until something changes.
  let readings: readonly AccountReading[] | undefined

  const now = (): { readonly tick: ClearingTick; readonly market: ClearingMarket } => {
    if (tick === undefined || market === undefined)
      throw new InvalidInputError({ argument: 'advance', got: 'never called', limit: 'called before anything that needs a price' })
    return { tick, market }
  }
  const open = (account: string): void => {
    if (opened.has(account)) return
    opened.add(account)
    ledger.open(account)
  }
  const contractOf = (instrument: string): ListedContract => {
    const contract = contracts.get(instrument)
    if (contract === undefined) throw new InvalidInputError({ argument: 'instrument', got: instrument, limit: 'listed' })
    return contract
  }
  const readOne = (account: LedgerAccount): AccountReading => assessAccounts([account], now().market)[0]!
  const contractValue = (instrument: string): WadUsd => toWadUsd('value', now().market.values.get(instrument)!.value, 'down')

  open(backstopAccount)
  open(treasuryAccount)
  ledger.endowFund(toWadUsd('fund', options.fund, 'down'))

  return {
    contracts,
    deposit: async (account, usd) => {
      open(account)
      ledger.deposit(account, toWadUsd('deposit', usd, 'down'))
      readings = undefined
    },
    advance: async (next) => advance(next),
    trade: async (trade) => tradeMatched(trade),
    readAccounts: async () => {
      readings ??= assessAccounts(ledger.accounts(), now().market)
      return readings
    },
    readAuctions: async () =>
      [...auctions].flatMap(([account, auction]) => {
        const quote = quoteOf(account, auction)
        return quote.phase === 'restored' ? [] : [{ account, flaggedAt: auction.flaggedAt, quote }]
      }),
    flag: async (account, keeper) => flag(account, keeper),
    take: async (account, bidder, share, least) => take(account, bidder, share, least),
    resolve: async (account) => resolve(account),
    readSums: async () => ledger.sums(),
    readBook: async (name) => {
      const { market: present } = now()
      return buildBook(
        name,
        ledger.accounts().filter((account) => marketsOf(account, present).includes(name)),
        present,
      )
    },
    faults: async () => ledgerFaults(ledger.accounts(), ledger.sums()),
  }

  function advance(next: ClearingTick): { readonly settled: readonly string[] } {
    ledger.moveTo(next.time)
    tick = next
    readings = undefined
    const settled: string[] = []
    for (const [id, contract] of contracts) {
      if (contract.instrument.expiry > next.time) continue
      const { value } = markContract(contract, next.marks.get(contract.market)!, contract.instrument.expiry)
      ledger.settle(id, toWadUsd('settlement', value, 'down'))
      contracts.delete(id)
      settled.push(id)
    }
    const values = new Map<string, ContractMark>()
    for (const [id, contract] of contracts) values.set(id, markContract(contract, next.marks.get(contract.market)!, next.time))
    market = {
      time: next.time,
      marks: next.marks,
      parameters: new Map([...next.parameters].map(([name, { margin }]) => [name, margin])),
      residuals: new Map([...next.parameters].map(([name, { residual }]) => [name, residual])),
      factor: options.factor,
      contracts,
      values,
    }
    for (const { account } of ledger.accounts()) ledger.touch(account)
    for (const [account, auction] of auctions) closeIfRestored(account, auction)
    return { settled }
  }

  // ------------------------------------------------------------------ trades

  function tradeMatched({ taker, maker, instrument, contracts: size, price }: MatchedTrade): Outcome<object> {
    const { tick: present, market: marked } = now()
    const contract = contractOf(instrument)
    if (size % LOT !== 0n || size === 0n) throw new InvalidInputError({ argument: 'contracts', got: size, limit: 'whole lots, not none' })
    const { tradingFee, openInterestCap } = present.parameters.get(contract.market)!
    const payment = toWadUsd('price', (price - contract.reference) * (Number(size) / 1e18), 'up')
    const fee = toWadUsd('fee', tradingFee * Math.abs(Number(size) / 1e18) * marked.marks.get(contract.market)!.spot, 'up')
    const before = [ledger.account(taker), ledger.account(maker)] as const
    const after = [traded(before[0], instrument, size, payment + fee), traded(before[1], instrument, -size, fee - payment)] as const
    if (openInterestAfter(contract.market, before, after) > openInterestCap) return refused('openInterestCap')
    for (const [i, reason] of [
      [0, 'takerMargin'],
      [1, 'makerMargin'],
    ] as const) {
      const reading = readOne(after[i])
      // A party below its initial margin may only come nearer to it.
      if (reading.freeMargin < 0 && reading.freeMargin <= readOne(before[i]).freeMargin) return refused(reason)
    }
    if (ledger.sums().halted) return refused('halted')
    if (payment > 0n) ledger.pay(taker, maker, payment)
    else if (payment < 0n) ledger.pay(maker, taker, -payment)
    for (const payer of [taker, maker]) {
      const forFund = contribution(fee, present.group.contributionRateBps)
      ledger.payToFund(payer, forFund)
      ledger.pay(payer, treasuryAccount, fee - forFund)
    }
    ledger.movePosition(maker, taker, instrument, size)
    readings = undefined
    return { kind: 'done' }
  }

  function openInterestAfter(name: string, before: readonly LedgerAccount[], after: readonly LedgerAccount[]): number {
    const longs = (accounts: readonly LedgerAccount[]): bigint =>
      accounts.reduce(
        (sum, { positions }) =>
          [...positions].reduce((total, [id, held]) => (held > 0n && contracts.get(id)!.market === name ? total + held : total), sum),
        0n,
      )
    return Number(longs(ledger.accounts()) - longs(before) + longs(after)) / 1e18
  }

  // ------------------------------------------------------------------ liquidation

  function flag(account: string, keeper: string): Outcome<object> {
    const { tick: present, market: marked } = now()
    if (auctions.has(account)) return refused('notLiquidatable')
    const ledgerAccount = ledger.account(account)
    const { equity, maintenance } = readOne(ledgerAccount)
    const markets = marketsOf(ledgerAccount, marked)
    if (markets.length === 0 || equity >= maintenance) return refused('notLiquidatable')
    const terms = strictest(markets.map((name) => present.parameters.get(name)!.liquidation))
    auctions.set(account, {
      flaggedAt: present.time,
      keeper,
      terms,
      bankruptAt: equity < 0 ? present.time : null,
      rewardLeft: terms.keeperReward,
    })
    return { kind: 'done' }
  }

  function stateOf(account: string): AccountState & { readonly grossDelta: WadUsd; readonly initial: Usd } {
    const { equity, maintenance, grossDelta, initial } = readOne(ledger.account(account))
    return {
      equity: toWadUsd('equity', equity, 'down'),
      maintenance: toWadUsd('maintenance', maintenance, 'up'),
      grossDelta: toWadUsd('grossDelta', grossDelta, 'down'),
      initial,
    }
  }

  function quoteOf(account: string, auction: Auction): SliceQuote {
    const { time } = now().tick
    const { grossDelta, ...state } = stateOf(account)
    if (state.equity < 0n) auction.bankruptAt ??= time
    const since = state.equity < 0n ? auction.bankruptAt! : auction.flaggedAt
    return quoteSlice(state, grossDelta, auction.terms, time - since, toWadUsd('dust', options.dust, 'up'))
  }

  function closeIfRestored(account: string, auction: Auction): void {
    if (ledger.account(account).positions.size === 0 || quoteOf(account, auction).phase === 'restored') auctions.delete(account)
  }

  function take(account: string, bidder: string, share: WadFraction, least: WadUsd): Outcome<SliceTaken> {
    const auction = auctions.get(account)
    if (auction === undefined || account === bidder) return refused('noAuction')
    const quote = quoteOf(account, auction)
    if (quote.phase === 'restored') return refused('noAuction')
    const most = quote.phase === 'solvent' ? quote.fraction : WAD
    const fraction = share < most ? share : most
    const offered = quote.phase === 'solvent' ? quote.liquidator : lesser(quote.reward, allowance())
    const bidderPart = (offered * fraction) / most
    if (bidderPart < least) return refused('belowLeast')
    const seller = ledger.account(account)
    const ids = [...seller.positions.keys()]
    const lots = [...seller.positions.values()].map((held) => held / LOT)
    const slice = fraction === WAD ? [...seller.positions.values()] : sliceQuantities(lots, fraction).map((held) => held * LOT)
    const moved = ids.flatMap((id, i) => (slice[i] === 0n ? [] : [[id, slice[i]!] as const]))
    if (moved.length === 0) return refused('nothingToTake')
    const worth = moved.reduce((sum, [id, held]) => sum + worthOf(id, held), 0n)
    const buyer = ledger.account(bidder)
    const positions = new Map(buyer.positions)
    for (const [id, held] of moved) positions.set(id, (positions.get(id) ?? 0n) + held)
    const cash = { ...buyer.cash, principal: buyer.cash.principal - worth + bidderPart }
    if (readOne({ ...buyer, cash, positions: withoutZeros(positions) }).freeMargin < 0) return refused('bidderMargin')

    if (worth > 0n) ledger.pay(bidder, account, worth)
    else if (worth < 0n) ledger.pay(account, bidder, -worth)
    for (const [id, held] of moved) ledger.movePosition(account, bidder, id, held)
    const paid =
      quote.phase === 'solvent'
        ? chargeSlice(account, bidder, auction, (quote.charge * fraction) / most, bidderPart)
        : payBidder(bidder, bidderPart)
    const emptied = ledger.account(account).positions.size === 0
    const written = emptied ? ledger.writeOff(account) : null
    const losses = written !== null && written.deficit > 0n ? written : null
    readings = undefined
    const notional = moved.reduce(
      (sum, [id, held]) => sum + (Math.abs(Number(held)) / 1e18) * now().market.marks.get(contracts.get(id)!.market)!.spot,
      0,
    )
    closeIfRestored(account, auction)
    return { kind: 'done', phase: quote.phase, fraction, notional, ...paid, losses }
  }

  /** The account pays the charge: the bidder's part, out of the rest the keeper's reward until it is paid, and the fund has what is left. */
  function chargeSlice(
    account: string,
    bidder: string,
    auction: Auction,
    charge: WadUsd,
    bidderPart: WadUsd,
  ): Pick<SliceTaken, 'charge' | 'bidder' | 'fund' | 'keeper'> {
    const forFund = charge - bidderPart
    const keeper = lesser(auction.rewardLeft, forFund)
    auction.rewardLeft -= keeper
    ledger.pay(account, bidder, bidderPart)
    ledger.pay(account, auction.keeper, keeper)
    ledger.payToFund(account, forFund - keeper)
    return { charge, bidder: bidderPart, fund: forFund - keeper, keeper }
  }

  function payBidder(bidder: string, amount: WadUsd): Pick<SliceTaken, 'charge' | 'bidder' | 'fund' | 'keeper'> {
    ledger.payFromFund(bidder, amount)
    payouts.push({ time: now().tick.time, amount })
    return { charge: 0n, bidder: amount, fund: -amount, keeper: 0n }
  }

  function allowance(): WadUsd {
    const { time } = now().tick
    const paid = payouts.reduce((sum, payout) => (payout.time > time - DAY ? sum + payout.amount : sum), 0n)
    return payoutAllowance(ledger.sums().fund, paid, now().tick.group.payoutLimitBps)
  }

  // ------------------------------------------------------------------ bankruptcy

  function resolve(account: string): Outcome<BankruptcyResolved> {
    const auction = auctions.get(account)
    if (auction === undefined) return refused('noAuction')
    const quote = quoteOf(account, auction)
    const due = auction.bankruptAt !== null && now().tick.time >= auction.bankruptAt + auction.terms.insolventSeconds
    if (quote.phase !== 'insolvent' || !due) return refused('notDue')
    const { equity, initial } = stateOf(account)
    const reserved = toWadUsd('initial', initial, 'up')
    const positions = [...ledger.account(account).positions]
    const size = positions.reduce((sum, [, held]) => sum + Math.abs(Number(held)) / 1e18, 0)
    const backstopped = ledger.sums().fund >= reserved - equity
    for (const [id, held] of positions) {
      if (!backstopped) {
        ledger.tearUp(account, id, contractValue(id))
        continue
      }
      const worth = worthOf(id, held)
      if (worth > 0n) ledger.pay(backstopAccount, account, worth)
      else if (worth < 0n) ledger.pay(account, backstopAccount, -worth)
      ledger.movePosition(account, backstopAccount, id, held)
    }
    if (backstopped) ledger.payFromFund(backstopAccount, reserved)
    const losses: LossReading = ledger.writeOff(account)
    auctions.delete(account)
    readings = undefined
    return { kind: 'done', how: backstopped ? 'backstop' : 'tornUp', contracts: size, losses }
  }

  /** What a position is worth at mark, rounded down: against whoever hands it over. */
  function worthOf(instrument: string, held: bigint): WadUsd {
    return toWadUsd('worth', (Number(held) / 1e18) * fromWadUsd(contractValue(instrument)), 'down')
  }
}

/** Of all markets that an account holds the largest fee, caps, shares, buffer and reward, and the shortest durations. */
function strictest(terms: readonly Terms[]): Terms {
  return terms.reduce((a, b) => ({
    feeBps: a.feeBps > b.feeBps ? a.feeBps : b.feeBps,
    maintenanceShareBps: a.maintenanceShareBps > b.maintenanceShareBps ? a.maintenanceShareBps : b.maintenanceShareBps,
    liquidatorShareBps: a.liquidatorShareBps > b.liquidatorShareBps ? a.liquidatorShareBps : b.liquidatorShareBps,
    bufferBps: a.bufferBps > b.bufferBps ? a.bufferBps : b.bufferBps,
    solventSeconds: Math.min(a.solventSeconds, b.solventSeconds),
    insolventSeconds: Math.min(a.insolventSeconds, b.insolventSeconds),
    keeperReward: a.keeperReward > b.keeperReward ? a.keeperReward : b.keeperReward,
  }))
}

/** An account as a trade would leave it. */
function traded(account: LedgerAccount, instrument: string, size: bigint, paid: WadUsd): LedgerAccount {
  const positions = new Map(account.positions)
  positions.set(instrument, (positions.get(instrument) ?? 0n) + size)
  return { ...account, positions: withoutZeros(positions), cash: { ...account.cash, principal: account.cash.principal - paid } }
}

function withoutZeros(positions: ReadonlyMap<string, bigint>): Map<string, bigint> {
  return new Map([...positions].filter(([, held]) => held !== 0n))
}

const refused = (reason: Refusal): { readonly kind: 'refused'; readonly reason: Refusal } => ({ kind: 'refused', reason })
const lesser = (a: bigint, b: bigint): bigint => (a < b ? a : b)
