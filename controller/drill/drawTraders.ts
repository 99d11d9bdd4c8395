import type { Usd } from '../../risk/types/index.ts'
import { createRandom } from '../sources/random.ts'
import type { Bidder, Trader, TraderKind } from './types.ts'

/** Everybody opens within so many hours. */
export const OPENING_HOURS = 6

/** Shares of the kinds: more are long than short, as on every crypto venue. */
const MIX: readonly (readonly [TraderKind, number])[] = [
  ['long', 0.3],
  ['short', 0.1],
  ['writer', 0.2],
  ['hedged', 0.12],
  ['spread', 0.12],
  ['buyer', 0.1],
  ['pair', 0.06],
]

/** Traders of a run, each with numbers of its own: the same seed gives the same people whatever else differs. */
export function drawTraders(seed: string, markets: readonly string[], count: number): Trader[] {
  return Array.from({ length: count }, (_, i): Trader => {
    const random = createRandom(`trader:${seed}:${i}`)
    const drawn = pickKind(random.uniform())
    // With one market there is nothing to pair.
    const kind = drawn === 'pair' && markets.length < 2 ? 'spread' : drawn
    const market = markets[random.below(markets.length)] as string
    return {
      account: `trader-${String(i).padStart(4, '0')}`,
      kind,
      markets: kind === 'pair' ? markets.slice(0, 2) : [market],
      deposit: Math.round(5_000 * (1 + 2 * random.exponential()) * (1 + 3 * random.exponential())),
      utilisation: 0.3 + 0.65 * random.uniform(),
      discipline: random.uniform() < 0.5 ? 0 : 0.5 * random.uniform(),
      topUps: random.below(3),
      opensAt: random.below(OPENING_HOURS),
    }
  })
}

/** What all of them bring, USD. */
export function depositsOf(traders: readonly Pick<Trader, 'deposit'>[]): Usd {
  return traders.reduce((sum, { deposit }) => sum + deposit, 0)
}

/** Makers take the other side of everybody: they hold as much as all traders together, and half more. */
export function drawMakers(traders: readonly Trader[], count: number): { readonly account: string; readonly deposit: number }[] {
  const total = depositsOf(traders)
  return Array.from({ length: count }, (_, i) => ({ account: `maker-${i}`, deposit: Math.round((1.5 * total) / count) }))
}

/** Bidders of both kinds with the same capital, a given share of all deposits together. */
export function drawBidders(traders: readonly Trader[], each: number, capitalShare: number): Bidder[] {
  const total = depositsOf(traders)
  const deposit = Math.round((total * capitalShare) / (2 * each))
  return (['reference', 'naive'] as const).flatMap((kind) =>
    Array.from({ length: each }, (_, i): Bidder => ({ account: `${kind}-${i}`, kind, deposit })),
  )
}

function pickKind(uniform: number): TraderKind {
  let left = uniform
  for (const [kind, share] of MIX) {
    if (left < share) return kind
    left -= share
  }
  return 'long'
}
