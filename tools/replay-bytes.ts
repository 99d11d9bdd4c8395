// Prints one hash over every snapshot, decision, state and digest of the March 2020 replay, to compare one Node version with another:
//   node tools/replay-bytes.ts <data folder> [eth|btc] [from] [to]
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { adjustmentDigest, domainOf } from '../chain/typed-data/index.ts'
import { canonicalJson, contentHash } from '../risk/hash/index.ts'
import { parseBars, parseUtc } from '../risk/market/index.ts'
import { replayMarket } from '../risk/replay/index.ts'
import type { Decision, Json } from '../risk/types/index.ts'
import { replayOf } from '../test/risk/replay/harness.ts'

const [folder = '../shared/data', market = 'eth', from = '2020-03-08T00:00:00Z', to = '2020-04-15T00:00:00Z'] = process.argv.slice(2)
if (market !== 'eth' && market !== 'btc') throw new Error(`market is ${market}; it must be eth or btc`)
const file = join(folder, 'ohlcv', `${market.toUpperCase()}USDT_binance_spot_1h_2017-08_2022-10.csv.gz`)
const bars = parseBars(gunzipSync(readFileSync(file)).toString(), 3600).bars
const domain = domainOf('controllerMandate', 31_337, '0x000000000000000000000000000000000000dEaD')

/** Big integers as decimal strings: a decision as a canonical document. */
function documentOf(decision: Decision): Json {
  return JSON.parse(JSON.stringify(decision, (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value))) as Json
}

function instant(text: string): number {
  const time = parseUtc(text)
  if (time === null) throw new Error(`${text} is not a time; write it like 2020-03-08T00:00:00Z`)
  return time
}

let all = ''
let ticks = 0
for await (const { snapshot, decided } of replayMarket(replayOf(bars, market, instant(from), instant(to)))) {
  const digest = decided.decision.kind === 'halt' ? '' : adjustmentDigest(decided.decision.adjustment, domain)
  all = contentHash(`${all} ${snapshot?.hash} ${canonicalJson(documentOf(decided.decision))} ${decided.nextStateHash} ${digest}`)
  ticks++
}
console.log(`${process.version} ${market} ${ticks} ticks ${all}`)
