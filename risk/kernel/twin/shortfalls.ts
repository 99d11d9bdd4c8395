// What assembly/shortfalls.as gives, by selection from all profits: the order statistic is the same number however it is found. Hot: nothing is checked.
import { selectSmallest } from '../../math/selectSmallest.ts'
import type { Header } from '../memory/header.ts'
import type { KernelViews } from './KernelViews.ts'
import { sumAccount } from './sums.ts'

/** Expected shortfall of accounts [from, to) as a loss: -(sum of the profits below t + (mass - their number) t) / mass, t the `rank`-th smallest. */
export function shortfalls(views: KernelViews, header: Header, from: number, to: number, rank: number, mass: number): void {
  const sums = new Float64Array(8 * header.blocks)
  const sorted = new Float64Array(header.scenarios)
  for (let account = from; account < to; account++) {
    sumAccount(views, header, account, sums)
    const profits = sums.subarray(0, header.scenarios)
    sorted.set(profits)
    selectSmallest(sorted, rank - 1)
    const t = sorted[rank - 1]!
    let sum = 0
    let below = 0
    for (const value of profits) {
      if (value < t) {
        sum += value
        below++
      }
    }
    views.reals[header.loss / 8 + account] = (0 - (sum + (mass - below) * t)) / mass
  }
}
