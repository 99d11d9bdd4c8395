import type { VolSurface } from '../../../risk/surface/index.ts'
import type { UnixSeconds } from '../../../risk/types/index.ts'

/** Where a poster's volatility surfaces come from. */
export type SurfaceSource = {
  /**
   * The newest surface known at a time.
   *
   * @param expiries - Of the chains that are listed; a source that can choose gives slices of these.
   * @throws {UnavailableError}, {StaleFeedError}, {BadSurfaceError}: nothing is posted, and it says why.
   */
  readonly fetchSurface: (time: UnixSeconds, expiries: readonly UnixSeconds[]) => Promise<VolSurface>
}
