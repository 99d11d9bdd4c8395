import { describe, expect, it } from 'vitest'
import { parseSnapshot } from '../../../controller/engine/documentSchemas.ts'
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
