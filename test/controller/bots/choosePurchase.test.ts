import fc from 'fast-check'
import { parseEther } from 'viem'
import { describe, expect, it } from 'vitest'
import type { DebtSale, SaleTerms } from '../../../chain/clearing/index.ts'
import { choosePurchase } from '../../../controller/bots/choosePurchase.ts'
import { nothingOnSale } from '../../../controller/bots/nothingOnSale.ts'
import { type Purchase, prospectsOf, purchasesOf } from '../../../controller/bots/purchasesOf.ts'
import type { BidderPolicy, UnwindMarket } from '../../../controller/bots/types.ts'
import { propertyRuns } from '../../risk/support/propertyRuns.ts'

const WAD = 10n ** 18n
const [token, to] = [`0x${'11'.repeat(20)}`, `0x${'22'.repeat(20)}`] as const
const word = `0x${'04'.repeat(32)}` as const
const policy: BidderPolicy = { leastProfit: 10, safety: 2, inclusion: 60, exposure: 60, marginShare: 0.8, leastShare: 0.02 }
const unwind: UnwindMarket = { halfSpread: 0.0005, depth: 5_000_000, volPerRootSecond: 0.0001 }
const terms: SaleTerms = {
  group: word,
  cash: { token, decimals: 6 },
  listed: [{ token, decimals: 8, asset: word, feed: word }],
  targetBps: 9_000n,
  leastSale: parseEther('100'),
  duration: 3_600,
  validity: 86_400,
}
/** A tenth off 60,000 a bitcoin. */
const purchase: Purchase = {
  account: 7n,
  token,
  decimals: 8,
  amount: 10n ** 8n,
  price: parseEther('54000'),
  worth: parseEther('60000'),
}
const buyer = { cash: 1e9, gas: 20, unwind, to, deadline: 90 }
const usd = (wad: bigint): number => Number(wad) / 1e18

describe('purchasesOf', () => {
  const held = {
    place: 0,
    token,
    decimals: 8,
    held: 3n * 10n ** 8n,
    mark: parseEther('60000'),
    worth: parseEther('59000'),
    outflow: 10n ** 9n,
  }
  const sale: DebtSale = {
    account: 7n,
    debt: 64_000_000_000n,
    limit: 10_000_000_000n,
    call: { at: 1_000, until: 87_400 },
    collateral: [{ ...held, offer: { amount: 91_666_666n, price: parseEther('60000'), discountBps: 0n } }],
  }
  it('is what the contract offers, worth the lower of its two prices', () => {
    expect(purchasesOf(sale)).toEqual([
      { account: 7n, token, decimals: 8, amount: 91_666_666n, price: parseEther('60000'), worth: parseEther('59000') },
    ])
  })
  it('is no more than may leave the vault, and nothing where nothing may', () => {
    const of = (outflow: bigint) => purchasesOf({ ...sale, collateral: sale.collateral.map((each) => ({ ...each, outflow })) })
    expect(of(5n)).toMatchObject([{ amount: 5n }])
    expect(of(0n)).toEqual([])
  })
  it('before a call, is what the full discount would offer: cut to the debt, or to what is held', () => {
    const bare = { ...sale, call: null, collateral: [{ ...held, offer: null }] }
    expect(purchasesOf(bare)).toEqual([])
    expect(prospectsOf(bare, terms, new Map([[0, 2_000n]]))).toMatchObject([{ price: parseEther('48000'), amount: 114_583_333n }])
    const little = { ...bare, collateral: [{ ...held, held: 1_000n, offer: null }] }
    expect(prospectsOf(little, terms, new Map([[0, 2_000n]]))).toMatchObject([{ amount: 1_000n }])
    expect(prospectsOf({ ...bare, collateral: [{ ...held, mark: 0n, worth: 0n, offer: null }] }, terms, new Map([[0, 2_000n]]))).toEqual([])
  })
})

describe('nothingOnSale', () => {
  const held = { place: 0, token, decimals: 8, held: 5n, mark: WAD, worth: WAD, outflow: 0n, offer: null }
  const sale: DebtSale = { account: 7n, debt: 2n, limit: 1n, call: null, collateral: [] }
  it.each([
    ['noCollateral', []],
    ['noPrice', [held, { ...held, mark: 0n }]],
    ['outflowLimit', [held]],
  ] as const)('is %s', (reason, collateral) => {
    expect(nothingOnSale({ ...sale, collateral })).toBe(reason)
  })
})

