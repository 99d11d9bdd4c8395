import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { BadRecordingError } from '../../../risk/market/index.ts'
import { buildSurface, type OptionChain, parseOptionChains } from '../../../risk/surface/index.ts'
import type { Seconds } from '../../../risk/types/index.ts'
import { StaleSurfaceError, UnavailableError } from '../../errors/SourceErrors.ts'
import { READING_TIME } from '../optionChainObservation.ts'
import { optionChainRecordings } from '../optionChainRecordings.ts'
import type { SurfaceSource } from './SurfaceSource.ts'

/**
 * Surfaces fitted from the option chains of a data folder, each from when it was known.
 *
 * @param maxAgeSeconds - Oldest that is used.
 * @throws {BadRecordingError} A file has faulty lines. {UnavailableError} There is no recording of the market.
 */
export function recordedSurfaces(directory: string, market: string, maxAgeSeconds: Seconds): SurfaceSource {
  const chains = optionChainRecordings(directory, market)
    .filter(({ kind }) => kind === 'chains')
    .flatMap(({ path }): readonly OptionChain[] => {
      const bytes = readFileSync(path)
      const parsed = parseOptionChains((path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8'), 'coin')
      if (parsed.faults.length > 0) throw new BadRecordingError(parsed.faults)
      return parsed.chains
    })
    .sort((a, b) => a.time - b.time)
  return {
    async fetchSurface(time) {
      const chain = chains.findLast((each) => each.time + READING_TIME <= time)
      if (chain === undefined) throw new UnavailableError({ source: directory, what: `option chains of ${market}`, time })
      const ageSeconds = time - chain.time
      if (ageSeconds > maxAgeSeconds) throw new StaleSurfaceError({ source: directory, ageSeconds, maxAgeSeconds })
      return buildSurface(chain)
    },
  }
}
