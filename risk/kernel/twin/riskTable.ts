// Fills the rows of the risk table with the operations of assembly/riskTable.as in the same order. Hot: nothing is checked.
import type { Header } from '../memory/header.ts'
import { undiscountedValue } from './black76.ts'
import { LEAST_DEVIATION } from './constants.ts'
import { logOfRatio } from './elementary.ts'
import type { KernelViews } from './KernelViews.ts'

const CALL = 0
const LINEAR = 2
const GIVEN = 3

/** Prices instruments [from, to) at the mark and in every scenario: row = weight x (value - value at the mark). `scratch` holds two numbers per vol row. */
export function fillTable(views: KernelViews, header: Header, from: number, to: number, scratch: number): void {
  for (let i = from; i < to; i++) {
    const kind = views.wholes[header.kind / 4 + i]!
    if (kind === LINEAR) fillLinear(views, header, i)
    else if (kind !== GIVEN) fillOption(views, header, i, kind, scratch / 8)
  }
}

function fillLinear({ reals, wholes }: KernelViews, header: Header, i: number): void {
  const expiry = wholes[header.expiry / 4 + i]!
  const mark = reals[header.discount / 8 + expiry]! * reals[header.forward / 8 + expiry]!
  reals[header.mark / 8 + i] = mark
  forEachScenario(header, i, (at, j) => {
    reals[at] = (mark * reals[header.moveFactor / 8 + j]! - mark) * reals[header.weight / 8 + j]!
  })
}

function fillOption({ reals, wholes }: KernelViews, header: Header, i: number, kind: number, scratch: number): void {
  const { volRows } = header
  const expiry = wholes[header.expiry / 4 + i]!
  const vol = reals[header.vol / 8 + i]!
  const rootTime = reals[header.rootTime / 8 + expiry]!
  for (let r = 0; r < volRows; r++) {
    const place = expiry * volRows + r
    const deviation = atLeast((vol * reals[header.volFactor / 8 + place]! + reals[header.volShift / 8 + place]!) * rootTime)
    reals[scratch + 2 * r] = deviation
    reals[scratch + 2 * r + 1] = 1 / deviation
  }

  const sign = kind === CALL ? 1 : -1
  const forward = reals[header.forward / 8 + expiry]!
  const strike = reals[header.strike / 8 + i]!
  const discount = reals[header.discount / 8 + expiry]!
  const moneyness = logOfRatio(forward, strike)
  const deviation = atLeast(vol * rootTime)
  const mark = discount * undiscountedValue(sign, forward, strike, moneyness, deviation, 1 / deviation)
  reals[header.mark / 8 + i] = mark
  forEachScenario(header, i, (at, j) => {
    const row = scratch + 2 * wholes[header.volRow / 4 + j]!
    const value = undiscountedValue(
      sign,
      forward * reals[header.moveFactor / 8 + j]!,
      strike,
      moneyness + reals[header.moveLog / 8 + j]!,
      reals[row]!,
      reals[row + 1]!,
    )
    reals[at] = (discount * value - mark) * reals[header.weight / 8 + j]!
  })
}

/** Calls `fill` with the place in the table and the number of every scenario, those that only fill up the last block included. */
function forEachScenario({ table, blocks, instruments }: Header, i: number, fill: (at: number, j: number) => void): void {
  for (let b = 0; b < blocks; b++) {
    const row = table / 8 + (b * instruments + i) * 8
    for (let k = 0; k < 8; k++) fill(row + k, 8 * b + k)
  }
}

function atLeast(deviation: number): number {
  return deviation < LEAST_DEVIATION ? LEAST_DEVIATION : deviation
}
