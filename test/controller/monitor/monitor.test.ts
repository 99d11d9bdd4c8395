import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { StoreCorruptError } from '../../../controller/errors/StoreErrors.ts'
import { applyClearingEvent } from '../../../controller/monitor/applyClearingEvent.ts'
import { concentrationOf } from '../../../controller/monitor/concentrationOf.ts'
import { distanceToLiquidation } from '../../../controller/monitor/distanceToLiquidation.ts'
import { openMonitorStore } from '../../../controller/monitor/openMonitorStore.ts'

describe('distanceToLiquidation', () => {
  it('of a long future is the fall at which cash and value meet the scan: (cash + S) / S = range', () => {
    // Ten contracts bought at 100 with 300 of margin: 300 + 10 (S - 100) = 0.2 x 10 S at S = 87.5.
    const { down, up } = distanceToLiquidation({ equity: 300, maintenance: 200, delta: 1_000, gamma: 0 })
    expect(down).toBeCloseTo(-0.125, 12)
    expect(up).toBeNull()
  })
  it('of a short one is a rise', () => {
    // 300 - 10 (S - 100) = 2 S at S = 1300 / 12.
    const { down, up } = distanceToLiquidation({ equity: 300, maintenance: 200, delta: -1_000, gamma: 0 })
    expect(up).toBeCloseTo(1_300 / 12 / 100 - 1, 12)
    expect(down).toBeNull()
  })
  it('of a short straddle is on both sides, and each is where equity meets maintenance', () => {
    const account = { equity: 500, maintenance: 300, delta: 20, gamma: -30_000 }
    const { down, up } = distanceToLiquidation(account)
    for (const x of [down, up]) {
      if (x === null) throw new Error('no distance')
      expect(account.equity + account.delta * x + (account.gamma / 2) * x * x).toBeCloseTo(account.maintenance * (1 + x), 9)
    }
    expect(down).toBeLessThan(0)
    expect(up).toBeGreaterThan(0)
  })
  it('is nothing for an account below maintenance, and endless for one that cannot fall short', () => {
    expect(distanceToLiquidation({ equity: 100, maintenance: 200, delta: 0, gamma: 0 })).toEqual({ down: 0, up: 0 })
    expect(distanceToLiquidation({ equity: 100, maintenance: 0, delta: 0, gamma: 0 })).toEqual({ down: null, up: null })
    expect(distanceToLiquidation({ equity: 100, maintenance: 50, delta: 0, gamma: 9_000 })).toEqual({ down: null, up: null })
  })
})

describe('concentrationOf', () => {
  it('of equal holders is one over their number', () => {
    expect(concentrationOf([5n, 5n, 5n, 5n])).toEqual({ lots: 20n, accounts: 4, largest: 0.25, largestFive: 1, herfindahl: 0.25 })
  })
  it('of nobody is nothing', () => {
    expect(concentrationOf([])).toEqual({ lots: 0n, accounts: 0, largest: 0, largestFive: 0, herfindahl: 0 })
  })
})

