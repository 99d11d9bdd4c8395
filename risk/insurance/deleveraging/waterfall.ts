import { assertAmount, type WadUsd } from '../../liquidation/index.ts'
import { type ProRataIndex, reducePool } from './ProRataIndex.ts'

/** What stands behind a loss, in the order in which it pays. */
export type LossLayers = {
  /** Capital of those who run the group: first. */
  readonly junior: WadUsd
  /** What the fund can pay now. */
  readonly fund: WadUsd
  /** Unmatured profit of all accounts of the margin group. */
  readonly profit: ProRataIndex
  /** Their principal: last, and the group is halted until governance acts. */
  readonly principal: ProRataIndex
}

/** One layer's part, with its sum before and after. */
export type WaterfallStep = {
  readonly layer: keyof LossLayers
  readonly before: WadUsd
  readonly paid: WadUsd
  readonly after: WadUsd
}

export type WaterfallResult = {
  readonly steps: readonly WaterfallStep[]
  readonly layers: LossLayers
  /** Principal was touched. */
  readonly halted: boolean
  /** What no layer could pay: 0 unless all are empty. */
  readonly uncovered: WadUsd
}

const order = ['junior', 'fund', 'profit', 'principal'] as const

/**
 * Pays a deficit: junior capital, fund, a pro-rata index on unmatured profit, then, only then, one on principal. Moves value alone; no position changes. Sums
 * before and after differ by exactly what was paid. Two deficits may be paid one after the other or together: the sums are the same.
 *
 * @throws {InvalidInputError} An amount is negative or beyond 2^127.
 * @see contract-rules A16.
 */
export function waterfall(deficit: WadUsd, layers: LossLayers): WaterfallResult {
  assertAmount('deficit', deficit)
  let left = deficit
  let after = layers
  const steps = order.map((layer): WaterfallStep => {
    const before = sumOf(after, layer)
    assertAmount(layer, before)
    const paid = left < before ? left : before
    left -= paid
    after = paidFrom(after, layer, paid)
    return { layer, before, paid, after: sumOf(after, layer) }
  })
  return { steps, layers: after, halted: steps.some(({ layer, paid }) => layer === 'principal' && paid > 0n), uncovered: left }
}

function sumOf(layers: LossLayers, layer: keyof LossLayers): WadUsd {
  return layer === 'junior' || layer === 'fund' ? layers[layer] : layers[layer].total
}

function paidFrom(layers: LossLayers, layer: keyof LossLayers, paid: WadUsd): LossLayers {
  return layer === 'junior' || layer === 'fund'
    ? { ...layers, [layer]: layers[layer] - paid }
    : { ...layers, [layer]: reducePool(layers[layer], paid) }
}
