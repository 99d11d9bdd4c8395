import { describe, expect, it } from 'vitest'
import {
  backstopAccount,
  type ClearingParameters,
  type ClearingTick,
  type ClearingVenue,
  createPureClearing,
  type ListedContract,
} from '../../../risk/clearing/index.ts'
import type { Bps } from '../../../risk/types/index.ts'

const DAY = 86_400
const WAD = 10n ** 18n
const expiry = 10 * DAY
const contracts: readonly ListedContract[] = [
  { market: 'ETH', reference: 200, instrument: { kind: 'future', id: 'F', expiry } },
  { market: 'ETH', reference: 0, instrument: { kind: 'option', id: 'P', type: 'put', strike: 180, expiry } },
]
const parameters: ClearingParameters = {
  margin: {
    priceScanRange: 0.2,
    initialRange: 0.25,
    volScanUp: 0.35,
    volScanDown: 0.17,
    initialMultiplier: 1.3,
    shortOptionMinimum: 0.015,
    tailWeight: 0.77,
    haircut: 0.25,
  },
  residual: 0.7,
  liquidation: {
    feeBps: 300 as Bps,
    maintenanceShareBps: 4_000 as Bps,
    liquidatorShareBps: 7_000 as Bps,
    bufferBps: 2_000 as Bps,
    solventSeconds: 1_800,
    insolventSeconds: 3_600,
    keeperReward: 5n * WAD,
  },
  tradingFee: 0.0003,
  openInterestCap: 1_000,
}
const at = (time: number, spot: number, changed: Partial<ClearingParameters> = {}): ClearingTick => ({
  time,
  marks: new Map([['ETH', { spot, markVol: 0.8 }]]),
  parameters: new Map([['ETH', { ...parameters, ...changed }]]),
  group: { contributionRateBps: 1_000 as Bps, payoutLimitBps: 5_000 as Bps },
})

/** A venue with a long of 100 futures at 200 against a maker, and two bidders. */
async function venueWithLong(deposit: number, fund = 1_000): Promise<ClearingVenue> {
  const venue = createPureClearing({ start: 0, contracts, factor: 'ETH', warmUp: 3_600, debtRate: 1_000 as Bps, fund, dust: 10 })
  for (const [account, usd] of [
    ['long', deposit],
    ['maker', 1_000_000],
    ['bidder', 100_000],
    ['poor', 10],
    ['keeper', 0],
  ] as const)
    await venue.deposit(account, usd)
  await venue.advance(at(60, 200))
  expect(await venue.trade({ taker: 'long', maker: 'maker', instrument: 'F', contracts: 100n * WAD, price: 200 })).toMatchObject({
    kind: 'done',
  })
  return venue
}
const reading = async (venue: ClearingVenue, account: string) => (await venue.readAccounts()).find((each) => each.account === account)!

describe('trades', () => {
  it('move cash by price less reference, charge both sides, and give the fund its part of the fees', async () => {
    const venue = await venueWithLong(7_000)
    expect((await reading(venue, 'long')).equity).toBeCloseTo(7_000 - 6, 9)
    const { fund } = await venue.readSums()
    expect(Number(fund) / 1e18).toBeCloseTo(1_000 + 2 * 0.6, 9)
    expect(await venue.faults()).toEqual([])
  })
  it('are refused to a taker or a maker below its initial margin, beyond the cap of open interest, and never for coming nearer to margin', async () => {
    const venue = await venueWithLong(7_000)
    const more = { taker: 'long', maker: 'maker', instrument: 'F', contracts: 100n * WAD, price: 200 }
    expect(await venue.trade(more)).toEqual({ kind: 'refused', reason: 'takerMargin' })
    expect(await venue.trade({ ...more, taker: 'maker', maker: 'poor', contracts: WAD })).toEqual({
      kind: 'refused',
      reason: 'makerMargin',
    })
    expect(await venue.trade({ ...more, taker: 'bidder', contracts: 901n * WAD })).toEqual({ kind: 'refused', reason: 'openInterestCap' })
    await venue.advance(at(120, 150))
    expect((await reading(venue, 'long')).freeMargin).toBeLessThan(0)
    expect(await venue.trade({ ...more, contracts: -10n * WAD, price: 150 })).toMatchObject({ kind: 'done' })
    await expect(venue.trade({ ...more, contracts: 1n })).rejects.toThrow('whole lots')
    await expect(venue.trade({ ...more, instrument: 'X' })).rejects.toThrow('listed')
  })
})

