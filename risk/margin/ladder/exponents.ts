import type { Usd } from '../../types/index.ts'
import { FAR_CEILING, NODE_CEILING } from './words.ts'

/** Room that an exponent leaves for a later post: the price may double before the instrument has to be listed anew. */
const HEADROOM = 2

/** 2^exponent, exactly. */
export function unitOf(exponent: number): number {
  let unit = 1
  for (let i = 0; i < Math.abs(exponent); i++) unit *= exponent < 0 ? 0.5 : 2
  return unit
}

/** Exponent at which an instrument is listed: the smallest at which twice its largest values fit their lanes. */
export function listingExponent(largestNode: Usd, largestFar: Usd): number {
  const needed = HEADROOM * Math.max(largestNode / NODE_CEILING, largestFar / FAR_CEILING)
  let exponent = -60
  while (exponent < 60 && unitOf(exponent) < needed) exponent++
  return exponent
}
