import type { Instrument, Portfolio } from '../../../risk/types/index.ts'
import type { RealSurface } from './realSurfaces.ts'
import { uniforms } from './uniforms.ts'

/** A book on one surface: a random one, or one of the shapes that a ladder is weakest at. */
export type LadderBook = { readonly shape: string; readonly portfolio: Portfolio }
export type BookSample = { readonly instruments: readonly Instrument[]; readonly books: readonly LadderBook[] }

/** Options within this distance of the money in ln(K / S). */
export const REACH = 0.45

/**
 * The fixed sample of the accuracy study (risk policy A9): for each seed the same books. Random ones have 2 to 12 legs in up to four expiries, every second leg in one
 * of the nearest three; the others are flies, straddles, calendars, ratios, reversals, boxes and digital-like spreads on strikes near the money.
 */
export function drawBooks({ market, strikes }: RealSurface, seed: number, count: number): BookSample {
  const { spot } = market
  const instruments: Instrument[] = []
  const chains = market.expiries.map(({ expiry }, e) => {
    instruments.push({ kind: 'future', id: `F-${e}`, expiry })
    const future = instruments.length - 1
    const near = strikes[e]!.filter((strike) => Math.abs(Math.log(strike / spot)) < REACH)
    const options = near.map((strike) => {
      instruments.push({ kind: 'option', id: `C-${e}-${strike}`, type: 'call', strike, expiry })
      instruments.push({ kind: 'option', id: `P-${e}-${strike}`, type: 'put', strike, expiry })
      return { strike, call: instruments.length - 2, put: instruments.length - 1 }
    })
    return { future, options }
  })
  const draws = uniforms(seed, 200_000)
  let next = 0
  const uniform = (): number => draws[next++]!
  const pick = <Value>(list: readonly Value[]): Value => list[Math.floor(uniform() * list.length)]!
  const usable = chains.filter(({ options }) => options.length >= 5)
  const chain = () => (uniform() < 0.5 ? pick(usable.slice(0, 3)) : pick(usable))
  const size = (): number => (1 + Math.floor(uniform() * 50)) / 10

  type Leg = readonly [number, number]
  const middle = (options: (typeof usable)[number]['options'], reach: number): number => {
    const centre = options.reduce((best, { strike }, i) => (Math.abs(strike - spot) < Math.abs(options[best]!.strike - spot) ? i : best), 0)
    return Math.min(options.length - 2, Math.max(1, centre + Math.floor((uniform() - 0.5) * 2 * reach)))
  }
  const shapes: Record<string, () => Leg[]> = {
    random: () => {
      const held = Array.from({ length: Math.min(usable.length, 1 + Math.floor(uniform() * 4)) }, chain)
      return Array.from({ length: 2 + Math.floor(uniform() * 11) }, (): Leg => {
        const { future, options } = pick(held)
        const sign = uniform() < 0.5 ? -1 : 1
        if (uniform() < 0.1) return [future, sign * size()]
        const option = pick(options)
        return [uniform() < 0.5 ? option.call : option.put, sign * size()]
      })
    },
    fly: () => {
      const { options } = chain()
      const i = middle(options, 3)
      const sign = uniform() < 0.5 ? -1 : 1
      const width = options[i + 1]!.strike - options[i - 1]!.strike
      const lower = (options[i + 1]!.strike - options[i]!.strike) / width
      return [
        [options[i - 1]!.call, sign * lower * 10],
        [options[i]!.call, -sign * 10],
        [options[i + 1]!.call, sign * (1 - lower) * 10],
      ]
    },
    straddle: () => {
      const { options } = chain()
      const i = middle(options, 2)
      const sign = uniform() < 0.5 ? -1 : 1
      return [
        [options[i]!.call, sign * 3],
        [options[i]!.put, sign * 3],
      ]
    },
    calendar: () => {
      const [a, b] = [pick(usable.slice(0, 3)), pick(usable)]
      const sign = uniform() < 0.5 ? -1 : 1
      return [
        [a.options[middle(a.options, 2)]!.call, sign * 5],
        [b.options[middle(b.options, 2)]!.call, -sign * 5],
      ]
    },
    ratio: () => {
      const { options } = chain()
      const i = middle(options, 3)
      const sign = uniform() < 0.5 ? -1 : 1
      return [
        [options[i]!.put, sign * 2],
        [options[i - 1]!.put, -sign * 5],
      ]
    },
    reversal: () => {
      const { future, options } = chain()
      const i = middle(options, 4)
      const sign = uniform() < 0.5 ? -1 : 1
      return [
        [options[Math.min(options.length - 1, i + 2)]!.call, sign * 4],
        [options[Math.max(0, i - 2)]!.put, -sign * 4],
        [future, -sign * 3],
      ]
    },
    spread: () => {
      const { options } = chain()
      const i = middle(options, 3)
      const sign = uniform() < 0.5 ? -1 : 1
      return [
        [options[i]!.call, sign * 10],
        [options[i + 1]!.call, -sign * 10],
      ]
    },
  }
  const names = Object.keys(shapes)
  const books = Array.from({ length: count }, (_, n): LadderBook => {
    const shape = n % 2 === 0 ? 'random' : names[1 + (Math.floor(n / 2) % (names.length - 1))]!
    const net = new Map<number, number>()
    for (const [instrument, quantity] of shapes[shape]!()) net.set(instrument, (net.get(instrument) ?? 0) + quantity)
    const positions = [...net].filter(([, quantity]) => quantity !== 0).map(([instrument, quantity]) => ({ instrument, quantity }))
    return { shape, portfolio: { account: `${shape}-${n}`, cash: 0, collateral: 0, positions } }
  })
  return { instruments, books }
}
