import { gaussPanels } from './gaussPanels.ts'

/** A lognormal price that dies at `lower` and `upper`. */
export type KilledPrice = {
  readonly spot: number
  readonly timeToExpiry: number
  readonly vol: number
  readonly rate: number
  readonly dividendYield: number
  readonly lower: number
  readonly upper: number
}

/**
 * Second method for everything with barriers: value of `payoff` of a price that dies at either barrier, from the eigenfunctions of the killed motion (a sine series in the start
 * and the end), the payoff integrated numerically between its `kinks`. No image appears. A single barrier is the limit of the other one far away.
 */
export function sineSeriesValue(payoff: (price: number) => number, kinks: readonly number[], price: KilledPrice): number {
  const { spot, timeToExpiry, vol, rate, dividendYield, lower, upper } = price
  const l = Math.log(lower / spot)
  const u = Math.log(upper / spot)
  const width = u - l
  const variance = vol * vol * timeToExpiry
  const drift = (rate - dividendYield) * timeToExpiry - variance / 2
  const theta = drift / variance
  // Terms fall like e^(-n^2 pi^2 variance / (2 width^2)).
  const terms = Math.ceil((width / Math.PI) * Math.sqrt(80 / variance)) + 1
  const weights = Array.from({ length: terms }, (_, i) => {
    const a = ((i + 1) * Math.PI) / width
    return Math.sin(-a * l) * Math.exp(-0.5 * a * a * variance)
  })
  const density = (y: number): number => {
    let sum = 0
    for (let i = 0; i < terms; i++) sum += weights[i]! * Math.sin((((i + 1) * Math.PI) / width) * (y - l))
    return (2 / width) * sum * Math.exp(theta * y - 0.5 * theta * theta * variance)
  }
  // Less than 1e-13 lies beyond, and further out the drift's weight would lift the rounding of the sum.
  const reach = 7.5 * Math.sqrt(variance)
  const from = Math.max(l, Math.min(0, drift) - reach)
  const to = Math.min(u, Math.max(0, drift + variance) + reach)
  const cuts = [from, ...kinks.map((kink) => Math.log(kink / spot)).filter((y) => y > from && y < to), to]
  const panels = Math.ceil(Math.max(4, terms / 6))
  return Math.exp(-rate * timeToExpiry) * gaussPanels((y) => payoff(spot * Math.exp(y)) * density(y), cuts, panels)
}

/** A far barrier: twelve deviations and the drift away. */
export function farAway({ spot, timeToExpiry, vol, rate, dividendYield }: Omit<KilledPrice, 'lower' | 'upper'>): {
  lower: number
  upper: number
} {
  const reach = 12 * vol * Math.sqrt(timeToExpiry) + Math.abs(rate - dividendYield) * timeToExpiry + vol * vol * timeToExpiry
  return { lower: spot * Math.exp(-reach), upper: spot * Math.exp(reach) }
}
