// Second method for margin: the rule of risk policy B2 to B6 written out position by position and cell by cell, without a risk array, with platform arithmetic.
import type { FlatMarket, MarginParameters } from '../../../risk/margin/index.ts'
import { black76Price } from '../../../risk/pricing/index.ts'
import type { Portfolio } from '../../../risk/types/index.ts'
import type { ListedInstrument } from './arbitraryBook.ts'

const DAY = 1 / 365

export function naiveMargin(
  portfolio: Portfolio,
  instruments: readonly ListedInstrument[],
  market: FlatMarket,
  parameters: MarginParameters,
) {
  const { time, spot, markVol } = market
  const held = portfolio.positions.map(({ instrument, quantity }) => ({ ...instruments[instrument]!, quantity }))
  const years = (expiry: number): number => (expiry - time) / (365 * 86_400)
  const units = portfolio.collateral * (1 - parameters.haircut)

  const price = (instrument: ListedInstrument, at: number, vol: number): number =>
    instrument.kind === 'future'
      ? at
      : black76Price({
          type: instrument.type,
          forward: at,
          strike: instrument.strike,
          timeToExpiry: years(instrument.expiry),
          vol,
          rate: 0,
        })
  const payoff = (instrument: ListedInstrument, at: number): number =>
    instrument.kind === 'future' ? at : Math.max(0, instrument.type === 'call' ? at - instrument.strike : instrument.strike - at)
  const shocked = (expiry: number, state: 'up' | 'down'): number => {
    const T = Math.max(years(expiry), DAY)
    const m = ((30 * DAY) / T) ** (T < 30 * DAY ? 0.5 : 0.3)
    return state === 'up'
      ? Math.max(markVol, 0.4) * (1 + parameters.volScanUp * m)
      : Math.max(markVol * (1 - parameters.volScanDown * Math.min(m, 1.6)), 0.35 * markVol)
  }

  const mark = held.reduce((sum, position) => sum + position.quantity * price(position, spot, markVol), units * spot)
  const stressed = (at: number, state: 'up' | 'down'): number => {
    let total = units * at
    for (const position of held) if (position.kind === 'future') total += position.quantity * at
    for (const expiry of new Set(held.map((position) => position.expiry))) {
      const chain = held.filter((position) => position.kind === 'option' && position.expiry === expiry)
      const value = chain.reduce((sum, position) => sum + position.quantity * price(position, at, shocked(expiry, state)), 0)
      const expired = chain.reduce((sum, position) => sum + position.quantity * payoff(position, at), 0)
      const counted = years(expiry) < DAY ? Math.min(value, expired) : value
      total += counted > 0 ? counted * 0.97 * Math.exp(-0.05 * years(expiry)) : counted
    }
    return total
  }
  const strikes = [...new Set(held.flatMap((position) => (position.kind === 'option' ? [position.strike] : [])))]
  const soon = [
    ...new Set(held.flatMap((position) => (position.kind === 'option' && years(position.expiry) < 2 * DAY ? [position.strike] : []))),
  ]
  const scan = (range: number): number => {
    let worst = 0
    const spots = Array.from({ length: 33 }, (_, i) => spot * (1 + (range * (i - 16)) / 16))
    spots.push(...soon.filter((strike) => Math.abs(strike / spot - 1) <= range))
    for (const at of spots) for (const state of ['up', 'down'] as const) worst = Math.max(worst, mark - stressed(at, state))
    for (const multiple of [0.34, 0.5, 0.67, 1.5, 2, 3, 4, 6]) {
      const weight = Math.min(1, (parameters.tailWeight * range) / Math.abs(multiple - 1))
      worst = Math.max(worst, weight * (mark - stressed(spot * multiple, 'up')))
    }
    return worst
  }
  const wide = Math.max(parameters.priceScanRange, parameters.initialRange)

  let most = 0
  const lose = (value: number): void => {
    most = Math.max(most, mark - value)
  }
  const expiredAt = (at: number): number => held.reduce((sum, position) => sum + position.quantity * payoff(position, at), units * at)
  lose(expiredAt(0))
  for (const strike of strikes) lose(expiredAt(strike))
  const inRange = [parameters.priceScanRange, wide].flatMap((range) =>
    Array.from({ length: 33 }, (_, i) => spot * (1 + (range * (i - 16)) / 16)),
  )
  const far = [0.34, 0.5, 0.67, 1.5, 2, 3, 4, 6].map((multiple) => spot * multiple)
  for (const at of [...inRange, ...far]) {
    const states = far.includes(at) && !inRange.includes(at) ? (['up'] as const) : (['up', 'down'] as const)
    for (const state of states)
      lose(held.reduce((sum, position) => sum + position.quantity * price(position, at, shocked(position.expiry, state)), units * at))
    lose(expiredAt(at))
  }
  const slope = held.reduce(
    (sum, position) => sum + (position.kind === 'future' || position.type === 'call' ? position.quantity : 0),
    units,
  )
  const unbounded = slope < -1e-9
  if (Math.abs(slope) <= 1e-9)
    lose(
      held.reduce(
        (sum, position) => sum - (position.kind === 'option' && position.type === 'call' ? position.quantity * position.strike : 0),
        0,
      ),
    )

  // Most that the expiries can lose one by one, at their own worst prices.
  let apart: number | null =
    mark - units * spot - held.reduce((sum, position) => sum + position.quantity * price(position, spot, markVol), 0)
  for (const expiry of new Set(held.map((position) => position.expiry))) {
    const own = held.filter((position) => position.expiry === expiry)
    const ends = (at: number): number => own.reduce((sum, position) => sum + position.quantity * payoff(position, at), 0)
    const top = own.reduce((sum, position) => sum + (position.kind === 'future' || position.type === 'call' ? position.quantity : 0), 0)
    const high = 1e9
    if (top < -1e-9) apart = null
    const now = own.reduce((sum, position) => sum + position.quantity * price(position, spot, markVol), 0)
    const kinks = own.flatMap((position) => (position.kind === 'option' ? [position.strike] : []))
    const end = Math.abs(top) <= 1e-9 ? [ends(high)] : []
    if (apart !== null) apart += now - Math.min(ends(0), ...kinks.map(ends), ...end)
  }
  if (apart !== null) apart += units * spot

  // Charges: sensitivities by the differences that the rule states.
  const step = spot / 1024
  const net = [...new Set(held.map((position) => position.expiry))]
    .sort((a, b) => a - b)
    .map((expiry) => {
      const own = held.filter((position) => position.expiry === expiry)
      const value = (at: number, vol: number): number =>
        own.reduce((sum, position) => sum + position.quantity * price(position, at, vol), 0)
      const vegaOf = (position: (typeof held)[number]): number => {
        const low = Math.max(0, markVol - 1 / 4096)
        return (position.quantity * (price(position, spot, markVol + 1 / 4096) - price(position, spot, low))) / (markVol + 1 / 4096 - low)
      }
      const wing = (strike: number): number => Math.min(2, Math.max(-2, Math.log(strike / spot) / (markVol * Math.sqrt(years(expiry)))))
      return {
        days: years(expiry) * 365,
        delta: (value(spot + step, markVol) - value(spot - step, markVol)) / (2 * step),
        gamma: (value(spot + step, markVol) - 2 * value(spot, markVol) + value(spot - step, markVol)) / step ** 2,
        vega: own.reduce((sum, position) => sum + vegaOf(position), 0),
        up: shocked(expiry, 'up') - markVol,
        skew: own.reduce((sum, position) => sum + (position.kind === 'option' ? 0.01 * vegaOf(position) * wing(position.strike) : 0), 0),
      }
    })
  const skew = net.reduce((sum, { days, skew: points }) => sum + Math.abs(points) * Math.min(20, 6 * Math.sqrt(30 / Math.max(days, 2))), 0)
  const buckets = [0, 1, 2, 3].map((bucket) =>
    net.filter(({ days }) => [7, 30, 90].filter((end) => days >= end).length === bucket).reduce((sum, { vega, up }) => sum + vega * up, 0),
  )
  const term =
    0.3 *
    Math.min(
      buckets.reduce((sum, x) => sum + Math.max(0, x), 0),
      buckets.reduce((sum, x) => sum + Math.max(0, -x), 0),
    )
  // The q-th dollar of long delta meets the q-th of short delta, both counted from the nearest date.
  const lanes = [{ days: 0, delta: units }, ...net]
  const sides = [1, -1].map((sign) => {
    let passed = 0
    return lanes
      .filter(({ delta }) => sign * delta > 0)
      .map(({ days, delta }) => {
        const from = passed
        passed += Math.abs(delta)
        return { days, from, to: passed }
      })
  })
  let basis = 0
  for (const long of sides[0]!) {
    for (const short of sides[1]!) {
      const paired = Math.max(0, Math.min(long.to, short.to) - Math.max(long.from, short.from))
      basis += paired * spot * Math.max(0.01, (0.075 * Math.abs(long.days - short.days)) / 365)
    }
  }
  const size = (coefficient: number, amount: number, depth: number): number =>
    Math.abs(amount) > depth ? coefficient * Math.abs(amount) * Math.sqrt(Math.abs(amount) / depth) : 0
  const liquidity = (range: number): number => {
    if (parameters.liquidity === undefined) return 0
    const { depth, vegaDepth, deltaAddOn, gammaAddOn, vegaAddOn } = parameters.liquidity
    return (
      size(deltaAddOn, spot * net.reduce((sum, { delta }) => sum + delta, 0), depth) +
      size(gammaAddOn, spot ** 2 * range * net.reduce((sum, { gamma }) => sum + gamma, 0), depth) +
      size(vegaAddOn, 0.01 * net.reduce((sum, { vega }) => sum + vega, 0), vegaDepth)
    )
  }

  const nets = new Map<string, number>()
  for (const position of held) {
    if (position.kind === 'option')
      nets.set(`${position.expiry} ${position.type}`, (nets.get(`${position.expiry} ${position.type}`) ?? 0) + position.quantity)
  }
  const minimum = parameters.shortOptionMinimum * spot * [...nets.values()].reduce((sum, net) => sum + Math.max(0, -net), 0)
  const cap = (within: number, between: number): number => {
    const together = unbounded ? within : Math.min(within, most)
    return apart === null ? together + between : Math.min(together + between, Math.max(apart, unbounded ? 0 : most))
  }
  const within = (range: number): number => Math.max(scan(range), minimum) + skew + liquidity(range)
  const maintenance = cap(within(parameters.priceScanRange), term + basis)
  const factor = parameters.initialMultiplier
  const initial = Math.max(maintenance, cap(factor * within(wide), factor * (term + basis)))
  return { equity: portfolio.cash + mark, maintenance, initial, maximumLoss: unbounded ? null : most, between: term + basis }
}
