import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import { keccak256 } from 'viem'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openRecordedImpliedVol } from '../../../controller/sources/openRecordedImpliedVol.ts'
import { optionChainObservation } from '../../../controller/sources/optionChainObservation.ts'
import { parseVolIndex } from '../../../controller/sources/parseVolIndex.ts'
import { BadRecordingError } from '../../../risk/market/index.ts'
import { chainCsv } from '../../risk/support/chainCsv.ts'
import { chainTime, sliceOf, syntheticChain } from '../../risk/support/syntheticChain.ts'

const HOUR = 3_600
const DAY = 86_400
const chainAt = (time: number, vol: number) => ({
  ...syntheticChain([7, 14, 45].map((days) => ({ days, svi: sliceOf(days, vol), forward: 2_000, halfSpread: 0.01 }))),
  time,
})
const chains = [chainAt(chainTime, 0.6), chainAt(chainTime + DAY, 0.66)]
const iso = (time: number): string => `${new Date(time * 1_000).toISOString().slice(0, 19)}Z`
const hourly = (from: number, levels: readonly number[]): string =>
  ['timestamp,open,high,low,close', ...levels.map((level, i) => `${iso(from + i * HOUR)},1,1,1,${level}`), ''].join('\n')

describe('optionChainObservation', () => {
  it('is the surface at 30 and 7 days with half the spread, known once the chain is read', () => {
    const seen = optionChainObservation(chains[0]!)
    expect(seen).toMatchObject({ knownAt: chainTime + 60 })
    expect(seen?.atm30d).toBeCloseTo(0.6, 3)
    expect(seen?.atm7d).toBeCloseTo(0.6, 3)
    expect(seen?.atmHalfSpread).toBeCloseTo(0.01, 4)
    expect(seen).not.toHaveProperty('vegaDepthUsd')
  })
  it('leaves out what the chain does not say', () => {
    const far = { ...chains[0]!, expiries: chains[0]!.expiries.slice(2) }
    expect(Object.keys(optionChainObservation(far) ?? {})).toEqual(['knownAt', 'atm30d', 'atmHalfSpread'])
    const marks = far.expiries.map((each) => ({ ...each, quotes: each.quotes.map((quote) => ({ ...quote, bid: null, ask: null })) }))
    expect(Object.keys(optionChainObservation({ ...far, expiries: marks }) ?? {})).toEqual(['knownAt', 'atm30d'])
    expect(optionChainObservation({ ...far, expiries: [] })).toBeNull()
  })
})

describe('parseVolIndex', () => {
  it('knows an hourly bar at its end and a daily close at the end of its day', () => {
    expect(parseVolIndex(hourly(chainTime - (chainTime % HOUR), [60.5, 61]))).toEqual([
      { knownAt: chainTime - (chainTime % HOUR) + HOUR, atm30d: 0.605 },
      { knownAt: chainTime - (chainTime % HOUR) + 2 * HOUR, atm30d: 0.61 },
    ])
    expect(parseVolIndex('date,dvol_close\n2024-02-28,55\n2024-02-29,56.5\n')).toEqual([
      { knownAt: Date.UTC(2024, 1, 29) / 1_000, atm30d: 0.55 },
      { knownAt: Date.UTC(2024, 2, 1) / 1_000, atm30d: 0.565 },
    ])
  })
  it('names faulty lines: a header, a level, a time, a repeat', () => {
    expect(() => parseVolIndex('time,close\n')).toThrow(/line 1: the header/)
    expect(() => parseVolIndex('date,dvol_close\n2024-02-28,0\n2024-02-30,5\n2024-03-01\n')).toThrow(
      /3 faults.*line 2: the level.*line 3: '2024-02-30'.*line 4: it has 1 columns/,
    )
    expect(() => parseVolIndex('date,dvol_close\n2024-02-28,5\n2024-02-28,5\n')).toThrow(/line 3: it is not after/)
  })
})

