import type { Usd } from '../../types/index.ts'
import type { Venue } from './Venue.ts'

/** Value of one contract of each instrument at the mark, discounted; a view of the venue's memory. Zero for `given` instruments. */
export function marks({ kernel: { reals }, plan: { header } }: Venue): ArrayLike<Usd> {
  return reals.subarray(header.mark / 8, header.mark / 8 + header.instruments)
}
