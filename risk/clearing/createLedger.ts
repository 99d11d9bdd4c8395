import { InvalidInputError } from '../errors/index.ts'
import { addAmount, emptyIndex, type IndexedAmount, type ProRataIndex, readAmount, tearUp, waterfall } from '../insurance/index.ts'
import { assertAmount, type WadUsd } from '../liquidation/index.ts'
import type { Bps, Seconds, UnixSeconds } from '../types/index.ts'
import { emptyCash } from './emptyCash.ts'
import { interestOf } from './interestOf.ts'
import { matureCash } from './matureCash.ts'
import { payCash } from './payCash.ts'
import { receiveCash } from './receiveCash.ts'
import type { Cash, GroupSums, LossReading } from './types.ts'

/** What the ledger keeps of one account. Contracts have 18 decimals; negative is short. */
export type LedgerAccount = {
  readonly account: string
  readonly cash: Cash
  /** Deposits less withdrawals. */
  readonly contributed: WadUsd
  readonly positions: ReadonlyMap<string, bigint>
}

/** Cash and positions of one margin group: the twin of contracts/clearing/Ledger. Every amount is at least 0. */
export type Ledger = {
  readonly open: (account: string) => void
  readonly accounts: () => readonly LedgerAccount[]
  readonly account: (account: string) => LedgerAccount
  readonly sums: () => GroupSums
  /** Brings the clock on, never back, and charges interest on every debt until then, to the fund: as if everybody were touched. */
  readonly moveTo: (time: UnixSeconds) => void
  /** Lets profit mature that has waited its whole warm-up: earlier calls start nothing, so they cannot slow it. None matures while the group is halted. */
  readonly touch: (account: string) => void
  readonly deposit: (account: string, amount: WadUsd) => void
  /** Capital that governance or the founders put behind the group. */
  readonly endowFund: (amount: WadUsd) => void
  readonly pay: (from: string, to: string, amount: WadUsd) => void
  readonly payToFund: (from: string, amount: WadUsd) => void
  readonly payFromFund: (to: string, amount: WadUsd) => void
  readonly movePosition: (from: string, to: string, instrument: string, contracts: bigint) => void
  /** Closes every position in an instrument at a value per contract: payers rounded up, receivers down, the rest to the fund. Negative values reverse who pays. */
  readonly settle: (instrument: string, value: WadUsd) => void
  /** Closes an account's position against the whole other side at a value per contract. */
  readonly tearUp: (account: string, instrument: string, value: WadUsd) => void
  /** Pays an account's deficit off, which is what its own profit does not pay of its debt: fund, then all unmatured profit, then all principal in proportion. Without one nothing happens. */
  readonly writeOff: (account: string) => LossReading
}

type Entry = {
  cash: Cash
  contributed: WadUsd
  maturedAt: UnixSeconds
  /** Of the last unit of interest, in 2^-32 of it. */
  prepaid: bigint
  positions: Map<string, bigint>
}

const WAD = 10n ** 18n

/**
 * An empty ledger.
 *
 * @param warmUp - `cash.warmUp`: seconds in which profit matures.
 * @param debtRate - `cash.debtRate`: interest on debts, bps a year.
 * @throws from its functions: {InvalidInputError} an account is unknown or opened twice, an amount negative, the fund too small, the time earlier than before.
 */
