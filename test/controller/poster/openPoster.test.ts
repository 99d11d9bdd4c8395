import type { PublicClient } from 'viem'
import { encodeErrorResult } from 'viem'
import { describe, expect, it } from 'vitest'
import { ContractRevertError } from '../../../chain/errors/index.ts'
import { surfaceOracleAbi } from '../../../chain/generated/index.ts'
import { PostingTimeoutError } from '../../../controller/errors/PosterErrors.ts'
import { createMetrics } from '../../../controller/http/metrics.ts'
import type { Log } from '../../../controller/log/createLog.ts'
import { openPoster, type PosterOptions } from '../../../controller/poster/openPoster.ts'

/** A posting part whose chain is the given one, and what it logs. */
function posterOn(client: Partial<PublicClient>, signal = new AbortController().signal) {
  const said: [level: string, message: string, error: unknown][] = []
  const sayAt = (level: string) => (fields: { readonly error?: unknown }, message: string) => void said.push([level, message, fields.error])
  const log = { debug: sayAt('debug'), info: sayAt('info'), warn: sayAt('warn'), error: sayAt('error') } as unknown as Log
  const options = {
    setup: {
      market: 'market:ETH',
      client,
      contracts: { chains: '0x0000000000000000000000000000000000000001', surfaceOracle: '0x0000000000000000000000000000000000000002' },
      source: { fetchSurface: () => expect.unreachable() },
      settings: { maxAgeSeconds: 600, validitySeconds: 3_600, gasLimit: 16_000_000, timeoutSeconds: 0.05 },
      log,
    },
    submitter: { signal, clock: { now: () => 0, sleep: async () => undefined } },
    openChains: () => new Set([1]),
    turnSeconds: 1,
    metrics: createMetrics(),
  } as unknown as PosterOptions
  return { poster: openPoster(options), said }
}
const refused = new ContractRevertError({
  to: '0x0000000000000000000000000000000000000002',
  errorName: 'SurfaceOracle_ObservationNotNewer',
  args: {},
  data: encodeErrorResult({ abi: surfaceOracleAbi, errorName: 'SurfaceOracle_ObservationNotNewer', args: [1, 1] }),
  sentence: 'Not newer.',
})
/** Epoch, then version and observation of the last post. */
const headAt = (asOf: number) => (async ({ functionName }: { functionName: string }) => (functionName === 'epoch' ? 1 : [4, asOf])) as never

describe('openPoster', () => {
  it('ends in its time when something hangs, and says so', async () => {
    const { poster, said } = posterOn({ getBlock: () => new Promise(() => undefined) })
    expect(await poster.post(3_600, 0)).toBeNull()
    expect(said).toMatchObject([['error', 'surface not posted', { context: { timeoutSeconds: 0.05 } }]])
    expect(said[0]?.[2]).toBeInstanceOf(PostingTimeoutError)
  })
  it('never fails, whatever does', async () => {
    const { poster, said } = posterOn({ getBlock: () => Promise.reject(new RangeError('broken')) })
    expect(await poster.post(3_600, 0)).toBeNull()
    expect(said).toEqual([['error', 'surface not posted', new RangeError('broken')]])
  })
  it('leaves a tick to the engine before it that has posted its surface', async () => {
    const { poster, said } = posterOn({ readContract: headAt(3_600), getBlock: () => expect.unreachable() })
    expect(await poster.post(3_600, 1)).toBeNull()
    expect(said).toEqual([])
  })
  it('takes a refusal for another engine that was faster, when one was', async () => {
    const late = posterOn({ readContract: headAt(3_660), getBlock: () => Promise.reject(refused) })
    expect(await late.poster.post(3_600, 0)).toBeNull()
    expect(late.said.map(([level, message]) => [level, message])).toEqual([['info', 'another engine posted the surface']])
    const alone = posterOn({ readContract: headAt(0), getBlock: () => Promise.reject(refused) })
    expect(await alone.poster.post(3_600, 0)).toBeNull()
    expect(alone.said.map(([level, message]) => [level, message])).toEqual([['error', 'surface not posted']])
  })
  it('says nothing when the engine is told to stop', async () => {
    const { poster, said } = posterOn({ getBlock: () => Promise.reject(new Error('stopped')) }, AbortSignal.abort())
    expect(await poster.post(3_600, 0)).toBeNull()
    expect(said).toEqual([])
  })
})
