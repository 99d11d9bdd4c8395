import { pricingModuleOf, pricingRegistry, yearsBetween } from '../../risk/pricing/index.ts'
import type { Book, Portfolio, PortfolioSource, Position, UnixSeconds, Usd } from '../../risk/types/index.ts'
import { type ListedInstrument, listInstruments, weekStart } from './listInstruments.ts'
import { createRandom, type Random } from './random.ts'

export type SimulatedBookOptions = {
  readonly seed: string
  readonly market: string
  readonly accounts: number
  /** Price known at a time, from this engine's own source; asked for the start of a week. */
  readonly priceAt: (time: UnixSeconds) => Promise<Usd>
}

/** Volatility at which the first cash balance is worked out. Marks use the snapshot's own. */
const INCEPTION_VOL = 0.6

/**
 * Seeded accounts: hedgers, speculators, option writers and spread traders, a few of them near their margin. They keep their names; their
 * positions are rolled every Monday 00:00 UTC into the week's listing, at the price known then, and stay as they are until the next.
 *
 * The book depends on seed, market, number of accounts, the week, and the week's price rounded to two digits, so that engines with slightly
 * different feeds hold the same book. It is generated, not observed: snapshots name it as synthetic.
 */
export function simulatedBook({ seed, market, accounts, priceAt }: SimulatedBookOptions): PortfolioSource {
  let latest: { readonly week: UnixSeconds; readonly book: Book } | undefined
  return {
    async fetchBook(time) {
      const week = weekStart(time)
      if (latest?.week !== week) {
        const reference = Number((await priceAt(week)).toPrecision(2))
        latest = { week, book: drawBook({ seed, market, accounts, week, reference }) }
      }
      return latest.book
    },
  }
}

export type BookDraw = {
  readonly seed: string
  readonly market: string
  readonly accounts: number
  readonly week: UnixSeconds
  readonly reference: Usd
}

/** The book of one week. */
export function drawBook({ seed, market, accounts, week, reference }: BookDraw): Book {
  const instruments = listInstruments(market, week, reference)
  const chain = new Chain(instruments, week, reference)
  const portfolios = Array.from({ length: accounts }, (_, i) =>
    drawAccount(createRandom(`account:${seed}:${market}:${week}:${i}`), chain, i),
  )
  return { schema: 'ballast.book', version: 1, market, instruments, portfolios }
}

/** Finds instruments of a listing by expiry and strike. */
class Chain {
  readonly reference: Usd
  private readonly week: UnixSeconds
  private readonly instruments: readonly ListedInstrument[]
  readonly expiries: readonly UnixSeconds[]
  constructor(instruments: readonly ListedInstrument[], week: UnixSeconds, reference: Usd) {
    this.instruments = instruments
    this.week = week
    this.reference = reference
    this.expiries = [...new Set(instruments.map(({ expiry }) => expiry))]
  }
  future(expiry: UnixSeconds): number {
    return this.instruments.findIndex((each) => each.kind === 'future' && each.expiry === expiry)
  }
  /** The listed strike nearest to `ratio` times the reference. */
  option(type: 'call' | 'put', expiry: UnixSeconds, ratio: number): number {
    let best = -1
    let distance = Number.POSITIVE_INFINITY
    for (const [i, each] of this.instruments.entries()) {
      if (each.kind !== 'option' || each.type !== type || each.expiry !== expiry) continue
      const off = Math.abs(each.strike - ratio * this.reference)
      if (off < distance) [best, distance] = [i, off]
    }
    return best
  }
  value(i: number): Usd {
    const instrument = this.instruments[i] as ListedInstrument
    const timeToExpiry = yearsBetween(this.week, instrument.expiry)
    return pricingModuleOf(instrument, pricingRegistry).value(instrument, {
      spot: this.reference,
      forward: this.reference,
      vol: INCEPTION_VOL,
      timeToExpiry,
    })
  }
}

type Leg = { readonly instrument: number; readonly quantity: number }
/** Legs for one contract, and the margin they are expected to need, as a share of its notional. */
type Strategy = { readonly legs: readonly Leg[]; readonly need: number }

