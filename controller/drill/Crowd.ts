import type { AccountReading, ClearingVenue } from '../../risk/clearing/index.ts'
import type { Usd } from '../../risk/types/index.ts'
import { createRandom, type Random } from '../sources/random.ts'
import { decideOrders, type Leg, type TraderView } from './decideOrders.ts'
import type { Frictions, Trader } from './types.ts'

/** What a crowd needs of the present instant. */
export type CrowdView = Omit<TraderView, 'reading' | 'topUpsLeft'> & {
  readonly readings: ReadonlyMap<string, AccountReading>
  readonly frictions: ReadonlyMap<string, Frictions>
  readonly quotes: (instrument: string) => { readonly value: Usd; readonly delta: number }
}

export type Crowd = {
  /** Everybody who wants something this hour, in an order drawn for it. */
  readonly act: (view: CrowdView) => Promise<void>
  /** Trades legs against the makers, each leg once; returns what was paid beyond the mark. */
  readonly tradeAway: (account: string, legs: readonly Leg[], view: CrowdView) => Promise<Usd>
  readonly counts: () => { readonly trades: number; readonly refused: number }
}

const LOT = 10n ** 14n
/** Share of an option's value that is half its spread. */
const OPTION_HALF_SPREAD = 0.01

/** Traders and the makers who take the other side of every trade, at the mark plus half a spread. A trade that margin refuses is tried again at half its size, twice. */
export function createCrowd(venue: ClearingVenue, seed: string, traders: readonly Trader[], makers: readonly string[]): Crowd {
  const randoms = new Map<string, Random>(traders.map(({ account }) => [account, createRandom(`orders:${seed}:${account}`)]))
  const order = createRandom(`order of hours:${seed}`)
  const choice = createRandom(`makers:${seed}`)
  const topUps = new Map(traders.map(({ account, topUps: left }) => [account, left]))
  const counts = { trades: 0, refused: 0 }

  return {
    counts: () => ({ ...counts }),
    act: async (view) => {
      for (const trader of shuffled(traders, order)) {
        const reading = view.readings.get(trader.account)
        if (reading === undefined) continue
        const topUpsLeft = topUps.get(trader.account) ?? 0
        for (const wanted of decideOrders(trader, { ...view, reading, topUpsLeft }, randoms.get(trader.account) as Random)) {
          if (wanted.kind === 'deposit') {
            await venue.deposit(trader.account, wanted.usd)
            topUps.set(trader.account, topUpsLeft - 1)
          } else for (const leg of wanted.legs) await tradeLeg(trader.account, leg, view)
        }
      }
    },
    tradeAway: async (account, legs, view) => {
      let paid = 0
      for (const leg of legs) paid += await tradeLeg(account, leg, view)
      return paid
    },
  }

  async function tradeLeg(account: string, { instrument, contracts }: Leg, view: CrowdView): Promise<Usd> {
    const contract = venue.contracts.get(instrument)
    if (contract === undefined) return 0
    const { value, delta } = view.quotes(instrument)
    const { halfSpread, depth } = view.frictions.get(contract.market) as Frictions
    const spot = view.spots.get(contract.market) as Usd
    let size = contracts
    for (let attempt = 0; attempt < 3; attempt++, size /= 2) {
      const lots = BigInt(Math.trunc(size * 10_000))
      if (lots === 0n) return 0
      const exposure = Math.abs(size * delta) * spot
      const impact = 0.01 * Math.sqrt(exposure / depth)
      const beyond =
        Math.abs(delta) * spot * (halfSpread + impact) +
        (contract.instrument.kind === 'option' ? OPTION_HALF_SPREAD * Math.max(0, value) : 0)
      // An option is never sold for less than nothing.
      const price =
        Math.max(contract.instrument.kind === 'option' ? 0 : Number.NEGATIVE_INFINITY, value + Math.sign(size) * beyond) +
        contract.reference
      const maker = makers[choice.below(makers.length)] as string
      const outcome = await venue.trade({ taker: account, maker, instrument, contracts: lots * LOT, price })
      if (outcome.kind === 'done') {
        counts.trades += 1
        return (price - contract.reference - value) * size
      }
      counts.refused += 1
    }
    return 0
  }
}

/** Fisher and Yates. */
function shuffled<Value>(values: readonly Value[], random: Random): Value[] {
  const mixed = [...values]
  for (let i = mixed.length - 1; i > 0; i--) {
    const j = random.below(i + 1)
    ;[mixed[i], mixed[j]] = [mixed[j] as Value, mixed[i] as Value]
  }
  return mixed
}