describe('auctions', () => {
  it('need an account below maintenance', async () => {
    const venue = await venueWithLong(7_000)
    expect(await venue.flag('long', 'keeper')).toEqual({ kind: 'refused', reason: 'notLiquidatable' })
    expect(await venue.take('long', 'bidder', WAD, 0n)).toEqual({ kind: 'refused', reason: 'noAuction' })
  })
  it('sell what restores, at a charge that rises with time, keep their terms, pay keeper and fund, and end', async () => {
    const venue = await venueWithLong(7_000)
    await venue.advance(at(DAY, 150))
    expect(await venue.flag('long', 'keeper')).toEqual({ kind: 'done' })
    expect(await venue.flag('long', 'keeper')).toEqual({ kind: 'refused', reason: 'notLiquidatable' })
    const [atStart] = await venue.readAuctions()
    expect(atStart?.quote).toMatchObject({ phase: 'solvent', charge: 0n })
    // A fee that the DAO doubles meanwhile changes nothing.
    await venue.advance(at(DAY + 900, 150, { liquidation: { ...parameters.liquidation, feeBps: 600 as Bps } }))
    const [halfway] = await venue.readAuctions()
    if (halfway?.quote.phase !== 'solvent') throw new Error('not solvent')
    const notional = 100 * 150
    expect(Number(halfway.quote.charge) / 1e18).toBeCloseTo((Number(halfway.quote.fraction) / 1e18) * 0.5 * 0.03 * notional, 6)
    expect(await venue.take('long', 'bidder', WAD, halfway.quote.liquidator + 1n)).toEqual({ kind: 'refused', reason: 'belowLeast' })
    expect(await venue.take('long', 'poor', WAD, 0n)).toEqual({ kind: 'refused', reason: 'bidderMargin' })
    expect(await venue.take('long', 'long', WAD, 0n)).toEqual({ kind: 'refused', reason: 'noAuction' })
    const before = await reading(venue, 'long')
    const sale = await venue.take('long', 'bidder', WAD, halfway.quote.liquidator)
    expect(sale).toMatchObject({ kind: 'done', phase: 'solvent', keeper: 5n * WAD, losses: null })
    if (sale.kind !== 'done') return
    expect(sale.bidder + sale.fund + sale.keeper).toBe(sale.charge)
    const after = await reading(venue, 'long')
    expect(after.equity).toBeCloseTo(before.equity - Number(sale.charge) / 1e18, 6)
    expect(after.equity).toBeGreaterThanOrEqual(1.2 * after.maintenance * (1 - 1e-3))
    expect(after.equity).toBeLessThanOrEqual(1.2 * after.maintenance * (1 + 1e-2))
    expect(await venue.faults()).toEqual([])
  })
  it('end by themselves when the price comes back', async () => {
    const venue = await venueWithLong(7_000)
    await venue.advance(at(DAY, 150))
    await venue.flag('long', 'keeper')
    await venue.advance(at(DAY + 60, 200))
    expect(await venue.readAuctions()).toEqual([])
  })
})

describe('bankruptcies', () => {
  it('are sold whole for a reward from the fund within its payout limit, and the deficit is written off', async () => {
    const venue = await venueWithLong(7_000, 3_000)
    await venue.advance(at(DAY, 150))
    await venue.flag('long', 'keeper')
    await venue.advance(at(DAY + 600, 90))
    const [auction] = await venue.readAuctions()
    expect(auction?.quote.phase).toBe('insolvent')
    await venue.advance(at(DAY + 2_400, 90))
    const deficit = -(await reading(venue, 'long')).equity
    const sale = await venue.take('long', 'bidder', WAD, 0n)
    if (sale.kind !== 'done') throw new Error(sale.reason)
    // Half of the curve would pay more than half of the fund: the limit holds.
    expect(Number(sale.bidder) / 1e18).toBeLessThanOrEqual(0.5 * 3_002)
    expect(Number(sale.losses?.deficit) / 1e18).toBeCloseTo(deficit, 3)
    expect(await venue.readAuctions()).toEqual([])
    expect(await venue.faults()).toEqual([])
  })
  it.each([
    ['the fund takes the book when it has the initial margin beside the deficit', 100_000, 'backstop'],
    ['else the book is torn up against its counterparties', 1_500, 'tornUp'],
  ] as const)('that nobody bought: %s', async (_, fund, how) => {
    const venue = await venueWithLong(7_000, fund)
    await venue.advance(at(DAY, 90))
    await venue.flag('long', 'keeper')
    expect(await venue.resolve('long')).toEqual({ kind: 'refused', reason: 'notDue' })
    await venue.advance(at(DAY + 3_600, 90))
    const resolved = await venue.resolve('long')
    expect(resolved).toMatchObject({ kind: 'done', how, contracts: 100, losses: { uncovered: 0n, principal: 0n } })
    const holder = how === 'backstop' ? backstopAccount : null
    const held = (await venue.readAccounts()).filter(({ positions }) => positions.size > 0).map(({ account }) => account)
    expect(held.filter((account) => account !== 'maker')).toEqual(holder === null ? [] : [holder])
    expect(await venue.readAuctions()).toEqual([])
    expect(await venue.faults()).toEqual([])
  })
})

describe('expiry', () => {
  it('turns positions into cash at the price of the instant, and unlists them', async () => {
    const venue = await venueWithLong(7_000)
    expect(await venue.trade({ taker: 'bidder', maker: 'maker', instrument: 'P', contracts: 10n * WAD, price: 4 })).toMatchObject({
      kind: 'done',
    })
    expect((await venue.advance(at(expiry, 170))).settled).toEqual(['F', 'P'])
    expect((await reading(venue, 'long')).equity).toBeCloseTo(7_000 - 6 - 3_000, 6)
    expect((await reading(venue, 'bidder')).equity).toBeCloseTo(100_000 - 40 - 0.6 + 100, 6)
    expect(venue.contracts.size).toBe(0)
    expect(await venue.faults()).toEqual([])
  })
})
