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
/** A tenth off 60,000 a bitcoin; the debt is 54,000 above its target. */
const purchase: Purchase = {
  account: 7n,
  token,
  decimals: 8,
  amount: 10n ** 8n,
  price: parseEther('54000'),
  worth: parseEther('60000'),
  excess: parseEther('54000'),
}
const buyer = { cash: 1e9, gas: 20, unwind, to }
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
  it('is what the contract offers, at the lower of its two prices, above the target of the debt', () => {
    expect(purchasesOf(sale, terms)).toEqual([
      {
        account: 7n,
        token,
        decimals: 8,
        amount: 91_666_666n,
        price: parseEther('60000'),
        worth: parseEther('59000'),
        excess: parseEther('55000'),
      },
    ])
  })
  it('is no more than may leave the vault, and nothing where nothing may', () => {
    const of = (outflow: bigint) => purchasesOf({ ...sale, collateral: sale.collateral.map((each) => ({ ...each, outflow })) }, terms)
    expect(of(5n)).toMatchObject([{ amount: 5n }])
    expect(of(0n)).toEqual([])
  })
  it('before a call, is what the full discount would offer: cut to the debt, or to what is held', () => {
    const bare = { ...sale, call: null, collateral: [{ ...held, offer: null }] }
    expect(purchasesOf(bare, terms)).toEqual([])
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
  it('takes nearly all where it pays: the rest leaves room for a price that rises', () => {
    const choice = choosePurchase(purchase, buyer, policy, terms)
    if (choice.kind === 'pass') throw new Error(choice.reason)
    const { order, expectedProfit } = choice
    expect(order).toMatchObject({ account: 7n, token, to })
    expect(Number(order.amount)).toBeGreaterThan(0.99 * 1e8)
    expect(Number(order.amount)).toBeLessThan(1e8)
    // 6,000 less half spread, impact of 60,000 in 5 million, and gas.
    expect(expectedProfit).toBeGreaterThan(5_500)
    expect(expectedProfit).toBeLessThan(6_000)
  })
  it.each([
    ['unprofitable', { ...purchase, price: parseEther('59900') }, buyer],
    ['unprofitable', { ...purchase, price: purchase.worth }, buyer],
    ['unprofitable', purchase, { ...buyer, gas: 6_000 }],
    ['unprofitable', purchase, { ...buyer, unwind: { ...unwind, volPerRootSecond: 0.01 } }],
    ['noCash', purchase, { ...buyer, cash: 0 }],
    ['noCash', purchase, { ...buyer, cash: 1_000 }],
    ['tooSmall', { ...purchase, amount: 180_000n, excess: parseEther('97.2') }, { ...buyer, gas: 0, unwind: { ...unwind, halfSpread: 0 } }],
  ] as const)('passes with %s', (reason, given, own) => {
    expect(choosePurchase(given, own, { ...policy, leastProfit: 1 }, terms)).toEqual({ kind: 'pass', reason })
  })
  it('spends no more than its cash', () => {
    const choice = choosePurchase(purchase, { ...buyer, cash: 20_000 }, policy, terms)
    expect(choice.kind === 'buy' && Number(choice.order.maxPaid) / 1e6).toBeLessThanOrEqual(20_000)
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
      cut: fc.boolean(),
    })
    .map(({ amount, worth, discountBps, cut }): Purchase => {
      const price = (worth * (10_000n - discountBps)) / 10_000n
      const excess = (amount * price) / 10n ** 8n
      return { ...purchase, amount, price, worth, excess: cut ? excess : 3n * excess }
    })
  const anyBuyer = fc.record({
    cash: fc.double({ min: 0, max: 1e9, noNaN: true }),
    gas: fc.double({ min: 0, max: 1e3, noNaN: true }),
    unwind: fc.constant(unwind),
    to: fc.constant(to),
  })
  /** The contract's purchase at another price and debt: null where it reverts. */
  const fill = (
    amount: bigint,
    maxPaid: bigint,
    price: bigint,
    excess: bigint,
  ): { readonly sold: bigint; readonly paid: bigint } | null => {
    const offered = (excess * 10n ** 8n) / price
    const sold = amount < offered ? amount : offered
    const paid = (sold * price * 10n ** 6n + 10n ** 26n - 1n) / 10n ** 26n
    return sold === 0n || paid > maxPaid ? null : { sold, paid }
  }

  it('property: whatever the price does and however the debt grows, it pays for its costs and an adverse move, or reverts', () => {
    fc.assert(
      fc.property(
        anyPurchase,
        anyBuyer,
        fc.bigInt({ min: 5_000n, max: 30_000n }),
        fc.bigInt({ min: 10_000n, max: 20_000n }),
        (given, own, move, growth) => {
          const choice = choosePurchase(given, own, policy, terms)
          if (choice.kind === 'pass') return
          const { amount, maxPaid } = choice.order
          expect(Number(maxPaid) / 1e6).toBeLessThanOrEqual(own.cash)
          // At the prices it saw the contract takes it.
          expect(fill(amount, maxPaid, given.price, given.excess)).toMatchObject({ sold: amount })
          const filled = fill(amount, maxPaid, (given.price * move) / 10_000n, (given.excess * growth) / 10_000n)
          if (filled === null) return
          expect(filled.sold).toBe(amount)
          const worth = (usd(given.worth) * Number(amount)) / 1e8
          const adverse = policy.safety * Math.sqrt(policy.inclusion + policy.exposure) * unwind.volPerRootSecond
          const profit = worth * (1 - unwind.halfSpread - adverse) - Number(filled.paid) / 1e6 - own.gas
          expect(profit).toBeGreaterThanOrEqual(policy.leastProfit * 0.99 - 1e-6 * worth)
        },
      ),
      propertyRuns,
    )
  })
  it('is not asked for all of a cut offer: with the same bound, the contract would take as much for less', () => {
    const all = fill(purchase.amount, 54_000_000_000n, purchase.price * 2n, purchase.excess)
    expect(all).toEqual({ sold: purchase.amount / 2n, paid: 54_000_000_000n })
  })
})
