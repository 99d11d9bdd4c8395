import type { Bar } from '../types/index.ts'

/** What is wrong with one bar, in words, or null. Prices are finite and positive, the range encloses open and close, volume is not negative. */
export function barFault({ start, end, knownAt, open, high, low, close, volume }: Bar): string | null {
  for (const [name, price] of Object.entries({ open, high, low, close })) {
    if (!(price > 0 && price < Number.POSITIVE_INFINITY)) return `${name} is ${price}; it must be finite and above 0`
  }
  if (!(volume >= 0 && volume < Number.POSITIVE_INFINITY)) return `volume is ${volume}; it must be finite and at least 0`
  if (high < Math.max(open, close)) return `high is ${high}, below ${Math.max(open, close)}, the larger of open and close`
  if (low > Math.min(open, close)) return `low is ${low}, above ${Math.min(open, close)}, the smaller of open and close`
  for (const [name, time] of Object.entries({ start, end, knownAt }))
    if (!Number.isSafeInteger(time)) return `${name} is ${time}; it must be whole seconds`
  if (!(end > start)) return `end is ${end}, not after start ${start}`
  if (knownAt < end) return `knownAt is ${knownAt}, before the end ${end}`
  return null
}
