import type { DiscreteAsianInputs } from './asianInputs.ts'

/** Times of the fixings still to come, equally spaced from the first to the last. */
export function fixingTimes({ fixings, firstFixing, lastFixing }: DiscreteAsianInputs): Float64Array {
  const spacing = fixings === 1 ? 0 : (lastFixing - firstFixing) / (fixings - 1)
  const times = new Float64Array(fixings)
  for (let i = 0; i < fixings; i++) times[i] = i === fixings - 1 ? lastFixing : firstFixing + i * spacing
  return times
}
