import { volStates } from '../../scenarios/index.ts'
import type { Vol, Years } from '../../types/index.ts'
import type { LadderEntry, LadderHeader } from './types.ts'

const BPS = 10_000

/** The vols that an entry's words stand for. */
export type WordVols = { readonly down: Vol; readonly mark: Vol; readonly up: Vol }

/** Vol of a strike in hundredths of a point, as it is posted. */
export function toVolBps(vol: Vol): number {
  return Math.max(1, Math.round(vol * BPS))
}

/** Vols of an entry's down word, of its mark and of its up word. */
export function wordVols(
  { anchors }: Pick<LadderHeader, 'anchors'>,
  { volBps }: Pick<LadderEntry, 'volBps'>,
  timeToExpiry: Years,
): WordVols {
  const mark = volBps / BPS
  return { mark, ...volStates(mark, timeToExpiry, anchors.volScanUp, anchors.volScanDown) }
}