describe('openMonitorStore', () => {
  let folder = ''
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ballast-monitor-'))
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))
  const group = `0x${'04'.repeat(32)}` as const
  const at = (block: bigint) => ({ block, hash: `0x${'aa'.repeat(32)}` as const })

  it('keeps amounts beyond 2^63 and what was written, for the process that opens it next', () => {
    const path = join(folder, 'm.sqlite')
    const store = openMonitorStore(path)
    store.advance(at(7n), () => {
      store.write.open(1n, group)
      store.write.cash(1n, 2n ** 200n, 3n, 0n)
      store.write.position(1n, 255n, -(2n ** 38n))
      store.write.collateral(1n, 0n, 9n)
      store.write.flag(1n, 7n, 2n)
    })
    store.close()
    const again = openMonitorStore(path)
    expect(again.cursor()).toEqual(at(7n))
    expect(again.account(1n)).toEqual({
      account: 1n,
      group,
      principal: 2n ** 200n,
      profit: 3n,
      debt: 0n,
      positions: new Map([[255n, -(2n ** 38n)]]),
      collateral: new Map([[0n, 9n]]),
      outdated: false,
    })
    expect(again.auctions()).toEqual([{ account: 1n, block: 7n, keeper: 2n, bankrupt: false, slices: 0 }])
    again.close()
  })
  it('follows an auction from its flag to its end, and drops positions and collateral that are gone', () => {
    const store = openMonitorStore(':memory:')
    const apply = (event: Parameters<typeof applyClearingEvent>[1]) => applyClearingEvent(store.write, event, 9n)
    apply({ kind: 'opened', account: 1n, group })
    apply({ kind: 'position', account: 1n, instrument: 255n, lots: 5n })
    apply({ kind: 'collateral', account: 1n, asset: 0n, amount: 4n })
    apply({ kind: 'flagged', account: 1n, keeper: 2n, equity: 1n, maintenance: 2n })
    apply({ kind: 'sold', account: 1n, bidder: 3n, fraction: 1n, price: 1n, fundPart: 0n, keeperPart: 0n, reward: 0n })
    apply({ kind: 'bankrupt', account: 1n, equity: -1n })
    expect(store.auctions()).toEqual([{ account: 1n, block: 9n, keeper: 2n, bankrupt: true, slices: 1 }])
    apply({ kind: 'position', account: 1n, instrument: 255n, lots: 0n })
    apply({ kind: 'collateral', account: 1n, asset: 0n, amount: 0n })
    apply({ kind: 'ended', account: 1n, equity: 1n, maintenance: 0n })
    expect(store.auctions()).toEqual([])
    expect(store.account(1n)).toMatchObject({ positions: new Map(), collateral: new Map() })
    store.close()
  })
  it('marks those outdated whom a tear-up, a settlement or a loss reaches before their own events do, until they are touched', () => {
    const store = openMonitorStore(':memory:')
    const apply = (event: Parameters<typeof applyClearingEvent>[1]) => applyClearingEvent(store.write, event, 9n)
    for (const [account, lots] of [
      [1n, 5n],
      [2n, -3n],
      [3n, -2n],
    ] as const) {
      apply({ kind: 'opened', account, group })
      apply({ kind: 'position', account, instrument: 255n, lots })
    }
    const outdated = () => store.accounts().flatMap(({ account, outdated: is }) => (is ? [account] : []))
    apply({ kind: 'tornUp', account: 1n, instrument: 255n, lots: 5n, facing: 5n })
    expect(outdated()).toEqual([2n, 3n])
    apply({ kind: 'cash', account: 2n, principal: 1n, profit: 0n, debt: 0n })
    expect(outdated()).toEqual([3n])
    apply({ kind: 'struck', instrument: 255n, value: 1n })
    expect(outdated()).toEqual([1n, 2n, 3n])
    // Cash that moves for another reason settles nothing: the position is there until it does.
    for (const account of [1n, 2n, 3n]) apply({ kind: 'cash', account, principal: account === 2n ? 1n : 0n, profit: 0n, debt: 0n })
    expect(outdated()).toEqual([1n, 2n, 3n])
    for (const account of [1n, 2n, 3n]) apply({ kind: 'position', account, instrument: 255n, lots: 0n })
    apply({ kind: 'writtenOff', account: 1n, fromFund: 5n, fromProfit: 0n, fromPrincipal: 0n })
    expect(outdated()).toEqual([])
    apply({ kind: 'writtenOff', account: 1n, fromFund: 0n, fromProfit: 1n, fromPrincipal: 0n })
    expect(outdated()).toEqual([2n])
    apply({ kind: 'halted', group })
    expect(outdated()).toEqual([2n])
    store.close()
  })
  it('refuses a file that is something else', () => {
    const path = join(folder, 'other')
    writeFileSync(path, 'not a database, but long enough to be looked at as one')
    expect(() => openMonitorStore(path)).toThrow(StoreCorruptError)
  })
})
