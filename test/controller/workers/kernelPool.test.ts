import { describe, expect, it } from 'vitest'
import { spawnKernelWorker } from '../../../controller/workers/index.ts'
import {
  giveRow,
  openPool,
  openVenue,
  quoteVenue,
  type SpawnKernelWorker,
  type Venue,
  type VenueOptions,
} from '../../../risk/kernel/index.ts'
import { givenRow, randomVenue } from '../../risk/kernel/randomVenue.ts'
import { expectInvalid } from '../../risk/support/expectInvalid.ts'

const { terms, quotes } = randomVenue(21, { accounts: 3001, instruments: 75, scenarios: 203 })

function quotedVenue(options: VenueOptions): Venue {
  const venue = openVenue(terms, { shortfall: true, ...options })
  quoteVenue(venue, quotes)
  terms.instruments.forEach(({ kind }, i) => {
    if (kind === 'given') giveRow(venue, i, givenRow(i, terms.scenarios.length))
  })
  return venue
}

async function results(options: VenueOptions): Promise<readonly Float64Array[]> {
  const pool = openPool(quotedVenue(options), spawnKernelWorker)
  await pool.price()
  const { losses, cells } = await pool.worstLosses()
  const worst = [Float64Array.from(losses), Float64Array.from(cells)]
  const tails = [Float64Array.from(await pool.shortfalls(0.975)), Float64Array.from(await pool.shortfalls(0.9))]
  await pool.close()
  return [...worst, ...tails]
}

describe('a pool of workers', () => {
  it.each([2, 7])('gives the bits of one thread with %i', async (threads) => {
    const alone = await results({ threads: 1 })
    expect(alone[0]!.some((loss) => loss > 0)).toBe(true)
    expect(await results({ threads })).toEqual(alone)
  })
  it('gives the same bits with the twin, and mixes with fewer accounts than threads', async () => {
    expect(await results({ threads: 2, engine: 'typescript' })).toEqual(await results({ threads: 1 }))
    const few = {
      ...terms,
      book: { offsets: Uint32Array.from([0, 1]), instruments: Uint32Array.from([3]), quantities: Float64Array.from([2]) },
    }
    const venue = openVenue(few, { threads: 7 })
    quoteVenue(venue, quotes)
    const pool = openPool(venue, spawnKernelWorker)
    await pool.price()
    expect((await pool.worstLosses()).losses).toHaveLength(1)
    await pool.close()
  })
  it('serves many tasks in a row', async () => {
    const pool = openPool(quotedVenue({ threads: 3 }), spawnKernelWorker)
    await pool.price()
    const first = Float64Array.from((await pool.worstLosses()).losses)
    for (let i = 0; i < 100; i++) await pool.worstLosses()
    expect((await pool.worstLosses()).losses).toEqual(first)
    await pool.close()
  })
  it('refuses a call while another is under way, and a level outside (0, 1)', async () => {
    const pool = openPool(quotedVenue({ threads: 2 }), spawnKernelWorker)
    const first = pool.price()
    await expect(pool.worstLosses()).rejects.toThrow('one at a time')
    await first
    await expect(pool.shortfalls(1)).rejects.toThrow('inside (0, 1)')
    await pool.close()
  })
  it('rejects when a worker dies instead of waiting for ever', async () => {
    const dead: SpawnKernelWorker = () => ({ failure: Promise.resolve(new Error('out of memory')), terminate: () => {} })
    const pool = openPool(quotedVenue({ threads: 2 }), dead)
    await expect(pool.price()).rejects.toThrow('out of memory')
    await expect(pool.price()).rejects.toThrow('out of memory')
    await pool.close()
  })
  it('says why a thread ended', async () => {
    const memory = { buffer: new SharedArrayBuffer(1) }
    const { failure, terminate } = spawnKernelWorker({ memory, thread: 1, threads: 2, scratch: 0, engine: 'typescript' })
    expect(await failure).toBeInstanceOf(RangeError)
    terminate()
  })
  it('refuses memory that cannot be shared', () => {
    const venue = quotedVenue({ engine: 'typescript' })
    const alone = { ...venue, kernel: { ...venue.kernel, memory: { buffer: new ArrayBuffer(8) } } }
    expectInvalid('memory of the venue', () => openPool(alone, spawnKernelWorker))
  })
})