export function createLedger(start: UnixSeconds, warmUp: Seconds, debtRate: Bps): Ledger {
  const entries = new Map<string, Entry>()
  const sums = { tokens: 0n, principal: 0n, profit: 0n, fund: 0n, debt: 0n, halted: false }
  let now = start

  const find = (account: string): Entry => {
    const entry = entries.get(account)
    if (entry === undefined) throw new InvalidInputError({ argument: 'account', got: account, limit: 'open' })
    return entry
  }
  const write = (entry: Entry, cash: Cash): void => {
    for (const part of ['principal', 'profit', 'debt'] as const) sums[part] += cash[part] - entry.cash[part]
    entry.cash = cash
  }
  const mature = (account: string): Entry => {
    const entry = find(account)
    if (sums.halted) return entry
    write(entry, matureCash(entry.cash, sums, now - entry.maturedAt, warmUp))
    entry.maturedAt = now
    return entry
  }
  const charge = (entry: Entry, elapsed: Seconds): void => {
    if (entry.cash.debt === 0n || elapsed === 0) return
    const { units, prepaid } = interestOf(entry.cash.debt, entry.prepaid, elapsed, debtRate)
    entry.prepaid = prepaid
    write(entry, { ...entry.cash, debt: entry.cash.debt + units })
    sums.fund += units
  }
  const take = (from: string, amount: WadUsd): void => {
    const entry = find(from)
    write(entry, payCash(entry.cash, amount))
  }
  const give = (to: string, amount: WadUsd): void => {
    if (amount === 0n) return
    const entry = mature(to)
    // Warms up from now, also in a halted group.
    entry.maturedAt = now
    write(entry, receiveCash(entry.cash, amount))
  }
  const fundBears = (amount: WadUsd): void => {
    if (amount > sums.fund) throw new InvalidInputError({ argument: 'amount', got: amount, limit: `at most the fund, ${sums.fund}` })
    sums.fund -= amount
  }
  const addPosition = (account: string, instrument: string, contracts: bigint): void => {
    const { positions } = find(account)
    const held = (positions.get(instrument) ?? 0n) + contracts
    if (held === 0n) positions.delete(instrument)
    else positions.set(instrument, held)
  }
  const view = (account: string, { cash, contributed, positions }: Entry): LedgerAccount => ({ account, cash, contributed, positions })

  return {
    open: (account) => {
      if (entries.has(account)) throw new InvalidInputError({ argument: 'account', got: `${account} twice`, limit: 'opened once' })
      entries.set(account, { cash: emptyCash, contributed: 0n, maturedAt: now, prepaid: 0n, positions: new Map() })
    },
    accounts: () => [...entries].map(([account, entry]) => view(account, entry)),
    account: (account) => view(account, find(account)),
    sums: () => ({ ...sums }),
    moveTo: (time) => {
      if (time < now) throw new InvalidInputError({ argument: 'time', got: time, limit: `at or after ${now}` })
      for (const entry of entries.values()) charge(entry, time - now)
      now = time
    },
    touch: (account) => {
      if (now >= find(account).maturedAt + warmUp) mature(account)
    },
    deposit: (account, amount) => {
      assertAmount('amount', amount)
      const entry = find(account)
      const { principal, debt } = entry.cash
      const repaid = amount < debt ? amount : debt
      write(entry, { ...entry.cash, principal: principal + amount - repaid, debt: debt - repaid })
      entry.contributed += amount
      sums.tokens += amount
    },
    endowFund: (amount) => {
      assertAmount('amount', amount)
      sums.fund += amount
      sums.tokens += amount
    },
    pay: (from, to, amount) => {
      take(from, amount)
      give(to, amount)
    },
    payToFund: (from, amount) => {
      take(from, amount)
      sums.fund += amount
    },
    payFromFund: (to, amount) => {
      fundBears(amount)
      give(to, amount)
    },
    movePosition: (from, to, instrument, contracts) => {
      find(to)
      addPosition(from, instrument, -contracts)
      addPosition(to, instrument, contracts)
    },
    settle,
    tearUp: tearUpPosition,
    writeOff,
  }

  function settle(instrument: string, value: WadUsd): void {
    const due = [...entries].flatMap(([account, { positions }]) => {
      const amount = (positions.get(instrument) ?? 0n) * value
      positions.delete(instrument)
      // Payers up, receivers down.
      return amount === 0n ? [] : [[account, amount < 0n ? -((-amount + WAD - 1n) / WAD) : amount / WAD] as const]
    })
    exchange(due)
  }

  function tearUpPosition(account: string, instrument: string, value: WadUsd): void {
    const held = find(account).positions.get(instrument) ?? 0n
    if (held === 0n) throw new InvalidInputError({ argument: 'instrument', got: instrument, limit: `held by ${account}` })
    const holders = [...entries].filter(([, { positions }]) => positions.has(instrument))
    const facing = holders.filter(([, { positions }]) => positions.get(instrument)! > 0n !== held > 0n)
    const own = sideOf(
      holders.filter(([, { positions }]) => positions.get(instrument)! > 0n === held > 0n),
      instrument,
    )
    const other = sideOf(facing, instrument)
    // A value below zero, as a future's may be against its reference, is a positive one with the sides changed.
    const [contracts, mark] = value < 0n ? [-held, -value] : [held, value]
    const openInterest = contracts > 0n ? { long: own.pool, short: other.pool } : { long: other.pool, short: own.pool }
    const torn = tearUp(openInterest, contracts, mark, other.owned)
    const after = torn.counterparties.map((counterparty) => counterparty.after)
    const missing = after.reduce((left, amount) => left - amount, other.pool.total - (held > 0n ? held : -held))
    const largest = after.reduce((best, amount, i) => (amount > after[best]! ? i : best), 0)
    addPosition(account, instrument, -held)
    facing.forEach(([name, { positions }], i) => {
      // What the readings lack of the side's total goes to its largest holder, so that both sides stay equal.
      const left = after[i]! + (i === largest ? missing : 0n)
      addPosition(name, instrument, (held > 0n ? -left : left) - positions.get(instrument)!)
    })
    exchange([[account, torn.bankruptCash], ...facing.map(([name], i) => [name, torn.counterparties[i]!.cash] as const)])
  }

  /** Payments (negative) and receipts that nearly add up; roundings stay with the fund. Payers first, so that receipts are backed when they arrive. */
  function exchange(due: readonly (readonly [string, WadUsd])[]): void {
    for (const [account, amount] of due) {
      if (amount >= 0n) continue
      take(account, -amount)
      sums.fund -= amount
    }
    for (const [account, amount] of due) {
      if (amount <= 0n) continue
      give(account, amount)
      sums.fund -= amount
    }
  }

  function writeOff(account: string): LossReading {
    const entry = find(account)
    // Its own receipts pay first, matured or not.
    const own = payCash({ ...entry.cash, debt: 0n }, entry.cash.debt)
    const deficit = own.debt
    if (deficit === 0n) return { deficit, fund: 0n, profit: 0n, principal: 0n, uncovered: 0n }
    write(entry, own)
    const profits = poolOf('profit')
    const principals = poolOf('principal')
    const { steps, layers, halted, uncovered } = waterfall(deficit, {
      junior: 0n,
      fund: sums.fund > 0n ? sums.fund : 0n,
      profit: profits.pool,
      principal: principals.pool,
    })
    const paid = (layer: string): WadUsd => steps.find((step) => step.layer === layer)!.paid
    sums.fund -= paid('fund')
    reduce('profit', profits.owned, layers.profit)
    reduce('principal', principals.owned, layers.principal)
    // Roundings of the index are the fund's, so that the group's sums stay exact.
    sums.fund += profits.pool.total - paid('profit') - sums.profit
    sums.fund += principals.pool.total - paid('principal') - sums.principal
    write(entry, { ...entry.cash, debt: uncovered })
    sums.halted ||= halted || (paid('profit') > 0n && paid('profit') === profits.pool.total)
    return { deficit, fund: paid('fund'), profit: paid('profit'), principal: paid('principal'), uncovered }
  }

  function poolOf(part: 'profit' | 'principal'): { readonly pool: ProRataIndex; readonly owned: ReadonlyMap<string, IndexedAmount> } {
    let pool = emptyIndex
    const owned = new Map<string, IndexedAmount>()
    for (const [account, { cash }] of entries) {
      const added = addAmount(pool, null, cash[part])
      pool = added.pool
      owned.set(account, added.owned)
    }
    return { pool, owned }
  }

  function reduce(part: 'profit' | 'principal', owned: ReadonlyMap<string, IndexedAmount>, pool: ProRataIndex): void {
    for (const [account, amount] of owned) {
      const entry = find(account)
      write(entry, { ...entry.cash, [part]: readAmount(pool, amount) })
    }
  }
}

/** One side of an instrument as a pool that has lost nothing yet. */
function sideOf(
  holders: readonly (readonly [string, { readonly positions: ReadonlyMap<string, bigint> }])[],
  instrument: string,
): { readonly pool: ProRataIndex; readonly owned: readonly IndexedAmount[] } {
  let pool = emptyIndex
  const owned = holders.map(([, { positions }]) => {
    const contracts = positions.get(instrument)!
    const added = addAmount(pool, null, contracts < 0n ? -contracts : contracts)
    pool = added.pool
    return added.owned
  })
  return { pool, owned }
}
