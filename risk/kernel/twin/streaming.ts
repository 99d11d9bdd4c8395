// The operations of assembly/streaming.as in the same order. Hot: nothing is checked.
import type { Header } from '../memory/header.ts'
import type { KernelViews } from './KernelViews.ts'
import { fillTable } from './riskTable.ts'
import { leastOf, sumAccount, writeWorst } from './sums.ts'

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
