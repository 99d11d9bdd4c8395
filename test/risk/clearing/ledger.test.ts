import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type Cash,
  createLedger,
  interestOf,
  type Ledger,
  ledgerFaults,
  matureCash,
  payCash,
  receiveCash,
} from '../../../risk/clearing/index.ts'
import { InvalidInputError } from '../../../risk/errors/index.ts'
import type { Bps } from '../../../risk/types/index.ts'
import { propertyRuns } from '../support/propertyRuns.ts'

const usd = (n: number): bigint => BigInt(n) * 10n ** 18n
const HOUR = 3_600

describe('payCash and receiveCash', () => {
  const cash: Cash = { principal: 100n, profit: 30n, debt: 0n }
  it('takes profit first, then principal, then owes', () => {
    expect(payCash(cash, 20n)).toEqual({ principal: 100n, profit: 10n, debt: 0n })
    expect(payCash(cash, 50n)).toEqual({ principal: 80n, profit: 0n, debt: 0n })
    expect(payCash(cash, 200n)).toEqual({ principal: 0n, profit: 0n, debt: 70n })
  })
  it('receives profit, and repays no debt with it before it has matured', () => {
    expect(receiveCash({ principal: 0n, profit: 0n, debt: 70n }, 100n)).toEqual({ principal: 0n, profit: 100n, debt: 70n })
    expect(receiveCash({ principal: 0n, profit: 10n, debt: 70n }, 50n)).toEqual({ principal: 0n, profit: 60n, debt: 70n })
  })
  it('refuses a negative amount', () => {
    expect(() => payCash(cash, -1n)).toThrow(InvalidInputError)
    expect(() => receiveCash(cash, -1n)).toThrow(InvalidInputError)
  })
})

describe('matureCash', () => {
  const cash: Cash = { principal: 5n, profit: 1_000n, debt: 0n }
  const sums = { tokens: 2_000n, principal: 500n, profit: 1_000n, fund: 500n, debt: 0n }
  it.each([
    [0, 5n, 1_000n],
    [900, 255n, 750n],
    [HOUR, 1_005n, 0n],
    [9 * HOUR, 1_005n, 0n],
  ])('after %i of 3,600 s', (elapsed, principal, profit) => {
    expect(matureCash(cash, sums, elapsed, HOUR)).toEqual({ principal, profit, debt: 0n })
  })
  it('lets only what tokens back mature: the rest stays profit', () => {
    const short = { ...sums, tokens: 1_600n, debt: 400n }
    expect(matureCash(cash, short, HOUR, HOUR)).toEqual({ principal: 605n, profit: 400n, debt: 0n })
    expect(matureCash(cash, { ...sums, debt: 1_100n }, HOUR, HOUR)).toEqual(cash)
  })
  it('matures at once without a warm-up', () => {
    expect(matureCash(cash, sums, 0, 0)).toEqual({ principal: 1_005n, profit: 0n, debt: 0n })
  })
})

const opened = (...accounts: readonly string[]): Ledger => openedAt(0 as Bps, ...accounts)
function openedAt(rate: Bps, ...accounts: readonly string[]): Ledger {
  const ledger = createLedger(0, HOUR, rate)
  for (const account of accounts) ledger.open(account)
  return ledger
}
const faultsOf = (ledger: Ledger): string[] => ledgerFaults(ledger.accounts(), ledger.sums())

describe('interestOf', () => {
  it.each([
    [1_000_000_000n, 0n, 3_153_600, 1_000, 10_000_000n, 0n],
    [100n, 0n, 3_600, 200, 1n, 4_293_986_709n],
    [100n, 4_000_000_000n, 86_400, 200, 0n, 3_976_465_932n],
    [123_456_789_012_345_678_901n, 77n, 12, 731, 3_434_052_997_262n, 3_377_910_690n],
    [79_228_162_514_264_337_593_543n, 4_294_967_295n, 31_536_000, 5_000, 39_614_081_257_132_168_796_771n, 2_147_483_647n],
  ])('on %i with %i prepaid, after %i s at %i bps: the figures of the contract', (debt, prepaid, elapsed, rate, units, left) => {
    expect(interestOf(debt, prepaid, elapsed, rate as Bps)).toEqual({ units, prepaid: left })
  })
  it('refuses a negative debt', () => {
    expect(() => interestOf(-1n, 0n, 1, 1 as Bps)).toThrow(InvalidInputError)
  })
})

