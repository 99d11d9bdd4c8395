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
  const scan = (range: number): number => {
    let worst = 0
    for (let i = -16; i <= 16; i++)
      for (const state of ['up', 'down'] as const) worst = Math.max(worst, mark - stressed(spot * (1 + (range * i) / 16), state))
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
  lose(held.reduce((sum, position) => sum + position.quantity * payoff(position, 0), 0))
  const inRange = [parameters.priceScanRange, wide].flatMap((range) =>
    Array.from({ length: 33 }, (_, i) => spot * (1 + (range * (i - 16)) / 16)),
  )
  const far = [0.34, 0.5, 0.67, 1.5, 2, 3, 4, 6].map((multiple) => spot * multiple)
  for (const at of [...inRange, ...far]) {
    const states = far.includes(at) && !inRange.includes(at) ? (['up'] as const) : (['up', 'down'] as const)
    for (const state of states)
      lose(held.reduce((sum, position) => sum + position.quantity * price(position, at, shocked(position.expiry, state)), units * at))
    lose(held.reduce((sum, position) => sum + position.quantity * payoff(position, at), units * at))
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

  const nets = new Map<string, number>()
  for (const position of held) {
    if (position.kind === 'option')
      nets.set(`${position.expiry} ${position.type}`, (nets.get(`${position.expiry} ${position.type}`) ?? 0) + position.quantity)
  }
  const minimum = parameters.shortOptionMinimum * spot * [...nets.values()].reduce((sum, net) => sum + Math.max(0, -net), 0)
  const cap = unbounded ? Number.POSITIVE_INFINITY : most
  const maintenance = Math.min(cap, Math.max(scan(parameters.priceScanRange), minimum))
  const initial = Math.max(maintenance, Math.min(cap, parameters.initialMultiplier * Math.max(scan(wide), minimum)))
  return { equity: portfolio.cash + mark, maintenance, initial, maximumLoss: unbounded ? null : most }
}
