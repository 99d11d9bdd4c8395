import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  addAmount,
  emptyIndex,
  type IndexedAmount,
  type LossLayers,
  type ProRataIndex,
  readAmount,
  reducePool,
  resolveBankruptcy,
  tearUp,
  waterfall,
} from '../../../risk/insurance/index.ts'
import { expectInvalid } from '../support/expectInvalid.ts'
import { propertyRuns } from '../support/propertyRuns.ts'

const WAD = 10n ** 18n
const amount = fc.bigInt({ min: 0n, max: 10n ** 27n })
const sumOf = (values: readonly bigint[]): bigint => values.reduce((sum, value) => sum + value, 0n)

/** A pool with one owner per amount. */
function poolOf(amounts: readonly bigint[]): { pool: ProRataIndex; owners: IndexedAmount[] } {
  const owners: IndexedAmount[] = []
  let pool = emptyIndex
  for (const each of amounts) {
    const added = addAmount(pool, null, each)
    pool = added.pool
    owners.push(added.owned)
  }
  return { pool, owners }
}

describe('ProRataIndex', () => {
  it('takes a loss from everyone in proportion, in one write', () => {
    const { pool, owners } = poolOf([600n, 300n, 100n])
    const after = reducePool(pool, 100n)
    expect(after.total).toBe(900n)
    // 2^128 x 0.9 is no whole number, so the index and with it every reading is rounded down.
    expect(owners.map((owned) => readAmount(after, owned))).toEqual([539n, 269n, 89n])
  })
  it('after a loss of everything, old parts are nothing and new ones whole', () => {
    const { pool, owners } = poolOf([5n, 7n])
    const wiped = reducePool(pool, 12n)
    expect(owners.map((owned) => readAmount(wiped, owned))).toEqual([0n, 0n])
    const again = addAmount(wiped, owners[0]!, 3n)
    expect(readAmount(again.pool, again.owned)).toBe(3n)
    expect(again.pool.total).toBe(3n)
  })
  it('under any sequence of receipts and losses, the total is exact and readings add up to it but for less than a wei per owner and step', () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('add' as const), owner: fc.nat(5), amount }),
      fc.record({ kind: fc.constant('lose' as const), bps: fc.integer({ min: 0, max: 9_900 }) }),
      fc.record({ kind: fc.constant('wipe' as const) }),
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
        let pool = emptyIndex
        let exact = 0n
        const owners: (IndexedAmount | null)[] = Array.from({ length: 6 }, () => null)
        let allowance = 0n
        for (const each of steps) {
          if (each.kind === 'add') {
            const added = addAmount(pool, owners[each.owner]!, each.amount)
            pool = added.pool
            owners[each.owner] = added.owned
            exact += each.amount
            allowance += 1n
          } else {
            const loss = each.kind === 'wipe' ? pool.total : (pool.total * BigInt(each.bps)) / 10_000n
            pool = reducePool(pool, loss)
            exact -= loss
            // The index is rounded by under one unit: an owner's part by under total / index.
            allowance += 6n * (1n + pool.total / pool.index)
          }
          expect(pool.total).toBe(exact)
          const read = sumOf(owners.map((owned) => (owned === null ? 0n : readAmount(pool, owned))))
          expect(read <= pool.total).toBe(true)
          expect(pool.total - read <= allowance + 6n).toBe(true)
        }
      }),
      propertyRuns,
    )
  })
  it('refuses to lose more than there is', () => {
    expectInvalid('loss', () => reducePool(poolOf([5n]).pool, 6n))
    expectInvalid('amount', () => addAmount(emptyIndex, null, -1n))
  })
})

const layersOf = (junior: bigint, fund: bigint, profits: readonly bigint[], principals: readonly bigint[]): LossLayers => ({
  junior,
  fund,
  profit: poolOf(profits).pool,
  principal: poolOf(principals).pool,
})
const sumOfLayers = ({ junior, fund, profit, principal }: LossLayers): bigint => junior + fund + profit.total + principal.total

