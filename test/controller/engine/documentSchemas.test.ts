import { describe, expect, it } from 'vitest'
import { parseBook, parseSnapshot } from '../../../controller/engine/documentSchemas.ts'
import { InvalidDocumentError } from '../../../controller/errors/EngineErrors.ts'

const hash = `0x${'1'.repeat(64)}` as const
const snapshot = {
  schema: 'ballast.snapshot',
  version: 1,
  market: 'ETH',
  scope: 'market:ETH',
  observedAt: 7_200,
  priorState: hash,
  provenance: {
    source: 'bars.csv',
    kind: 'recorded',
    synthetic: ['portfolios'],
    contentHash: hash,
    recordings: [{ name: 'quotes.csv', contentHash: hash }],
  },
  bars: [{ start: 3_600, end: 7_200, knownAt: 7_200, open: 1, high: 2, low: 1, close: 2, volume: 3 }],
  liquidity: [
    { knownAt: 7_200, spread: 0.001 },
    { knownAt: 7_201, depthUsd: 5e6, liquidatedUsd: 0 },
  ],
  impliedVol: [],
  clearing: [],
  openInterest: [{ knownAt: 7_200, openInterestUsd: 1e9 }],
  funding: [{ knownAt: 7_200, rate: -0.0001 }],
  spot: 2,
  markVol: 0.6,
  book: hash,
  chain: { chainId: 1, block: '1', time: 7_200 },
}

describe('a snapshot from a peer', () => {
  it('may hold what a source has of each hour, and nothing of what it has not', () => {
    expect(parseSnapshot(hash, JSON.stringify(snapshot))).toEqual(snapshot)
    const { openInterest: _, funding: __, ...without } = snapshot
    expect(parseSnapshot(hash, JSON.stringify(without))).toEqual(without)
  })
  it.each([
    ['liquidity.0.depthUsd', { liquidity: [{ knownAt: 1, depthUsd: 0 }] }],
    ['liquidity.0.spread', { liquidity: [{ knownAt: 1, spread: -0.1 }] }],
    ['liquidity.0', { liquidity: [{ knownAt: 1, tick: 1 }] }],
    ['openInterest.0.openInterestUsd', { openInterest: [{ knownAt: 1, openInterestUsd: 0 }] }],
    ['funding.0.rate', { funding: [{ knownAt: 1, rate: 'much' }] }],
    ['provenance.recordings.0.contentHash', { provenance: { ...snapshot.provenance, recordings: [{ name: 'x', contentHash: '0x' }] } }],
  ])('is refused with %s out of its domain', (path, change) => {
    const parse = () => parseSnapshot(hash, JSON.stringify({ ...snapshot, ...change }))
    expect(parse).toThrow(InvalidDocumentError)
    expect(parse).toThrow(path)
  })
})

const group = {
  group: 'group:MAIN',
  fundUsd: 1,
  shownCoverUsd: 0,
  markets: [
    {
      market: 'ETH',
      price: 200,
      priceTime: 7_200,
      openInterest: 3,
      underlying: 'asset:ETH',
      slices: [{ expiry: 9_000, asOf: 7_000, spot: 200, forwardRatio: 1, atmVol: 0.8, a: 0.1, b: 0, rho: -0.1, m: 0, sigma: 1 }],
      settlements: [{ expiry: 7_000, price: 190 }],
    },
  ],
  assets: [{ asset: 'asset:USDX', price: 1 }],
  values: [{ scope: 'asset:ETH', id: 'collateral.haircut', value: 2_500, effective: 2_000 }],
  flagged: ['0x0/0'],
}

describe('a snapshot of a deployed clearing', () => {
  it('has its group, and version 2 says so', () => {
    const deployed = { ...snapshot, version: 2, group }
    expect(parseSnapshot(hash, JSON.stringify(deployed))).toEqual(deployed)
    for (const wrong of [
      { ...snapshot, version: 2 },
      { ...snapshot, group },
      { ...snapshot, version: 3, group },
    ])
      expect(() => parseSnapshot(hash, JSON.stringify(wrong))).toThrow(/version/)
  })
  it.each([
    ['group.fundUsd', { ...group, fundUsd: -1 }],
    ['group.markets.0.price', { ...group, markets: [{ ...group.markets[0], price: 0 }] }],
    ['group.values.0.value', { ...group, values: [{ ...group.values[0], value: 0.5 }] }],
    ['group.assets.0.asset', { ...group, assets: [{ asset: 'USDX', price: 1 }] }],
  ])('is refused with %s out of its domain', (path, changed) => {
    expect(() => parseSnapshot(hash, JSON.stringify({ ...snapshot, version: 2, group: changed }))).toThrow(path)
  })
})

describe('a book from a peer', () => {
  const position = { account: 'a', cash: -1, collateral: 0, positions: [{ instrument: 0, quantity: 2 }] }
  const one = {
    schema: 'ballast.book',
    version: 1,
    market: 'ETH',
    instruments: [{ kind: 'future', id: 'F', expiry: 1 }],
    portfolios: [position],
  }
  const two = {
    ...one,
    version: 2,
    instruments: [{ kind: 'digital', id: 'D', type: 'put', pays: 'cash', strike: 2, expiry: 1 }],
    portfolios: [{ ...position, principal: 5, assets: [{ asset: 'asset:USDX', amount: 2 }] }],
    elsewhere: [{ market: 'BTC', instruments: [], holdings: [{ account: 'a', collateral: 1, positions: [] }] }],
  }
  it('is of one of two versions, each with its own fields', () => {
    expect(parseBook(hash, JSON.stringify(one))).toEqual(one)
    expect(parseBook(hash, JSON.stringify(two))).toEqual(two)
    for (const wrong of [
      { ...one, elsewhere: [] },
      { ...two, version: 1 },
      { ...one, version: 2 },
      { ...one, version: 3 },
    ])
      expect(() => parseBook(hash, JSON.stringify(wrong))).toThrow(InvalidDocumentError)
  })
})
