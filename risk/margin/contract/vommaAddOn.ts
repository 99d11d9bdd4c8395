import { absolute, ceilDiv, sqrtDown, WAD } from './integers.ts'
import { volsOf } from './ladderSums.ts'
import type { ChainBook, VolStates } from './types.ts'

const YEAR = 31_536_000n
/** Vols are counted in this: a hundredth of a point has 1e12 parts. */
const VOL_ONE = 10_000_000_000_000_000n
/** A hundredth of a point, wad. */
const VOL_BP = 100_000_000_000_000n
const LOTS = 10_000n

/**
 * What reading a live vol on the line between the words' vols may credit an account too much, by vol state: USD wad, rounded up (contract rules A12).
 *
 * A value on a line through two points is out by (x - down)(up - x) times its second divided difference. Of a vanilla option that is at most
 * K sqrt(T) (0.45 + 0.25 sqrt(T)) / (down + x + up) at any price: the line flatters longs between the words, and shorts beyond them. A digital bends both ways, by at
 * most 2.4 / (down + x + up)^2. The vols of the strikes are taken to stand in the ratio of the vol at the money; see docs/decisions/0019-one-ladder.md.
 */
export function vommaAddOn(book: ChainBook): VolStates {
  const vol = book.atmVol / VOL_BP + 1n
  const { down, up, liveUp, liveDown } = volsOf(book, { volBps: vol })
  const at = (live: bigint): bigint => {
    const area = (live - down) * (up - live)
    return ceilDiv(heldOn(book, vol, area > 0n) * shareOf(book, absolute(area), down + live + up), vol * LOTS)
  }
  return { up: at(liveUp), down: at(liveDown) }
}

/** Of the strike, or of a digital's dollar; wad. */
function shareOf({ kind, expiry, asOf }: ChainBook, area: bigint, sum: bigint): bigint {
  if (kind !== 0) return ((area / sum) * 24n * WAD) / (10n * sum)
  const root = sqrtDown(((expiry - asOf) * WAD * WAD) / YEAR)
  return ((area / sum) * ((root * (9n * WAD + 5n * root)) / (20n * WAD))) / VOL_ONE
}

/** Sum of lots x strike x vol of one side, the strike in dollars; of both sides and a dollar in a digital. */
function heldOn({ kind, strikes }: ChainBook, vol: bigint, isLong: boolean): bigint {
  return strikes
    .filter(({ net }) => kind !== 0 || net < 0n !== isLong)
    .reduce((total, { net, shift, strike, volBps }) => total + absolute(net >> shift) * (kind === 0 ? (strike * volBps) / WAD : vol), 0n)
}
