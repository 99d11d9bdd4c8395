import type { MarketSource } from '../../../risk/types/index.ts'
import type { DaemonConfig } from '../../config/schema.ts'
import type { Log } from '../../log/createLog.ts'
import { deskSurfaces } from './deskSurfaces.ts'
import { recordedSurfaces } from './recordedSurfaces.ts'
import type { SurfaceSource } from './SurfaceSource.ts'
import { simulatedSurfaces } from './simulatedSurfaces.ts'

/** The source of surfaces that a configuration names. */
export function openSurfaceSource(
  { source, maxAgeSeconds }: Pick<NonNullable<DaemonConfig['surface']>, 'source' | 'maxAgeSeconds'>,
  market: { readonly name: string; readonly source: MarketSource },
  log: Log,
): SurfaceSource {
  switch (source.kind) {
    case 'folder':
      return deskSurfaces(source.directory, maxAgeSeconds, log)
    case 'recorded':
      return recordedSurfaces(source.directory, market.name, maxAgeSeconds)
    case 'simulated':
      return simulatedSurfaces(market.source)
  }
}
