// Writes the generated files of this folder: bars.csv.gz and chain.csv. Nothing in them is recorded. Run it from the project's root: node examples/risk/makeExamples.ts
import { writeFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { createRandom } from '../../controller/sources/random.ts'
import { simulateMarket } from '../../controller/sources/simulateMarket.ts'
import { black76Price } from '../../risk/pricing/index.ts'

const folder = new URL('.', import.meta.url)
const DAY = 86_400
const iso = (time: number): string => new Date(time * 1000).toISOString().replace('.000Z', 'Z')

writeFileSync(new URL('bars.csv.gz', folder), gzipSync(bars(), { level: 9 }))
writeFileSync(new URL('chain.csv', folder), chain())

/** 150 days of hourly bars with a fall in the middle. */
function bars(): string {
  const origin = Date.UTC(2025, 7, 1) / 1000
  const market = simulateMarket({
    seed: 'examples',
    origin,
    price: 3_000,
    vol: 0.6,
    depthUsd: 5e6,
    hourlyVolume: 5_000,
    openInterest: 100_000,
    crashes: [{ at: origin + 70 * DAY, hours: 6, fall: 0.12 }],
  })
  const rows = Array.from({ length: 150 * 24 }, () => {
    const { start, open, high, low, close, volume } = market.next().value.bar
    return [iso(start), open, high, low, close, volume].join(',')
  })
  return `${['timestamp,open,high,low,close,volume', ...rows].join('\n')}\n`
}

/** One chain in the form of a recorded one: prices in coins, from three smiles of SVI shape, with spreads, ticks and sides nobody quotes. */
function chain(): string {
  const random = createRandom('examples: chain')
  const spot = 3_120.5
  const time = Date.UTC(2026, 0, 5, 10) / 1000
  const tick = 0.0001
  const smiles = [
    { expiry: '2026-01-09', a: 0.001, b: 0.025, rho: -0.15, m: 0.0, sigma: 0.06, width: 0.2 },
    { expiry: '2026-01-30', a: 0.008, b: 0.075, rho: -0.25, m: 0.01, sigma: 0.14, width: 0.45 },
    { expiry: '2026-03-27', a: 0.03, b: 0.15, rho: -0.3, m: 0.02, sigma: 0.3, width: 0.8 },
  ]
  const rows = smiles.flatMap(({ expiry, a, b, rho, m, sigma, width }) => {
    const timeToExpiry = (Date.parse(`${expiry}T08:00:00Z`) / 1000 - time) / (365 * DAY)
    const forward = Number((spot * Math.exp(0.06 * timeToExpiry)).toFixed(2))
    const strikes = Array.from({ length: 15 }, (_, i) => Math.round((spot * Math.exp(width * (i / 7 - 1))) / 25) * 25)
    return strikes.flatMap((strike) => {
      const k = Math.log(strike / forward)
      const vol = Math.sqrt((a + b * (rho * (k - m) + Math.sqrt((k - m) ** 2 + sigma ** 2))) / timeToExpiry)
      return (['call', 'put'] as const).map((type) => {
        const mark = black76Price({ type, forward, strike, timeToExpiry, vol, rate: 0 }) / forward
        const half = Math.max(tick, 0.02 * Math.min(mark, 0.05)) * (1 + 0.5 * random.uniform())
        const bid = Math.floor((mark - half) / tick) * tick
        const ask = Math.ceil((mark + half) / tick) * tick
        const quoted = [bid > 0 ? bid.toFixed(4) : '', random.uniform() < 0.04 ? '' : ask.toFixed(4), mark.toFixed(6)]
        return [iso(time), expiry, strike, type === 'call' ? 'C' : 'P', ...quoted, forward, spot].join(',')
      })
    })
  })
  return `${['timestamp,expiry,strike,type,bid,ask,mark,underlying,index', ...rows].join('\n')}\n`
}