describe('choosePurchase', () => {
  it('takes all where it pays, no dearer than leaves the least reward, and no part that does not pay for the gas', () => {
    const choice = choosePurchase(purchase, buyer, policy, terms)
    if (choice.kind === 'pass') throw new Error(choice.reason)
    const { order, expectedProfit } = choice
    expect(order).toMatchObject({ account: 7n, token, amount: purchase.amount, to, deadline: 90 })
    // 30 of half spread, 66 of impact, 131 of an adverse move, 20 of gas, 10 of profit.
    expect(usd(order.maxPrice)).toBeGreaterThan(59_700)
    expect(usd(order.maxPrice)).toBeLessThan(59_800)
    expect(order.minAmount).toBe((purchase.amount * 2n + 2n) / 3n)
    // 6,000 less half spread, impact of 60,000 in 5 million, and gas.
    expect(expectedProfit).toBeGreaterThan(5_800)
    expect(expectedProfit).toBeLessThan(6_000)
  })
  it.each([
    ['unprofitable', { ...purchase, price: parseEther('59900') }, buyer],
    ['unprofitable', { ...purchase, price: purchase.worth }, buyer],
    ['unprofitable', purchase, { ...buyer, gas: 6_000 }],
    ['unprofitable', purchase, { ...buyer, unwind: { ...unwind, volPerRootSecond: 0.01 } }],
    ['noCash', purchase, { ...buyer, cash: 0 }],
    ['noCash', purchase, { ...buyer, cash: 5 }],
    ['tooSmall', purchase, { ...buyer, gas: 0, cash: 99 }],
  ] as const)('passes with %s', (reason, given, own) => {
    expect(choosePurchase(given, own, { ...policy, leastProfit: 1, leastShare: 0.0001 }, terms)).toEqual({ kind: 'pass', reason })
  })
  it('takes all of a small offer: the contract sells less than 100 USD only whole', () => {
    const choice = choosePurchase({ ...purchase, amount: 150_000n }, { ...buyer, gas: 0 }, { ...policy, leastProfit: 1 }, terms)
    expect(choice).toMatchObject({ kind: 'buy', order: { amount: 150_000n, minAmount: 0n } })
  })
  it('spends no more than its cash', () => {
    const choice = choosePurchase(purchase, { ...buyer, cash: 20_000 }, policy, terms)
    expect(choice.kind === 'buy' && usd(choice.order.amount * choice.order.maxPrice) / 1e8).toBeLessThanOrEqual(20_000)
  })
  it('counts on the lower of price and median', () => {
    expect(choosePurchase({ ...purchase, worth: parseEther('54010') }, buyer, policy, terms)).toEqual({
      kind: 'pass',
      reason: 'unprofitable',
    })
  })

  const anyPurchase = fc
    .record({
      amount: fc.bigInt({ min: 10n ** 6n, max: 10n ** 11n }),
      worth: fc.bigInt({ min: WAD, max: 200_000n * WAD }),
      discountBps: fc.bigInt({ min: 0n, max: 5_000n }),
    })
    .map(({ amount, worth, discountBps }): Purchase => ({ ...purchase, amount, worth, price: (worth * (10_000n - discountBps)) / 10_000n }))
  const anyBuyer = fc.record({
    cash: fc.double({ min: 0, max: 1e9, noNaN: true }),
    gas: fc.double({ min: 0, max: 1e3, noNaN: true }),
    unwind: fc.constant(unwind),
    to: fc.constant(to),
    deadline: fc.constant(90),
  })

  it('property: whatever the price, the debt and other buyers do, what is sold pays for its costs and an adverse move, or the contract refuses', () => {
    fc.assert(
      fc.property(
        anyPurchase,
        anyBuyer,
        fc.bigInt({ min: 5_000n, max: 20_000n }),
        fc.bigInt({ min: 1n, max: 20_000n }),
        (given, own, move, left) => {
          const choice = choosePurchase(given, own, policy, terms)
          if (choice.kind === 'pass') return
          const { amount, minAmount, maxPrice } = choice.order
          expect(usd(amount * maxPrice) / 1e8).toBeLessThanOrEqual(own.cash * (1 + 1e-9))
          // At the prices it saw the contract takes it.
          expect(maxPrice).toBeGreaterThanOrEqual(given.price)
          expect(minAmount).toBeLessThanOrEqual(amount)
          const price = (given.price * move) / 10_000n
          const offered = (given.amount * left) / 10_000n
          const sold = amount < offered ? amount : offered
          if (price > maxPrice || sold < minAmount) return
          const size = (usd(given.worth) * Number(sold)) / 1e8
          const adverse = policy.safety * Math.sqrt(policy.inclusion + policy.exposure) * unwind.volPerRootSecond
          const impact = 0.01 * Math.sqrt(size / unwind.depth)
          const profit = size * (1 - unwind.halfSpread - impact - adverse) - (usd(price) * Number(sold)) / 1e8 - own.gas
          expect(profit).toBeGreaterThanOrEqual(-1e-3 - 1e-9 * size)
        },
      ),
      propertyRuns,
    )
  })
})
