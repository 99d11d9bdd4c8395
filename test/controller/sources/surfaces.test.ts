import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createLog } from '../../../controller/log/createLog.ts'
import { deskSurfaces } from '../../../controller/sources/surfaces/deskSurfaces.ts'
import { recordedSurfaces } from '../../../controller/sources/surfaces/recordedSurfaces.ts'
import { simulatedSurfaces } from '../../../controller/sources/surfaces/simulatedSurfaces.ts'
import type { VolSurface } from '../../../risk/surface/index.ts'
import { haveChains } from '../../risk/support/realSurfaces.ts'

const emptySurface = (time: number): VolSurface => ({ schema: 'ballast.surface', version: 1, time, spot: 200, slices: [], unavailable: [] })

describe('deskSurfaces', () => {
  let folder = ''
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ballast-desk-'))
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))
  const source = () => deskSurfaces(folder, 600, createLog('silent'))
  const write = (name: string, content: unknown): void => writeFileSync(join(folder, name), JSON.stringify(content))

  it('gives the newest that is not of the future, whatever the files are called', async () => {
    write('b.json', emptySurface(900))
    write('a.json', emptySurface(1_000))
    write('c.json', emptySurface(1_200))
    write('d.json.part', emptySurface(1_050))
    expect((await source().fetchSurface(1_100, [])).time).toBe(1_000)
  })
  it('passes over a file that is no surface as long as another one is', async () => {
    write('good.json', emptySurface(1_000))
    write('bad.json', { ...emptySurface(1_050), spot: -1 })
    expect((await source().fetchSurface(1_100, [])).time).toBe(1_000)
  })
  it('says which file is none, how old the newest is, that there is none, and that there is no folder', async () => {
    await expect(source().fetchSurface(1_100, [])).rejects.toThrow(`${folder} has no surface at`)
    writeFileSync(join(folder, 'bad.json'), '{')
    await expect(source().fetchSurface(1_100, [])).rejects.toThrow('bad.json gives no surface: it is not JSON')
    write('bad.json', { schema: 'ballast.book' })
    await expect(source().fetchSurface(1_100, [])).rejects.toThrow('bad.json gives no surface: surface.schema')
    write('old.json', emptySurface(499))
    await expect(source().fetchSurface(1_100, [])).rejects.toThrow('is 601 s old; the limit is 600 s')
    rmSync(folder, { recursive: true })
    await expect(source().fetchSurface(1_100, [])).rejects.toThrow('the folder cannot be read')
  })
  it('looks at the files that were changed last, so that a desk may keep its history there', async () => {
    for (let i = 0; i < 30; i++) {
      write(`${i}.json`, emptySurface(i))
      utimesSync(join(folder, `${i}.json`), i, i)
    }
    expect((await source().fetchSurface(100, [])).time).toBe(29)
  })
})

describe.skipIf(!haveChains)('recordedSurfaces', () => {
  const directory = process.env['BALLAST_DATA'] ?? '../shared/data'
  const known = Date.UTC(2026, 0, 12, 12) / 1_000
  it('fits the chain that was known last, and none that is older than allowed', { timeout: 60_000 }, async () => {
    const source = recordedSurfaces(directory, 'ETH', 6 * 3_600)
    const surface = await source.fetchSurface(known, [])
    expect(surface.time).toBeLessThanOrEqual(known - 60)
    expect(surface.time).toBeGreaterThan(known - 6 * 3_600)
    expect(surface.slices.length).toBeGreaterThan(5)
    await expect(source.fetchSurface(Date.UTC(2026, 5, 1) / 1_000, [])).rejects.toThrow('s old; the limit is 21600 s')
    await expect(source.fetchSurface(0, [])).rejects.toThrow('has no option chains of ETH')
  })
})

describe('simulatedSurfaces', () => {
  it('has the quotes of 7 and 30 days, flat beyond and linear in total variance between', async () => {
    const source = simulatedSurfaces({
      fetchSeed: () => expect.unreachable(),
      fetchObservation: async (_, time) => ({
        provenance: { source: 's', kind: 'simulated', synthetic: [], contentHash: null },
        bars: [],
        liquidity: [],
        impliedVol: [{ knownAt: time, atm30d: 0.6, atm7d: 0.9 }],
        clearing: [],
        spot: 200,
        markVol: 0.6,
      }),
    })
    const day = 86_400
    const { slices } = await source.fetchSurface(0, [60 * day, 7 * day, 30 * day, 14 * day, 2 * day, -day])
    const vols = slices.map(({ svi, timeToExpiry }) => Math.sqrt(svi.a / timeToExpiry))
    expect(slices.map(({ expiry }) => expiry / day)).toEqual([2, 7, 14, 30, 60])
    expect([vols[0], vols[1], vols[3], vols[4]].map((vol) => Number(vol?.toFixed(12)))).toEqual([0.9, 0.9, 0.6, 0.6])
    const middle = Math.sqrt((0.81 * 7 + (7 / 23) * (0.36 * 30 - 0.81 * 7)) / 14)
    expect(vols[2]).toBeCloseTo(middle, 12)
  })
})
