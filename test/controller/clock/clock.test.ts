import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { drivenClock } from '../../../controller/clock/drivenClock.ts'
import { createRing, ringHourly } from '../../../controller/clock/ringHourly.ts'
import { systemClock } from '../../../controller/clock/systemClock.ts'
import { observationTime } from '../../../controller/clock/tickTimes.ts'
import { createLog } from '../../../controller/log/createLog.ts'

const log = createLog('silent')
const noon = Date.UTC(2024, 2, 31, 0, 30) / 1_000

describe('observationTime', () => {
  it('is the end of the last bar that closed at least the delay ago', () => {
    expect(observationTime(7_260, 3_600, 60)).toBe(7_200)
    expect(observationTime(7_259, 3_600, 60)).toBe(3_600)
    expect(observationTime(10_799, 3_600, 60)).toBe(7_200)
  })
})

describe('createRing', () => {
  it('drops and counts a ring that finds the tick before still running, and a repeated one', async () => {
    const dropped: number[] = []
    let finish: () => void = () => undefined
    const ticks: number[] = []
    const ring = createRing({
      log,
      tick: (observedAt) => {
        ticks.push(observedAt)
        return new Promise((resolve) => {
          finish = resolve
        })
      },
      onDropped: (observedAt) => dropped.push(observedAt),
    })
    const first = ring(3_600)
    await ring(7_200)
    finish()
    await first
    const third = ring(10_800)
    finish()
    await third
    await ring(10_800)
    expect([ticks, dropped]).toEqual([
      [3_600, 10_800],
      [7_200, 10_800],
    ])
  })
  it('rings on after a tick that failed', async () => {
    const ring = createRing({
      log,
      tick: async (observedAt) => {
        if (observedAt === 3_600) throw new Error('failed')
      },
      onDropped: () => expect.unreachable(),
    })
    await expect(ring(3_600)).rejects.toThrow('failed')
    await ring(7_200)
  })
})

describe('ringHourly', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: noon * 1_000 })
  })
  afterEach(() => {
    vi.useRealTimers()
  })
  it('rings a minute after every full hour in UTC, also where the clocks change, until it is stopped', async () => {
    const zone = process.env['TZ']
    // Berlin skips 02:00 to 03:00 on this night.
    process.env['TZ'] = 'Europe/Berlin'
    const ticks: number[] = []
    const stopping = new AbortController()
    const done = ringHourly({
      clock: systemClock,
      log,
      delaySeconds: 60,
      tick: async (observedAt) => void ticks.push(observedAt),
      onDropped: () => undefined,
      signal: stopping.signal,
    })
    await vi.advanceTimersByTimeAsync(5 * 3_600_000)
    stopping.abort()
    await done
    await vi.advanceTimersByTimeAsync(2 * 3_600_000)
    if (zone === undefined) delete process.env['TZ']
    else process.env['TZ'] = zone
    expect(ticks.map((time) => new Date(time * 1_000).toISOString().slice(11, 16))).toEqual(['01:00', '02:00', '03:00', '04:00', '05:00'])
  })
})

describe('waits', () => {
  it('end when their signal aborts', async () => {
    const stopping = new AbortController()
    const wait = systemClock.sleep(1_000, stopping.signal)
    stopping.abort()
    await expect(wait).rejects.toThrow(/abort/)
  })
  it('a driven clock stands still, moves when set, and never back', () => {
    const clock = drivenClock(100)
    clock.set(50)
    expect(clock.now()).toBe(100)
    clock.set(200)
    expect(clock.now()).toBe(200)
  })
})
