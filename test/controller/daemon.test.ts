import { describe, expect, it } from 'vitest'
import { drivenClock } from '../../controller/clock/drivenClock.ts'
import type { DaemonConfig } from '../../controller/config/schema.ts'
import { type Daemon, runByClock } from '../../controller/daemon.ts'
import { createMetrics } from '../../controller/http/metrics.ts'
import { createLog } from '../../controller/log/createLog.ts'
import { FatalError } from '../../risk/errors/index.ts'

class BrokenError extends FatalError {
  override readonly context = {}
}

/** A started daemon of which only what the clock uses is there; its store knows one tick that was begun. */
function begun(tick: Daemon['tick']): { readonly daemon: Daemon; readonly closed: () => number } {
  let closed = 0
  const record = { stage: 'sending', observedAt: 3_600, adjustment: { validUntil: 4_200 } }
  const engines = new Map([
    ['market:ETH', { store: { lastRound: () => record }, identity: { scope: 'market:ETH' } }],
  ]) as unknown as Daemon['engines']
  const close = async (): Promise<void> => {
    closed++
  }
  const daemon = {
    url: 'http://127.0.0.1:1',
    address: '0x0000000000000000000000000000000000000001',
    log: createLog('silent'),
    metrics: createMetrics(),
    engines,
    tick,
    close,
  } as const
  return { daemon, closed: () => closed }
}
const config = { engine: { delaySeconds: 60 } } as DaemonConfig

describe('runByClock', () => {
  it('first finishes the tick that a former process began, then stops cleanly when told to', async () => {
    const stopping = new AbortController()
    const ticks: number[] = []
    const { daemon, closed } = begun(async (observedAt) => {
      ticks.push(observedAt)
      stopping.abort()
      return []
    })
    await runByClock(daemon, { config, clock: drivenClock(4_200), signal: stopping.signal })
    expect([ticks, closed()]).toEqual([[3_600], 1])
  })
  it('leaves a tick alone whose round can no longer be accepted', async () => {
    const stopping = new AbortController()
    const { daemon, closed } = begun(() => expect.unreachable())
    const running = runByClock(daemon, { config, clock: drivenClock(4_201), signal: stopping.signal })
    stopping.abort()
    await running
    expect(closed()).toBe(1)
  })
  it('closes everything and says why when a human must act', async () => {
    const { daemon, closed } = begun(() => Promise.reject(new BrokenError('broken')))
    await expect(runByClock(daemon, { config, clock: drivenClock(4_200), signal: new AbortController().signal })).rejects.toThrow('broken')
    expect(closed()).toBe(1)
  })
})