const strategies: readonly ((chain: Chain, random: Random) => Strategy)[] = [
  (chain, random) => ({ legs: [{ instrument: chain.future(pickExpiry(chain, random)), quantity: 1 }], need: 0.2 }),
  (chain, random) => ({ legs: [{ instrument: chain.future(pickExpiry(chain, random)), quantity: -1 }], need: 0.2 }),
  (chain, random) => ({
    legs: [{ instrument: chain.option('put', pickExpiry(chain, random), 0.75 + 0.2 * random.uniform()), quantity: -1 }],
    need: 0.16,
  }),
  (chain, random) => ({
    legs: [{ instrument: chain.option('call', pickExpiry(chain, random), 1.05 + 0.3 * random.uniform()), quantity: -1 }],
    need: 0.16,
  }),
  (chain, random) => ({
    legs: [{ instrument: chain.option('call', pickExpiry(chain, random), 0.95 + 0.3 * random.uniform()), quantity: 1 }],
    need: 0.05,
  }),
  (chain, random) => ({
    legs: [{ instrument: chain.option('put', pickExpiry(chain, random), 0.7 + 0.3 * random.uniform()), quantity: 1 }],
    need: 0.05,
  }),
  (chain, random) => {
    const expiry = pickExpiry(chain, random)
    const width = 0.05 + 0.2 * random.uniform()
    return {
      legs: [
        { instrument: chain.option('call', expiry, 1 + width), quantity: -1 },
        { instrument: chain.option('put', expiry, 1 - width), quantity: -1 },
      ],
      need: 0.24,
    }
  },
  (chain, random) => {
    const expiry = pickExpiry(chain, random)
    const near = 0.9 + 0.1 * random.uniform()
    return {
      legs: [
        { instrument: chain.option('put', expiry, near), quantity: -1 },
        { instrument: chain.option('put', expiry, near - 0.15), quantity: 1 },
      ],
      need: 0.12,
    }
  },
  (chain, random) => {
    const [near, far] = [chain.expiries[random.below(2)] as number, chain.expiries[2 + random.below(3)] as number]
    const ratio = 0.9 + 0.2 * random.uniform()
    return {
      legs: [
        { instrument: chain.option('call', near, ratio), quantity: -1 },
        { instrument: chain.option('call', far, ratio), quantity: 1 },
      ],
      need: 0.1,
    }
  },
]

function pickExpiry(chain: Chain, random: Random): UnixSeconds {
  return chain.expiries[random.below(chain.expiries.length)] as UnixSeconds
}

/** Two to eight strategies; sizes with a long tail; equity from barely enough to many times the expected margin. */
function drawAccount(random: Random, chain: Chain, i: number): Portfolio {
  const quantities = new Map<number, number>()
  let need = 0
  for (let n = 2 + random.below(7); n > 0; n--) {
    const strategy = (strategies[random.below(strategies.length)] as (typeof strategies)[number])(chain, random)
    const notional = 10_000 * (1 + random.exponential()) * (1 + 4 * random.exponential())
    const contracts = Math.max(0.01, Math.round((notional / chain.reference) * 100) / 100)
    for (const { instrument, quantity } of strategy.legs) {
      quantities.set(instrument, hundredths((quantities.get(instrument) ?? 0) + quantity * contracts))
    }
    need += strategy.need * contracts * chain.reference
  }
  const positions: Position[] = [...quantities]
    .filter(([, quantity]) => quantity !== 0)
    .sort(([a], [b]) => a - b)
    .map(([instrument, quantity]) => ({ instrument, quantity }))
  const equity = need * (1.1 + 1.5 * random.exponential())
  // One account in four posts a third of its equity in the underlying.
  const collateral = random.below(4) === 0 ? hundredths(equity / 3 / chain.reference) : 0
  const marked = positions.reduce((sum, { instrument, quantity }) => sum + quantity * chain.value(instrument), 0)
  const cash = Math.round(equity - marked - collateral * chain.reference)
  return { account: `simulated-${String(i).padStart(4, '0')}`, cash, collateral, positions }
}

function hundredths(x: number): number {
  return Math.round(x * 100) / 100
}