describe('waterfall', () => {
  const layers = layersOf(10n, 20n, [30n, 10n], [100n])
  it.each([
    [0n, [0n, 0n, 0n, 0n], false],
    [7n, [7n, 0n, 0n, 0n], false],
    [25n, [10n, 15n, 0n, 0n], false],
    [69n, [10n, 20n, 39n, 0n], false],
    [71n, [10n, 20n, 40n, 1n], true],
  ] as const)('a deficit of %s is paid %s', (deficit, paid, halted) => {
    const result = waterfall(deficit, layers)
    expect(result.steps.map((step) => step.paid)).toEqual(paid)
    expect(result.halted).toBe(halted)
    expect(result.uncovered).toBe(0n)
  })
  it('says what nobody could pay', () => {
    expect(waterfall(200n, layers)).toMatchObject({ uncovered: 30n, halted: true })
  })
  it('conserves to the wei, pays in order, and two deficits one after the other equal one of both', () => {
    const pools = fc.array(amount, { maxLength: 5 })
    fc.assert(
      fc.property(amount, amount, pools, pools, amount, amount, (junior, fund, profits, principals, first, second) => {
        const before = layersOf(junior, fund, profits, principals)
        const result = waterfall(first, before)
        expect(sumOfLayers(before) - sumOfLayers(result.layers) + result.uncovered).toBe(first)
        for (const { before: had, paid, after } of result.steps) expect(had - paid).toBe(after)
        result.steps.forEach(({ paid }, i) => {
          if (paid > 0n) expect(result.steps.slice(0, i).every(({ after }) => after === 0n)).toBe(true)
        })
        const split = waterfall(second, result.layers)
        const together = waterfall(first + second, before)
        expect(sumOfLayers(split.layers)).toBe(sumOfLayers(together.layers))
        expect(result.uncovered + split.uncovered).toBe(together.uncovered)
        expect(result.halted || split.halted).toBe(together.halted)
      }),
      propertyRuns,
    )
  })
  it('every owner of profit loses the same share, to the wei', () => {
    fc.assert(
      fc.property(fc.array(fc.bigInt({ min: 1n, max: 10n ** 27n }), { minLength: 1, maxLength: 6 }), fc.nat(9_999), (profits, bps) => {
        const { pool, owners } = poolOf(profits)
        const deficit = (pool.total * BigInt(bps)) / 10_000n
        const { layers: after } = waterfall(deficit, { junior: 0n, fund: 0n, profit: pool, principal: emptyIndex })
        owners.forEach((owned, i) => {
          const fair = (profits[i]! * (pool.total - deficit)) / pool.total
          const got = readAmount(after.profit, owned)
          expect(got <= fair && fair - got <= 2n).toBe(true)
        })
      }),
      propertyRuns,
    )
  })
  it('refuses a negative deficit or layer', () => {
    expectInvalid('deficit', () => waterfall(-1n, layers))
    expectInvalid('fund', () => waterfall(1n, { ...layers, fund: -1n }))
  })
})

describe('tearUp', () => {
  const sides = (longs: readonly bigint[], shorts: readonly bigint[]) => {
    const [long, short] = [poolOf(longs), poolOf(shorts)]
    return { openInterest: { long: long.pool, short: short.pool }, longs: long.owners, shorts: short.owners }
  }
  it('closes a long against all shorts at mark', () => {
    const { openInterest, shorts } = sides([4n * WAD, 6n * WAD], [WAD, 9n * WAD])
    const result = tearUp(openInterest, 4n * WAD, 100n * WAD, shorts)
    expect([result.openInterest.long.total, result.openInterest.short.total]).toEqual([6n * WAD, 6n * WAD])
    expect(result.bankruptCash).toBe(400n * WAD)
    expect(result.counterparties.map(({ cash }) => cash)).toEqual([-40n * WAD, -360n * WAD])
    expect(result.fundCash).toBe(0n)
  })
  it('closes everything when the bankrupt account was the whole side', () => {
    const { openInterest, longs } = sides([3n, 4n], [7n])
    const result = tearUp(openInterest, -7n, WAD, longs)
    expect(result.counterparties.map(({ after }) => after)).toEqual([0n, 0n])
    expect([result.openInterest.long.total, result.openInterest.short.total]).toEqual([0n, 0n])
  })
  it('sides stay equal to the wei, cash adds up to nothing, and nobody pays or gets more than the mark of what was closed', () => {
    const holding = fc.bigInt({ min: 1n, max: 10n ** 24n })
    fc.assert(
      fc.property(
        fc.array(holding, { minLength: 1, maxLength: 8 }),
        fc.bigInt({ min: 0n, max: 10n ** 24n }),
        fc.nat(10_000),
        fc.boolean(),
        (holdings, mark, bps, isLong) => {
          const total = sumOf(holdings)
          const size = (total * BigInt(bps)) / 10_000n
          const facing = poolOf(holdings)
          const own = poolOf([size, total - size]).pool
          const openInterest = isLong ? { long: own, short: facing.pool } : { long: facing.pool, short: own }
          const result = tearUp(openInterest, isLong ? size : -size, mark, facing.owners)
          const { long, short } = result.openInterest
          expect(long.total).toBe(short.total)
          expect(long.total).toBe(total - size)
          expect(result.bankruptCash + result.fundCash + sumOf(result.counterparties.map(({ cash }) => cash))).toBe(0n)
          expect(result.fundCash >= 0n && result.fundCash <= BigInt(holdings.length) + 1n).toBe(true)
          const remaining = sumOf(result.counterparties.map(({ after }) => after))
          expect(remaining <= total - size && total - size - remaining <= 2n * BigInt(holdings.length)).toBe(true)
          for (const { before, cash } of result.counterparties) {
            const fair = before * size * mark
            const scale = total * WAD
            // A payer pays at least its part, a receiver gets at most its part; neither is off by a wei.
            if (isLong) expect(-cash * scale >= fair && (-cash - 1n) * scale < fair).toBe(true)
            else expect(cash * scale <= fair && (cash + 1n) * scale > fair).toBe(true)
          }
        },
      ),
      propertyRuns,
    )
  })
  it('is value-neutral for everyone: cash is worth the contracts it replaces', () => {
    const { openInterest, shorts } = sides([5n * WAD], [2n * WAD, 3n * WAD])
    const mark = 123_456_789n * 10n ** 10n
    const result = tearUp(openInterest, 2n * WAD, mark, shorts)
    for (const { before, after, cash } of result.counterparties) {
      const change = -(before - after) * mark - cash * WAD
      expect(change < 2n * mark + 2n * WAD && change > -2n * mark - 2n * WAD).toBe(true)
    }
  })
  it('refuses unequal sides, more than a side, and readings beyond it', () => {
    const { openInterest, shorts } = sides([5n], [2n, 3n])
    expectInvalid('openInterest.short.total', () => tearUp({ ...openInterest, short: poolOf([4n]).pool }, 1n, WAD, shorts))
    expectInvalid('quantity', () => tearUp(openInterest, 6n, WAD, shorts))
    expectInvalid('counterparties', () => tearUp(openInterest, 1n, WAD, [...shorts, shorts[0]!]))
    expectInvalid('mark', () => tearUp(openInterest, 1n, -1n, shorts))
  })
})

