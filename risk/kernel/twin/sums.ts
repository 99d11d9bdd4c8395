// Sums of table rows per account, in the order of assembly/sums.as. Hot: nothing is checked.
import type { Header } from '../memory/header.ts'
import type { KernelViews } from './KernelViews.ts'

/** Eight scenarios at a time, so that their sums stay in registers. */
export function sumAccount({ reals, wholes }: KernelViews, header: Header, account: number, sums: Float64Array): void {
  const first = wholes[header.offsets / 4 + account]!
  const last = wholes[header.offsets / 4 + account + 1]!
  const held = header.held / 4
  const quantities = header.quantity / 8
  for (let b = 0; b < header.blocks; b++) {
    const rows = header.table / 8 + 8 * b * header.instruments
    let s0 = 0
    let s1 = 0
    let s2 = 0
    let s3 = 0
    let s4 = 0
    let s5 = 0
    let s6 = 0
    let s7 = 0
    for (let p = first; p < last; p++) {
      const row = rows + 8 * wholes[held + p]!
      const quantity = reals[quantities + p]!
      s0 += quantity * reals[row]!
      s1 += quantity * reals[row + 1]!
      s2 += quantity * reals[row + 2]!
      s3 += quantity * reals[row + 3]!
      s4 += quantity * reals[row + 4]!
      s5 += quantity * reals[row + 5]!
      s6 += quantity * reals[row + 6]!
      s7 += quantity * reals[row + 7]!
    }
    const to = 8 * b
    sums[to] = s0
    sums[to + 1] = s1
    sums[to + 2] = s2
    sums[to + 3] = s3
    sums[to + 4] = s4
    sums[to + 5] = s5
    sums[to + 6] = s6
    sums[to + 7] = s7
  }
}

export function writeWorst({ reals, wholes }: KernelViews, header: Header, account: number, sums: Float64Array): void {
  const least = leastOf(sums)
  reals[header.loss / 8 + account] = 0 - least
  wholes[header.cell / 4 + account] = sums.indexOf(least)
}

export function leastOf(sums: Float64Array): number {
  let least = sums[0]!
  for (let j = 1; j < sums.length; j++) if (sums[j]! < least) least = sums[j]!
  return least
}