describe('createLedger', () => {
  it('charges interest to whoever owes, for the fund, from when it owes; the same however often the clock moves', () => {
    const ledger = openedAt(1_000 as Bps, 'ann', 'bob')
    ledger.moveTo(9 * HOUR)
    ledger.pay('ann', 'bob', 100n)
    for (let hour = 10; hour <= 9 + 730; hour++) ledger.moveTo(hour * HOUR)
    expect(ledger.account('ann').cash.debt).toBe(101n)
    ledger.pay('ann', 'bob', usd(1_000) - 101n)
    ledger.moveTo(10 * HOUR + 730 * HOUR + 3_153_600)
    expect(ledger.account('ann').cash.debt / 10n ** 15n).toBe(1_010_011n)
    expect(ledger.account('bob').cash.debt).toBe(0n)
    expect(ledger.sums().fund).toBe(ledger.account('ann').cash.debt - usd(1_000) + 1n)
    expect(faultsOf(ledger)).toEqual([])
  })
  it('settles with payers rounded up, receivers down and the rest to the fund', () => {
    const ledger = opened('long', 'short-a', 'short-b')
    ledger.movePosition('short-a', 'long', 'P', 5n * 10n ** 17n)
    ledger.movePosition('short-b', 'long', 'P', 5n * 10n ** 17n)
    for (const account of ['short-a', 'short-b']) ledger.deposit(account, 10n)
    ledger.settle('P', 3n)
    expect(ledger.account('long').cash.profit).toBe(3n)
    expect(ledger.account('short-a').cash.principal).toBe(8n)
    expect(ledger.account('short-b').cash.principal).toBe(8n)
    expect(ledger.sums().fund).toBe(1n)
    expect(faultsOf(ledger)).toEqual([])
  })
  it('settles a future below its reference: longs pay', () => {
    const ledger = opened('long', 'short')
    ledger.deposit('long', usd(100))
    ledger.movePosition('short', 'long', 'F', 10n ** 18n)
    ledger.settle('F', -usd(40))
    expect(ledger.account('long').cash.principal).toBe(usd(60))
    expect(ledger.account('short').cash.profit).toBe(usd(40))
    expect(faultsOf(ledger)).toEqual([])
  })
  it('tears a position up against the whole other side in proportion, value by value', () => {
    const ledger = opened('bankrupt', 'big', 'small')
    ledger.deposit('big', usd(100))
    ledger.deposit('small', usd(100))
    ledger.movePosition('big', 'bankrupt', 'C', 3n * 10n ** 18n)
    ledger.movePosition('small', 'bankrupt', 'C', 10n ** 18n)
    ledger.tearUp('bankrupt', 'C', usd(10))
    expect(ledger.account('bankrupt').cash.profit).toBe(usd(40))
    expect(ledger.account('big')).toMatchObject({ cash: { principal: usd(70) } })
    expect(ledger.account('small')).toMatchObject({ cash: { principal: usd(90) } })
    for (const { positions } of ledger.accounts()) expect(positions.size).toBe(0)
    expect(faultsOf(ledger)).toEqual([])
  })
  it('pays a deficit by the fund, then by unmatured profit; the odd unit of the index is for the fund and principal stays whole', () => {
    const ledger = opened('bankrupt', 'winner', 'saver')
    ledger.endowFund(usd(10))
    ledger.deposit('saver', usd(50))
    ledger.pay('bankrupt', 'winner', usd(30))
    expect(ledger.writeOff('bankrupt')).toEqual({ deficit: usd(30), fund: usd(10), profit: usd(20), principal: 0n, uncovered: 0n })
    expect(ledger.account('winner').cash.profit).toBe(usd(10) - 1n)
    expect(ledger.sums().fund).toBe(1n)
    ledger.pay('bankrupt', 'winner', usd(100))
    expect(ledger.writeOff('bankrupt')).toEqual({ deficit: usd(100), fund: 1n, profit: usd(100) - 1n, principal: 0n, uncovered: 0n })
    expect(ledger.account('saver').cash.principal).toBe(usd(50))
    expect(ledger.sums().halted).toBe(false)
    expect(faultsOf(ledger)).toEqual([])
  })
  it.each<readonly [string, (ledger: Ledger) => void, Readonly<Record<string, readonly [number, number, number]>>]>([
    [
      'a receipt repays no debt before it matures',
      (ledger) => {
        ledger.pay('ann', 'bob', usd(1_500))
        ledger.pay('cat', 'ann', usd(500))
        ledger.moveTo(HOUR)
        ledger.touch('ann')
      },
      { ann: [0, 125, 125], bob: [1_000, 1_500, 0], cat: [500, 0, 0] },
    ],
    [
      'a payment takes profit that was due and has not matured',
      (ledger) => {
        ledger.pay('ann', 'bob', usd(300))
        ledger.moveTo(HOUR)
        ledger.pay('bob', 'ann', usd(400))
      },
      { ann: [700, 400, 0], bob: [900, 0, 0] },
    ],
    [
      'a touch early starts nothing',
      (ledger) => {
        ledger.pay('ann', 'bob', usd(360))
        ledger.moveTo(HOUR / 2)
        ledger.touch('bob')
        expect(ledger.account('bob').cash.profit).toBe(usd(360))
        ledger.moveTo(HOUR)
        ledger.touch('bob')
      },
      { ann: [640, 0, 0], bob: [1_360, 0, 0] },
    ],
    [
      'a receipt waits its own time',
      (ledger) => {
        ledger.pay('ann', 'bob', usd(360))
        ledger.moveTo(HOUR / 2)
        ledger.pay('ann', 'bob', usd(180))
        expect(ledger.account('bob').cash).toMatchObject({ principal: usd(1_180), profit: usd(360) })
        ledger.moveTo(HOUR)
        ledger.pay('ann', 'bob', usd(1))
      },
      { ann: [459, 0, 0], bob: [1_360, 181, 0] },
    ],
    [
      'nothing is made of what is owed',
      (ledger) => {
        ledger.pay('ann', 'bob', usd(4_000))
        ledger.moveTo(10_000)
        ledger.touch('bob')
        ledger.moveTo(20_000)
        ledger.touch('bob')
      },
      { ann: [0, 0, 3_000], bob: [2_000, 3_000, 0] },
    ],
    [
      'a deposit repays debt first',
      (ledger) => {
        ledger.pay('ann', 'bob', usd(1_500))
        ledger.deposit('ann', usd(600))
      },
      { ann: [100, 0, 0] },
    ],
    [
      'an account whose own profit pays its debt has no deficit',
      (ledger) => {
        ledger.pay('ann', 'bob', usd(1_500))
        ledger.pay('cat', 'ann', usd(500))
        expect(ledger.writeOff('ann').deficit).toBe(0n)
      },
      { ann: [0, 500, 500], bob: [1_000, 1_500, 0] },
    ],
    [
      'its own profit pays first: what is left of the debt is the deficit',
      (ledger) => {
        ledger.endowFund(usd(300))
        ledger.pay('ann', 'bob', usd(1_500))
        ledger.pay('cat', 'ann', usd(200))
        expect(ledger.writeOff('ann')).toMatchObject({ deficit: usd(300), fund: usd(300), profit: 0n })
        expect(ledger.sums().halted).toBe(false)
      },
      { ann: [0, 0, 0], bob: [1_000, 1_500, 0] },
    ],
    [
      'a loss of all unmatured profit halts the group, and nothing matures in it',
      (ledger) => {
        ledger.pay('ann', 'bob', usd(1_000))
        ledger.moveTo(HOUR)
        ledger.touch('bob')
        ledger.pay('ann', 'bob', usd(500))
        expect(ledger.writeOff('ann')).toMatchObject({ deficit: usd(500), profit: usd(500), principal: 0n })
        expect(ledger.sums().halted).toBe(true)
        ledger.pay('cat', 'bob', usd(100))
        ledger.moveTo(3 * HOUR)
        ledger.touch('bob')
      },
      { ann: [0, 0, 0], bob: [2_000, 100, 0], cat: [900, 0, 0] },
    ],
  ])('as contracts/clearing/Ledger does, most figures from its own test: %s', (_, act, expected) => {
    const ledger = opened('ann', 'bob', 'cat')
    for (const account of ['ann', 'bob', 'cat']) ledger.deposit(account, usd(1_000))
    act(ledger)
    for (const [account, [principal, profit, debt]] of Object.entries(expected))
      expect(ledger.account(account).cash, account).toEqual({ principal: usd(principal), profit: usd(profit), debt: usd(debt) })
    expect(faultsOf(ledger)).toEqual([])
  })
  it.each<readonly [string, (ledger: Ledger) => void]>([
    ['an unknown account', (ledger) => ledger.deposit('nobody', 1n)],
    ['an account opened twice', (ledger) => ledger.open('a')],
    ['more than the fund has', (ledger) => ledger.payFromFund('a', 1n)],
    ['time running back', (ledger) => ledger.moveTo(-1)],
    ['a tear-up of nothing', (ledger) => ledger.tearUp('a', 'F', 1n)],
  ])('refuses %s', (_, act) => {
    expect(() => act(opened('a'))).toThrow(InvalidInputError)
  })

  const names = ['a', 'b', 'c', 'd'] as const
  const name = fc.constantFrom(...names)
  const instrument = fc.constantFrom('F', 'C', 'P')
  const amount = fc.bigInt(0n, usd(1_000_000))
  const act = fc.oneof(
    fc.record({ kind: fc.constant('deposit' as const), name, amount }),
    fc.record({ kind: fc.constant('endow' as const), amount }),
    fc.record({ kind: fc.constant('pay' as const), name, other: name, amount }),
    fc.record({ kind: fc.constant('move' as const), name, other: name, instrument, contracts: fc.bigInt(-usd(50), usd(50)) }),
    fc.record({ kind: fc.constant('wait' as const), seconds: fc.integer({ min: 0, max: 10_000 }) }),
    fc.record({ kind: fc.constant('settle' as const), instrument, value: fc.bigInt(-usd(3_000), usd(3_000)) }),
    fc.record({ kind: fc.constant('tearUp' as const), name, instrument, value: fc.bigInt(-usd(3_000), usd(3_000)) }),
    fc.record({ kind: fc.constant('writeOff' as const), name }),
  )
  it('property: after any sequence cash adds up to the tokens and positions to nothing, to the last digit', () => {
    fc.assert(
      fc.property(fc.array(act, { maxLength: 60 }), (acts) => {
        const ledger = openedAt(5_000 as Bps, ...names)
        let now = 0
        for (const each of acts) {
          if (each.kind === 'deposit') ledger.deposit(each.name, each.amount)
          else if (each.kind === 'endow') ledger.endowFund(each.amount)
          else if (each.kind === 'pay') ledger.pay(each.name, each.other, each.amount)
          else if (each.kind === 'move') ledger.movePosition(each.name, each.other, each.instrument, each.contracts)
          else if (each.kind === 'wait') {
            now += each.seconds
            ledger.moveTo(now)
            for (const account of names) ledger.touch(account)
          } else if (each.kind === 'settle') ledger.settle(each.instrument, each.value)
          else if (each.kind === 'tearUp') {
            if (ledger.account(each.name).positions.has(each.instrument)) ledger.tearUp(each.name, each.instrument, each.value)
          } else {
            // What a debtor paid is somebody's profit or the fund's, so these two always suffice.
            expect(ledger.writeOff(each.name)).toMatchObject({ principal: 0n, uncovered: 0n })
          }
          expect(faultsOf(ledger)).toEqual([])
        }
      }),
      propertyRuns,
    )
  })
})
