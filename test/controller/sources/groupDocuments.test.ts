import { describe, expect, it } from 'vitest'
import { type AccountState, encodeInstrumentId, formatAccountId, type GroupState } from '../../../chain/clearing/index.ts'
import { groupDocuments } from '../../../controller/sources/groupDocuments.ts'

const WAD = 10n ** 18n
const slice = {
  a: WAD / 10n,
  b: 0n,
  rho: 0n,
  m: 0n,
  sigma: WAD,
  forwardRatio: WAD,
  atmVol: (8n * WAD) / 10n,
  spot: 200n * WAD,
  asOf: 900,
  validUntil: 5_000,
  version: 3,
}
const account = (id: bigint, change: Partial<AccountState> = {}): AccountState => ({
  account: id,
  cash: 0n,
  futuresCost: 0n,
  contributed: 0n,
  positions: [],
  collateral: [],
  flagged: false,
  ...change,
})
const future = (chain: number) => encodeInstrumentId({ chain, leg: { kind: 'future' } })
const call = encodeInstrumentId({ chain: 3, leg: { kind: 'option', type: 'call', strike: 1 } })
const state = (change: Partial<GroupState> = {}): GroupState => ({
  accounts: [
    account(9n, {
      cash: 50n * WAD,
      futuresCost: 20n * WAD,
      contributed: 7n * WAD,
      positions: [{ instrument: future(1), lots: -5_000n }],
      flagged: true,
    }),
    account(2n, {
      positions: [
        { instrument: future(2), lots: 10_000n },
        { instrument: call, lots: 20_000n },
      ],
      collateral: [3n * WAD, 4_000_000n, 5n * WAD],
    }),
    account(1n, { cash: 5n * WAD }),
    account(4n, { cash: -WAD }),
  ],
  chains: [
    { chain: 1, market: 'market:ETH', expiry: 2_000, kind: 'vanilla', strikes: [], settlement: null, slice },
    { chain: 2, market: 'market:BTC', expiry: 500, kind: 'vanilla', strikes: [], settlement: 9_000n * WAD, slice: null },
    { chain: 3, market: 'market:ETH', expiry: 2_000, kind: 'digital', strikes: [100n * WAD, 220n * WAD], settlement: null, slice },
  ],
  markets: [
    { market: 'market:ETH', price: 200n * WAD, time: 990, openInterestLots: 25_000n },
    { market: 'market:BTC', price: 9_100n * WAD, time: 980, openInterestLots: 10_000n },
  ],
  collaterals: [
    { decimals: 18, market: 'market:ETH', asset: 'asset:ETH', feed: 'market:ETH' },
    { decimals: 6, market: null, asset: 'asset:EURX', feed: 'market:EURX' },
    { decimals: 18, market: 'market:ETH', asset: 'asset:STETH', feed: 'market:ETH' },
  ],
  prices: new Map([['market:EURX', { price: (11n * WAD) / 10n, time: 950 }]]),
  values: [
    { scope: 'asset:ETH', id: 'collateral.haircut', value: 2_500 as never, effective: 2_000 as never },
    { scope: 'market:ETH', id: 'margin.tailWeight', value: 7_700 as never, effective: 7_700 as never },
  ],
  fund: 12n * WAD,
  shownCover: 3n * WAD,
  ...change,
})
const about = { market: 'ETH', scope: 'market:ETH', group: 'group:MAIN', time: 1_000 } as const

describe('groupDocuments', () => {
  it('puts accounts with risk in their order, the own underlying in the book and the others beside it', () => {
    const { book } = groupDocuments(state(), about)
    expect(book.instruments).toEqual([
      { kind: 'future', id: 'ETH-1-F', expiry: 2_000 },
      { kind: 'digital', id: 'ETH-3-220-C', type: 'call', strike: 220, expiry: 2_000, pays: 'cash' },
    ])
    expect(book.portfolios).toEqual([
      {
        account: formatAccountId(2n),
        cash: 0,
        collateral: 3,
        positions: [{ instrument: 1, quantity: 2 }],
        assets: [
          { asset: 'asset:EURX', amount: 4 },
          { asset: 'asset:STETH', amount: 5 },
        ],
        principal: 0,
      },
      { account: formatAccountId(4n), cash: -1, collateral: 0, positions: [], principal: 0 },
      // A future is worth its whole price in the book: what it cost is taken off the cash.
      { account: formatAccountId(9n), cash: 30, collateral: 0, positions: [{ instrument: 0, quantity: -0.5 }], principal: 7 },
    ])
    expect(book.elsewhere).toEqual([
      {
        market: 'BTC',
        instruments: [{ kind: 'future', id: 'BTC-2-F', expiry: 500 }],
        holdings: [{ account: formatAccountId(2n), collateral: 0, positions: [{ instrument: 0, quantity: 1 }] }],
      },
    ])
  })
  it('says what the contracts say beside it, without what the snapshot has of its own scope', () => {
    const { group } = groupDocuments(state(), about)
    expect(group).toMatchObject({ fundUsd: 12, shownCoverUsd: 3, flagged: [formatAccountId(9n)] })
    expect(group.markets).toMatchObject([
      {
        market: 'BTC',
        price: 9_100,
        priceTime: 980,
        openInterest: 1,
        underlying: null,
        slices: [],
        settlements: [{ expiry: 500, price: 9_000 }],
      },
      {
        market: 'ETH',
        price: 200,
        openInterest: 2.5,
        underlying: 'asset:ETH',
        slices: [{ expiry: 2_000, asOf: 900, atmVol: 0.8 }],
        settlements: [],
      },
    ])
    expect(group.assets).toEqual([
      { asset: 'asset:EURX', price: 1.1 },
      { asset: 'asset:STETH', price: 200 },
    ])
    expect(group.values.map(({ scope }) => scope)).toEqual(['asset:ETH'])
  })
  it('is the same in any order of accounts, chains and markets', () => {
    const { accounts, chains, markets } = state()
    const turned = state({ accounts: accounts.toReversed(), chains: chains.toReversed(), markets: markets.toReversed() })
    expect(groupDocuments(turned, about)).toEqual(groupDocuments(state(), about))
  })
  it('refuses to guess what never had a price', () => {
    const [eth, btc] = state().markets
    if (eth === undefined || btc === undefined) throw new Error('no markets')
    expect(() => groupDocuments(state({ markets: [eth, { ...btc, price: 0n }] }), about)).toThrow('no price of market:BTC')
    expect(() => groupDocuments(state({ prices: new Map() }), about)).toThrow('no price of market:EURX')
  })
})
