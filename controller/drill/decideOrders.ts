import type { AccountReading, ListedContract } from '../../risk/clearing/index.ts'
import type { Fraction, UnixSeconds, Usd } from '../../risk/types/index.ts'
import type { Random } from '../sources/random.ts'
import type { Trader } from './types.ts'

/** What a trader sees when it thinks, once an hour. */
export type TraderView = {
  readonly time: UnixSeconds
  /** Hours since the run began. */
  readonly hour: number
  readonly contracts: ReadonlyMap<string, ListedContract>
  readonly spots: ReadonlyMap<string, Usd>
  /** Moves of the last 24 hours. */
  readonly dayMoves: ReadonlyMap<string, Fraction>
  /** What initial margin of a future is likely to be, as a share of its notional. */
  readonly futureNeed: ReadonlyMap<string, Fraction>
  /** Null before its first deposit was made. */
  readonly reading: AccountReading
  readonly topUpsLeft: number
}

/** What a trader wants. Contracts of the underlying, negative sells. */
export type Order = { readonly kind: 'trade'; readonly legs: readonly Leg[] } | { readonly kind: 'deposit'; readonly usd: Usd }
export type Leg = { readonly instrument: string; readonly contracts: number }

/** Below this multiple of maintenance a trader with discipline acts. */
const THIN = 1.2
/** Chance per hour of a small trade for its own reasons. */
const IDLE = 0.03

/**
 * What a trader does this hour: opens its position in its hour, gives way or adds cash when margin is thin, buys dips if it is long and reckless, and now and then trades for reasons of
 * its own.
 */
export function decideOrders(trader: Trader, view: TraderView, random: Random): Order[] {
  const { reading, hour } = view
  if (hour === trader.opensAt) return [{ kind: 'trade', legs: strategyLegs(trader, view, trader.utilisation, random) }]
  if (hour < trader.opensAt) return []
  // Drawn in every hour, so that the numbers of later hours do not depend on this one's margin.
  const [acts, how, idle, dip] = [random.uniform(), random.uniform(), random.uniform(), random.uniform()]
  if (reading.maintenance > 0 && reading.equity < THIN * reading.maintenance) {
    if (acts >= trader.discipline) return []
    if (how < 0.4 && view.topUpsLeft > 0) return [{ kind: 'deposit', usd: Math.round(0.4 * trader.deposit) }]
    return [{ kind: 'trade', legs: halved(reading) }]
  }
  const fall = Math.min(0, ...trader.markets.map((market) => view.dayMoves.get(market) ?? 0))
  if (trader.kind === 'long' && fall < -0.05 && dip < 0.1) return [{ kind: 'trade', legs: strategyLegs(trader, view, 0.25, random) }]
  if (idle < IDLE) return [{ kind: 'trade', legs: strategyLegs(trader, view, 0.1, random) }]
  return []
}

/** Half of every position back. */
function halved({ positions }: AccountReading): Leg[] {
  return [...positions].map(([instrument, held]) => ({ instrument, contracts: -Number(held) / 2e18 }))
}

/** Legs of the trader's kind that need about `share` of its deposit as initial margin. */
function strategyLegs(trader: Trader, view: TraderView, share: Fraction, random: Random): Leg[] {
  const market = trader.markets[0] as string
  const spot = view.spots.get(market) as Usd
  const need = view.futureNeed.get(market) as Fraction
  const expiry = pick(expiriesOf(market, view), random)
  const sized = (needShare: Fraction): number => (share * trader.deposit) / (needShare * spot)
  const option = (type: 'call' | 'put', ratio: number): string => nearestOption(market, type, expiry, ratio * spot, view)
  const future = (name: string): string => futureOf(name, expiry, view)
  switch (trader.kind) {
    case 'long':
      return [{ instrument: future(market), contracts: sized(need) }]
    case 'short':
      return [{ instrument: future(market), contracts: -sized(need) }]
    case 'writer': {
      const size = sized(0.75 * need)
      const puts = { instrument: option('put', 0.8 + 0.15 * random.uniform()), contracts: -size }
      return random.uniform() < 0.5 ? [puts] : [puts, { instrument: option('call', 1.05 + 0.2 * random.uniform()), contracts: -0.5 * size }]
    }
    case 'hedged': {
      const size = sized(0.5 * need)
      return [
        { instrument: future(market), contracts: size },
        { instrument: option('put', 0.9), contracts: size },
        { instrument: option('call', 1.1), contracts: -size },
      ]
    }
    case 'spread': {
      const size = sized(0.4 * need)
      const near = 0.9 + 0.1 * random.uniform()
      return [
        { instrument: option('put', near), contracts: -size },
        { instrument: option('put', near - 0.15), contracts: size },
      ]
    }
    case 'buyer': {
      const type = random.uniform() < 0.5 ? 'call' : 'put'
      return [{ instrument: option(type, type === 'call' ? 1.05 : 0.95), contracts: sized(0.25) }]
    }
    case 'pair': {
      const other = trader.markets[1] as string
      const size = (share * trader.deposit) / need
      return [
        { instrument: future(market), contracts: -size / spot },
        { instrument: future(other), contracts: size / (view.spots.get(other) as Usd) },
      ]
    }
  }
}

function expiriesOf(market: string, { contracts, time }: TraderView): UnixSeconds[] {
  const expiries = [...contracts.values()].flatMap((each) =>
    each.market === market && each.instrument.expiry > time + 3_600 ? [each.instrument.expiry] : [],
  )
  return [...new Set(expiries)].sort((a, b) => a - b)
}

function futureOf(market: string, expiry: UnixSeconds, { contracts }: TraderView): string {
  const found = [...contracts].find(
    ([, each]) => each.market === market && each.instrument.kind === 'future' && each.instrument.expiry === expiry,
  )
  return (found as readonly [string, ListedContract])[0]
}

function nearestOption(market: string, type: 'call' | 'put', expiry: UnixSeconds, strike: Usd, { contracts }: TraderView): string {
  let best = ''
  let distance = Number.POSITIVE_INFINITY
  for (const [id, { market: name, instrument }] of contracts) {
    if (name !== market || instrument.kind !== 'option' || instrument.type !== type || instrument.expiry !== expiry) continue
    const off = Math.abs(instrument.strike - strike)
    if (off < distance) [best, distance] = [id, off]
  }
  return best
}

function pick<Value>(values: readonly Value[], random: Random): Value {
  return values[random.below(values.length)] as Value
}
