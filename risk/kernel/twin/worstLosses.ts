// The operations of assembly/worstLosses.as in the same order. Hot: nothing is checked.
import type { Header } from '../memory/header.ts'
import type { KernelViews } from './KernelViews.ts'
import { sumAccount, writeWorst } from './sums.ts'

/** Least profit of accounts [from, to) as a loss, and the first scenario in which it stands. */
export function worstLosses(views: KernelViews, header: Header, from: number, to: number): void {
  const sums = new Float64Array(8 * header.blocks)
  for (let account = from; account < to; account++) {
    sumAccount(views, header, account, sums)
    writeWorst(views, header, account, sums)
  }
}
