import { InvalidInputError } from '../../errors/index.ts'
import { assertInRange, compensatedSum } from '../../math/index.ts'
import { expiryOf, type PricingRegistry, pricingModuleOf, pricingRegistry } from '../../pricing/index.ts'
import { type Contingency, type ScenarioSet, type SetCell, shockedVol } from '../../scenarios/sets/index.ts'
import type { Instrument, Position, Usd } from '../../types/index.ts'
import { assertInstruments, assertMarginMarket } from '../assertMarginInputs.ts'
import { expiryMark } from '../expiryMark.ts'
import { rowGreeks } from '../rowGreeks.ts'
import type { MarginMarket } from '../types.ts'

/** What a scenario set asks of a portfolio. */
export type ScenarioAssessment = {
  readonly set: string
  /** Weighted profit of every cell, USD, in the order of the set's cells. */
  readonly profits: readonly Usd[]
  /** The cell with the largest weighted loss, the first of equals. */
  readonly worst: SetCell & { readonly loss: Usd }
  /** Largest weighted loss, at least 0. */
  readonly scan: Usd
  readonly floor: Usd
  readonly maintenance: Usd
  readonly initial: Usd
}

/**
 * Margin of a portfolio's positions under a venue's scenario set, by full revaluation: requirement = factor x max(scan, floor) + contingency.
 *
 * @param positions - Indices into `instruments`, each held once.
 * @throws {InvalidInputError} The market, an instrument or a position is outside its domain.
 */
export function evaluateScenarioSet(
  set: ScenarioSet,
  positions: readonly Position[],
  instruments: readonly Instrument[],
  market: MarginMarket,
  registry: PricingRegistry = pricingRegistry,
): ScenarioAssessment {
  assertMarginMarket(market)
  assertInstruments(instruments, market, registry)
  const held = new Set<number>()
  const lanes = positions.map(({ instrument: index, quantity }) => {
    const instrument = instruments[index]
    if (instrument === undefined || held.has(index))
      throw new InvalidInputError({
        argument: 'instrument of a position',
        got: index,
        limit: `from 0 to ${instruments.length - 1}, held once`,
      })
    held.add(index)
    assertInRange(`quantity of ${instrument.id}`, quantity, -1e12, 1e12)
    return buildLane(set, instrument, quantity, market, registry)
  })
  lanes.sort((a, b) => (a.id < b.id ? -1 : 1))
  const profits = set.cells.map(({ weight }, i) => weight * compensatedSum(lanes.map(({ quantity, profits: row }) => quantity * row[i]!)))
  const least = profits.reduce((at, profit, i) => (profit < profits[at]! ? i : at), 0)
  const scan = Math.max(0, -profits[least]!)
  const floor = floorOf(set, lanes, market.spot)
  const required = Math.max(scan, floor)
  return {
    set: set.name,
    profits,
    worst: { ...set.cells[least]!, loss: -profits[least]! },
    scan,
    floor,
    maintenance: set.factor.maintenance * required + contingencyOf(set.contingency.maintenance, lanes, market.spot),
    initial: set.factor.initial * required + contingencyOf(set.contingency.initial, lanes, market.spot),
  }
}

type Lane = {
  readonly id: string
  readonly quantity: number
  /** Profit of one contract in every cell. */
  readonly profits: readonly Usd[]
  readonly delta: number
  readonly linear: boolean
  /** Contracts of one class net among themselves for the short-option minimum; null where there is none. */
  readonly shortClass: string | null
}

function buildLane(set: ScenarioSet, instrument: Instrument, quantity: number, market: MarginMarket, registry: PricingRegistry): Lane {
  const module = pricingModuleOf(instrument, registry)
  const expiry = expiryOf(instrument)
  const mark = expiryMark(market, expiry)
  const { timeToExpiry, forwardRatio } = mark
  const strike = module.strike(instrument)
  const vol = mark.volAt(strike)
  const { spot } = market
  const value = (at: Usd, shocked: number): Usd =>
    module.value(instrument, { spot: at, forward: at * forwardRatio, vol: shocked, timeToExpiry })
  const now = value(spot, vol)
  const type = module.shortClass(instrument)
  return {
    id: instrument.id,
    quantity,
    profits: set.cells.map((cell) => value(spot * (1 + cell.move), shockedVol(set.vol, vol, timeToExpiry, cell.vol)) - now),
    delta: rowGreeks(module, instrument, mark, spot, vol, 0).delta,
    linear: module.stressedValue === 'exact',
    shortClass: type === null ? null : `${expiry} ${type} ${strike}`,
  }
}

function floorOf({ floor }: ScenarioSet, lanes: readonly Lane[], spot: Usd): Usd {
  const dollars = lanes.map(({ quantity, delta }) => quantity * delta * spot)
  const long = compensatedSum(dollars.filter((delta) => delta > 0))
  const short = compensatedSum(dollars.filter((delta) => delta < 0))
  const contracts = compensatedSum(lanes.map(({ quantity }) => Math.abs(quantity)))
  return Math.max(
    floor.shortOption * spot * netShortOptions(lanes),
    floor.perContract * contracts,
    floor.netDelta * Math.abs(long + short) + floor.hedgedDelta * Math.min(long, -short),
  )
}

function contingencyOf({ linear, shortOption }: Contingency, lanes: readonly Lane[], spot: Usd): Usd {
  const contracts = compensatedSum(lanes.filter((lane) => lane.linear).map(({ quantity }) => Math.abs(quantity)))
  return spot * (linear * contracts + shortOption * netShortOptions(lanes))
}

function netShortOptions(lanes: readonly Lane[]): number {
  const sums = new Map<string, number>()
  for (const { shortClass, quantity } of lanes) if (shortClass !== null) sums.set(shortClass, (sums.get(shortClass) ?? 0) + quantity)
  return compensatedSum([...sums.values()].map((sum) => Math.max(0, -sum)).sort((a, b) => a - b))
}
