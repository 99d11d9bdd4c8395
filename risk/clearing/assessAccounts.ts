import { assessGroup, type GroupMember } from '../margin/group/index.ts'
import { type AccountAssessment, assessBook, type MarginParameters } from '../margin/index.ts'
import type { Book, Fraction, Portfolio, UnixSeconds, Usd } from '../types/index.ts'
import type { LedgerAccount } from './createLedger.ts'
import type { ContractMark } from './markContract.ts'
import type { AccountReading, ListedContract, MarketMark } from './types.ts'

/** Everything margin depends on beside the accounts. */
export type ClearingMarket = {
  readonly time: UnixSeconds
  readonly marks: ReadonlyMap<string, MarketMark>
  readonly parameters: ReadonlyMap<string, MarginParameters>
  /** `margin.betaResidual` of each market. */
  readonly residuals: ReadonlyMap<string, Fraction>
  /** Market that is the common factor. */
  readonly factor: string
  readonly contracts: ReadonlyMap<string, ListedContract>
  readonly values: ReadonlyMap<string, ContractMark>
}

type Held = readonly (readonly [string, bigint])[]

/** Margin of accounts as the rule of `risk/margin` has it: one underlying by its book, several by the beta ladder. In the order of the accounts. */
export function assessAccounts(accounts: readonly LedgerAccount[], market: ClearingMarket): AccountReading[] {
  const readings = new Map<string, AccountReading>()
  const single = new Map<string, LedgerAccount[]>()
  for (const account of accounts) {
    const markets = marketsOf(account, market)
    if (markets.length === 0) readings.set(account.account, flatReading(account))
    else if (markets.length === 1) single.set(markets[0]!, [...(single.get(markets[0]!) ?? []), account])
    else readings.set(account.account, groupReading(account, markets, market))
  }
  for (const [name, members] of single) {
    const book = buildBook(name, members, market)
    const assessed = assessBook(book, { time: market.time, ...markOf(name, market) }, parametersOf(name, market)).accounts
    members.forEach((account, i) => {
      readings.set(account.account, toReading(account, assessed[i]!, market))
    })
  }
  return accounts.map(({ account }) => readings.get(account)!)
}

/** The accounts of one market as a book; the cash of one that holds several markets is given to each in equal parts. */
export function buildBook(name: string, accounts: readonly LedgerAccount[], market: Pick<ClearingMarket, 'contracts'>): Book {
  const ids: string[] = []
  const places = new Map<string, number>()
  const portfolios = accounts.map((account): Portfolio => {
    const held = heldIn(account, name, market)
    let cash = cashOf(account) / marketsOf(account, market).length
    const positions = held.map(([id, contracts]) => {
      if (!places.has(id)) {
        places.set(id, ids.length)
        ids.push(id)
      }
      const quantity = Number(contracts) / 1e18
      cash -= quantity * market.contracts.get(id)!.reference
      return { instrument: places.get(id)!, quantity }
    })
    return {
      account: account.account,
      cash,
      collateral: 0,
      principal: Number(account.contributed) / 1e18,
      positions: positions.sort((a, b) => a.instrument - b.instrument),
    }
  })
  return {
    schema: 'ballast.book',
    version: 1,
    market: name,
    instruments: ids.map((id) => market.contracts.get(id)!.instrument),
    portfolios,
  }
}

/** Markets in which an account holds something, in the order of their names. */
export function marketsOf({ positions }: LedgerAccount, { contracts }: Pick<ClearingMarket, 'contracts'>): string[] {
  return [...new Set([...positions.keys()].map((id) => contracts.get(id)!.market))].sort()
}

function cashOf({ cash }: LedgerAccount): Usd {
  return Number(cash.principal + cash.profit - cash.debt) / 1e18
}

function heldIn({ positions }: LedgerAccount, name: string, { contracts }: Pick<ClearingMarket, 'contracts'>): Held {
  return [...positions].filter(([id]) => contracts.get(id)!.market === name)
}

function markOf(name: string, { marks }: ClearingMarket): MarketMark {
  return marks.get(name)!
}

function parametersOf(name: string, { parameters }: ClearingMarket): MarginParameters {
  return parameters.get(name)!
}

function groupReading(account: LedgerAccount, markets: readonly string[], market: ClearingMarket): AccountReading {
  const members = markets.map((name): GroupMember => {
    const { instruments, portfolios } = buildBook(name, [account], market)
    // What was deposited is one figure of the account, not of each underlying: the cap on gains stays with single markets.
    const { principal: _, ...portfolio } = portfolios[0]!
    const mark = { time: market.time, ...markOf(name, market) }
    return { market: name, instruments, portfolio, mark, parameters: parametersOf(name, market), residual: market.residuals.get(name)! }
  })
  const { equity, maintenance, initial, freeMargin, members: singles } = assessGroup(members, market.factor)
  const notional = singles.reduce((sum, each) => sum + each.notional, 0)
  return toReading(account, { equity, maintenance, initial, freeMargin, notional }, market)
}

function toReading(
  { account, positions }: LedgerAccount,
  {
    equity,
    maintenance,
    initial,
    freeMargin,
    notional,
  }: Pick<AccountAssessment, 'equity' | 'maintenance' | 'initial' | 'freeMargin' | 'notional'>,
  market: ClearingMarket,
): AccountReading {
  const netDelta = new Map<string, Usd>()
  let grossDelta = 0
  for (const [id, contracts] of positions) {
    const name = market.contracts.get(id)!.market
    const delta = (Number(contracts) / 1e18) * market.values.get(id)!.delta * markOf(name, market).spot
    netDelta.set(name, (netDelta.get(name) ?? 0) + delta)
    grossDelta += Math.abs(delta)
  }
  return { account, equity, maintenance, initial, freeMargin, notional, grossDelta, netDelta, positions: new Map(positions) }
}

function flatReading(account: LedgerAccount): AccountReading {
  const equity = cashOf(account)
  return {
    account: account.account,
    equity,
    maintenance: 0,
    initial: 0,
    freeMargin: equity,
    notional: 0,
    grossDelta: 0,
    netDelta: new Map(),
    positions: new Map(),
  }
}