describe('resolveBankruptcy', () => {
  const open = poolOf([5n * WAD, 5n * WAD])
  const facing = poolOf([4n * WAD, 6n * WAD])
  const position = {
    instrument: 'F',
    quantity: 5n * WAD,
    mark: 10n * WAD,
    openInterest: { long: open.pool, short: facing.pool },
    counterparties: facing.owners,
  }
  const account = { equity: -30n * WAD, initialMargin: 50n * WAD, residual: [position] }
  it('goes to the backstop when the fund holds the initial margin beside the deficit', () => {
    const resolution = resolveBankruptcy(account, layersOf(10n * WAD, 70n * WAD, [WAD], [WAD]))
    expect(resolution).toMatchObject({ kind: 'backstop', reserved: 50n * WAD })
    expect(resolution.losses.layers.fund).toBe(50n * WAD)
  })
  it('else is torn up at mark before the waterfall', () => {
    const resolution = resolveBankruptcy(account, layersOf(10n * WAD, 70n * WAD - 1n, [WAD], [WAD]))
    if (resolution.kind !== 'tornUp') return expect.fail(resolution.kind)
    expect(resolution.tearUps.map(({ instrument, bankruptCash }) => [instrument, bankruptCash])).toEqual([['F', 50n * WAD]])
    expect(resolution.losses.steps.map(({ paid }) => paid)).toEqual([10n * WAD, 20n * WAD, 0n, 0n])
  })
  it('with nothing left open, only pays', () => {
    const resolution = resolveBankruptcy({ ...account, residual: [] }, layersOf(0n, 0n, [WAD], [99n * WAD]))
    expect(resolution).toMatchObject({ kind: 'tornUp', tearUps: [] })
    expect(resolution.losses).toMatchObject({ halted: true, uncovered: 0n })
  })
  it('whatever the layers hold, the deficit is paid to the wei or reported', () => {
    fc.assert(
      fc.property(
        amount,
        amount,
        fc.array(amount, { maxLength: 4 }),
        fc.array(amount, { maxLength: 4 }),
        fc.bigInt({ min: 1n, max: 10n ** 28n }),
        (junior, fund, profits, principals, deficit) => {
          const layers = layersOf(junior, fund, profits, principals)
          const resolution = resolveBankruptcy({ ...account, equity: -deficit }, layers)
          const roundings = resolution.kind === 'tornUp' ? sumOf(resolution.tearUps.map(({ fundCash }) => fundCash)) : 0n
          expect(sumOfLayers(layers) + roundings - sumOfLayers(resolution.losses.layers) + resolution.losses.uncovered).toBe(deficit)
        },
      ),
      propertyRuns,
    )
  })
  it('refuses an account that is not bankrupt', () => {
    expectInvalid('equity', () => resolveBankruptcy({ ...account, equity: 0n }, layersOf(0n, 0n, [], [])))
  })
})
