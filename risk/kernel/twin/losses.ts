// Sums of table rows per account with the operations of assembly/losses.as in the same order. Hot: nothing is checked.
import { selectSmallest } from '../../math/selectSmallest.ts'
import type { Header } from '../memory/header.ts'
import type { KernelViews } from './KernelViews.ts'
import { fillTable } from './riskTable.ts'

/** Least profit of accounts [from, to) as a loss, and the first scenario in which it stands. */
export function worstLosses(views: KernelViews, header: Header, from: number, to: number): void {
  const sums = new Float64Array(8 * header.blocks)
  for (let account = from; account < to; account++) {
    sumAccount(views, header, account, sums)
    writeWorst(views, header, account, sums)
  }
}

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

/** Sums of accounts [from, to) in every scenario into the state, and their worst. */
export function rebuildState(views: KernelViews, header: Header, from: number, to: number): void {
  for (let account = from; account < to; account++) {
    const sums = stateOf(views, header, account)
    sumAccount(views, header, account, sums)
    writeWorst(views, header, account, sums)
  }
}

/** Reprices one instrument and carries the change of its row, kept at `change`, to the state of its holders, whose worst scenarios are found anew. */
export function applyTick(views: KernelViews, header: Header, instrument: number, scratch: number, change: number): void {
  const { reals, wholes } = views
  const { blocks, instruments } = header
  const width = 8 * blocks
  const row = reals.subarray(change / 8, change / 8 + width)
  const place = (j: number): number => header.table / 8 + ((j >>> 3) * instruments + instrument) * 8 + (j & 7)
  for (let j = 0; j < width; j++) row[j] = reals[place(j)]!
  fillTable(views, header, instrument, instrument + 1, scratch)
  for (let j = 0; j < width; j++) row[j] = reals[place(j)]! - row[j]!
  const first = wholes[header.holderOffsets / 4 + instrument]!
  const last = wholes[header.holderOffsets / 4 + instrument + 1]!
  for (let h = first; h < last; h++) {
    const account = wholes[header.holder / 4 + h]!
    const quantity = reals[header.holderQuantity / 8 + h]!
    const sums = stateOf(views, header, account)
    for (let j = 0; j < width; j++) sums[j]! += quantity * row[j]!
    writeWorst(views, header, account, sums)
  }
}

/** Worst loss of an account with further positions, instruments and quantities at the byte addresses given; leaves the sums at `sums`. */
export function lossWith(
  views: KernelViews,
  header: Header,
  account: number,
  instruments: number,
  quantities: number,
  legs: number,
  sums: number,
): number {
  const { reals, wholes } = views
  const width = 8 * header.blocks
  const own = reals.subarray(sums / 8, sums / 8 + width)
  if (header.state === 0) sumAccount(views, header, account, own)
  else own.set(stateOf(views, header, account))
  for (let leg = 0; leg < legs; leg++) addRow(views, header, wholes[instruments / 4 + leg]!, reals[quantities / 8 + leg]!, own)
  return 0 - leastOf(own)
}

/** The first scenario in which the sums stand at their least. */
export function cellOf({ reals }: KernelViews, { blocks }: Header, sums: number): number {
  const own = reals.subarray(sums / 8, sums / 8 + 8 * blocks)
  return own.indexOf(leastOf(own))
}

function stateOf({ reals }: KernelViews, { state, blocks }: Header, account: number): Float64Array {
  const start = state / 8 + account * 8 * blocks
  return reals.subarray(start, start + 8 * blocks)
}

/** Eight scenarios at a time, so that their sums stay in registers. */
function sumAccount({ reals, wholes }: KernelViews, header: Header, account: number, sums: Float64Array): void {
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

function addRow(
  { reals }: KernelViews,
  { table, instruments, blocks }: Header,
  instrument: number,
  quantity: number,
  sums: Float64Array,
): void {
  for (let b = 0; b < blocks; b++) {
    const row = table / 8 + (b * instruments + instrument) * 8
    for (let k = 0; k < 8; k++) sums[8 * b + k]! += quantity * reals[row + k]!
  }
}

function writeWorst({ reals, wholes }: KernelViews, header: Header, account: number, sums: Float64Array): void {
  const least = leastOf(sums)
  reals[header.loss / 8 + account] = 0 - least
  wholes[header.cell / 4 + account] = sums.indexOf(least)
}

function leastOf(sums: Float64Array): number {
  let least = sums[0]!
  for (let j = 1; j < sums.length; j++) if (sums[j]! < least) least = sums[j]!
  return least
}
