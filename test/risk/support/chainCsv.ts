import type { OptionChain } from '../../../risk/surface/index.ts'

const iso = (seconds: number): string => new Date(seconds * 1_000).toISOString().slice(0, 19)

/** Chains in the recorded form; expiries lose their time of day, as there. */
export function chainCsv(chains: readonly OptionChain[]): string {
  const header = 'timestamp,instrument,expiry,strike,type,bid,ask,mark,open_interest,underlying,index'
  const lines = chains.flatMap(({ time, spot, expiries }) =>
    expiries.flatMap(({ expiry, venueForward, quotes }) =>
      quotes.map(({ strike, type, bid, ask, mark }) => {
        const day = iso(expiry).slice(0, 10)
        const letter = type === 'call' ? 'C' : 'P'
        return [
          `${iso(time)}Z`,
          `X-${day}-${strike}-${letter}`,
          day,
          strike,
          letter,
          bid ?? '',
          ask ?? '',
          mark ?? '',
          0,
          venueForward ?? spot,
          spot,
        ].join(',')
      }),
    ),
  )
  return `${[header, ...lines].join('\n')}\n`
}