describe('openRecordedImpliedVol', () => {
  let directory: string
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'ballast-iv-'))
    for (const folder of ['options', 'iv']) mkdirSync(join(directory, folder))
  })
  afterEach(() => rmSync(directory, { recursive: true }))
  const write = (folder: string, name: string, text: string): Uint8Array => {
    const bytes = name.endsWith('.gz') ? gzipSync(text) : Buffer.from(text)
    writeFileSync(join(directory, folder, name), bytes)
    return bytes
  }

  it('reads the chains of a market, with the hash of each file', () => {
    const bytes = write('options', 'venue_ETH_chain_2023.csv.gz', chainCsv(chains))
    write('options', 'venue_BTC_chain_2023.csv', 'broken')
    const series = openRecordedImpliedVol(directory, 'ETH')
    expect(series?.recordings).toEqual([{ name: 'venue_ETH_chain_2023.csv.gz', contentHash: keccak256(bytes) }])
    expect(series?.observations.map(({ knownAt }) => knownAt)).toEqual([chainTime + 60, chainTime + DAY + 60])
    // Expiries lose their time of day in the recorded form, so times to expiry differ a little.
    expect(Math.abs(series!.observations[1]!.atm30d / series!.observations[0]!.atm30d - 1.1)).toBeLessThan(0.02)
  })
  it('shows nothing from outside the window, and is null when nothing is inside', () => {
    write('options', 'venue_ETH_chain_2023.csv', chainCsv(chains))
    const between = openRecordedImpliedVol(directory, 'ETH', { from: chainTime + 61, to: chainTime + 2 * DAY })
    expect(between?.observations).toHaveLength(1)
    expect(openRecordedImpliedVol(directory, 'ETH', { from: chainTime, to: chainTime + 59 })).toBeNull()
    expect(openRecordedImpliedVol(directory, 'SOL')).toBeNull()
    expect(openRecordedImpliedVol(join(directory, 'nowhere'), 'ETH')).toBeNull()
  })
  it('takes history before the window, of the kind that the window decides', () => {
    write('options', 'venue_ETH_chain_2023.csv', chainCsv(chains))
    write('iv', 'ETH_DVOL_1d_2023.csv', `date,dvol_close\n${['08', '09', '10', '11', '12'].map((day) => `2023-11-${day},60`).join('\n')}\n`)
    const late = { from: chainTime + DAY / 2, to: chainTime + 2 * DAY }
    expect(openRecordedImpliedVol(directory, 'ETH', late)?.observations).toHaveLength(1)
    expect(openRecordedImpliedVol(directory, 'ETH', late, 10 * DAY)?.observations.map(({ knownAt }) => knownAt)).toEqual([
      chainTime + 60,
      chainTime + DAY + 60,
    ])
    expect(openRecordedImpliedVol(directory, 'ETH', { from: chainTime + 3 * DAY, to: chainTime + 4 * DAY }, 10 * DAY)).toBeNull()
  })
  it('keeps to one kind, chains unless the index covers far more days, so that an index never follows a chain', () => {
    write('options', 'venue_ETH_chain_2023.csv', chainCsv(chains))
    write('iv', 'ETH_DVOL_1h_2023.csv', hourly(chainTime - (chainTime % HOUR), [60, 61, 62]))
    const kindOf = () => openRecordedImpliedVol(directory, 'ETH')?.recordings.map(({ name }) => name)
    expect(kindOf()).toEqual(['venue_ETH_chain_2023.csv'])
    write('iv', 'ETH_DVOL_1d_2023.csv', `date,dvol_close\n${[14, 15, 16, 17].map((day) => `2023-12-${day},60`).join('\n')}\n`)
    expect(kindOf()).toEqual(['ETH_DVOL_1d_2023.csv', 'ETH_DVOL_1h_2023.csv'])
    const times = openRecordedImpliedVol(directory, 'ETH')!.observations.map(({ knownAt }) => knownAt)
    expect(times).toEqual([...new Set(times)].sort((left, right) => left - right))
    expect(times).toHaveLength(7)
  })
  it('refuses a file with faulty lines and names them', () => {
    write('options', 'venue_ETH_chain_2023.csv', chainCsv(chains).replace(',C,', ',call,'))
    expect(() => openRecordedImpliedVol(directory, 'ETH')).toThrow(BadRecordingError)
  })
})

const data = resolve(process.env['BALLAST_DATA'] ?? '../shared/data')
describe.skipIf(!existsSync(join(data, 'options')))('recorded data', () => {
  it('of January 2026 gives chains with all but depth, near the index of the same day', () => {
    const window = { from: Date.UTC(2026, 0, 5) / 1_000, to: Date.UTC(2026, 0, 8) / 1_000 }
    const chain = openRecordedImpliedVol(data, 'ETH', window)!
    expect(chain.recordings[0]!.name).toContain('chain')
    expect(chain.observations.length).toBeGreaterThan(8)
    for (const { atm30d, atm7d, atmHalfSpread } of chain.observations) {
      expect(Math.abs(atm30d - 0.6)).toBeLessThan(0.1)
      expect(Math.abs(atm7d! - 0.55)).toBeLessThan(0.15)
      expect(atmHalfSpread).toBeGreaterThan(0.0005)
      expect(atmHalfSpread).toBeLessThan(0.02)
    }
  })
  it('of May 2022 gives the hourly index', () => {
    const window = { from: Date.UTC(2022, 4, 8) / 1_000, to: Date.UTC(2022, 4, 13) / 1_000 }
    const index = openRecordedImpliedVol(data, 'BTC', window)!
    expect(index.recordings.map(({ name }) => name)).toEqual(['BTC_DVOL_1h_2021-03_2022-10.csv.gz'])
    expect(index.observations.length).toBeGreaterThan(100)
    expect(Object.keys(index.observations[0]!)).toEqual(['knownAt', 'atm30d'])
    expect(Math.max(...index.observations.map(({ atm30d }) => atm30d))).toBeGreaterThan(1)
  })
})
