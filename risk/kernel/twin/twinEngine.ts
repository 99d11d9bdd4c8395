import type { KernelEngine } from '../KernelEngine.ts'
import { type Header, readHeader } from '../memory/header.ts'
import { black76 } from './black76.ts'
import { impliedVols } from './impliedVol.ts'
import { kernelViews } from './KernelViews.ts'
import { fillTable } from './riskTable.ts'
import { shortfalls } from './shortfalls.ts'
import { applyTick, cellOf, lossWith, rebuildState } from './streaming.ts'
import { worstLosses } from './worstLosses.ts'

/** The plain twin over `buffer`, which need not be WebAssembly's. */
export function twinEngine(buffer: ArrayBufferLike): KernelEngine {
  const views = kernelViews(buffer)
  const header = (): Header => readHeader(views.wholes)
  return {
    name: 'typescript',
    black76: (inputs, outputs, stride, count) => black76(views, inputs, outputs, stride, count),
    impliedVols: (inputs, outputs, stride, count) => impliedVols(views, inputs, outputs, stride, count),
    fillTable: (from, to, scratch) => fillTable(views, header(), from, to, scratch),
    worstLosses: (from, to) => worstLosses(views, header(), from, to),
    shortfalls: (from, to, _, rank, mass) => shortfalls(views, header(), from, to, rank, mass),
    rebuildState: (from, to) => rebuildState(views, header(), from, to),
    applyTick: (instrument, scratch, change) => applyTick(views, header(), instrument, scratch, change),
    lossWith: (account, instruments, quantities, legs, sums) => lossWith(views, header(), account, instruments, quantities, legs, sums),
    cellOf: (sums) => cellOf(views, header(), sums),
  }
}
