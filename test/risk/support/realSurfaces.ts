import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { type ExpiryQuote, type Smile, type SurfaceMarket, smileVol } from '../../../risk/margin/index.ts'

const data = resolve(process.env['BALLAST_DATA'] ?? '../shared/data')
const files = {
  BTC: 'deribit_BTC_chain_daily_2025-12-30_2026-01-25.csv.gz',
  ETH: 'deribit_ETH_chain_6h_2025-12-30_2026-01-25.csv.gz',
} as const

/** Whether the recorded chains are on this machine. */
export const haveChains = Object.values(files).every((file) => existsSync(resolve(data, 'options', file)))
/** Where they are, for the title of a suite. */
export const chainsWhere = haveChains ? 'recorded' : 'BALLAST_DATA, absent'

/** One recorded surface with the strikes listed in each expiry. */
export type RealSurface = { readonly market: SurfaceMarket; readonly strikes: readonly (readonly number[])[] }

/**
 * The surfaces of a recording, one per snapshot: out-of-the-money marks as the smile, the median future over index as the forward. Expiries at 08:00 UTC; those within two
 * hours, with fewer than five strikes, or with vols outside 5 to 300 % are left out, as the notes of the data ask.
 *
 * @param every - Take every n-th snapshot.
 */
export function readSurfaces(coin: 'BTC' | 'ETH', every: number): RealSurface[] {
  const text = gunzipSync(readFileSync(resolve(data, 'options', files[coin]))).toString('utf8')
  const [header, ...lines] = text.trim().split('\n')
  const column = new Map(header!.split(',').map((name, i) => [name, i]))
  const rows = lines.map((line) => {
    const cells = line.split(',')
    const at = (name: string): string => cells[column.get(name)!] ?? ''
    return {
      time: Math.floor(Date.parse(at('timestamp')) / 1000),
      expiry: Date.parse(`${at('expiry')}T08:00:00Z`) / 1000,
      strike: Number(at('strike')),
      type: at('type'),
      iv: Number(at('iv')),
      forward: Number(at('underlying')),
      index: Number(at('index')),
    }
  })
  const snapshots = Map.groupBy(rows, ({ time }) => time)
  return [...snapshots.values()].filter((_, i) => i % every === 0).map((snapshot) => surfaceOf(snapshot))
}

type Row = { time: number; expiry: number; strike: number; type: string; iv: number; forward: number; index: number }

function surfaceOf(rows: readonly Row[]): RealSurface {
  const time = rows[0]!.time
  const spot = median(rows.map(({ index }) => index))
  const expiries: ExpiryQuote[] = []
  const strikes: number[][] = []
  const byExpiry = [...Map.groupBy(rows, ({ expiry }) => expiry)].sort(([a], [b]) => a - b)
  for (const [expiry, chain] of byExpiry) {
    if (expiry - time < 7200) continue
    const forward = median(chain.map((row) => row.forward))
    const used = chain
      .filter(({ type, strike, iv }) => (type === 'C') === strike >= forward && iv > 0.05 && iv < 3)
      .sort((a, b) => a.strike - b.strike)
    if (used.length < 5) continue
    const smile: Smile = { kind: 'points', strikes: used.map(({ strike }) => strike), vols: used.map(({ iv }) => iv) }
    const quote = { expiry, forwardRatio: forward / spot, atmVol: 1, smile }
    expiries.push({ ...quote, atmVol: smileVol(quote, forward, forward, (expiry - time) / 31_536_000) })
    strikes.push(used.map(({ strike }) => strike))
  }
  return { market: { time, spot, expiries }, strikes }
}

function median(values: number[]): number {
  const sorted = values.sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)]!
}
