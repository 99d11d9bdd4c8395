// Fills the rows of the risk table. risk/kernel/twin/riskTable.ts is the same.
import { undiscountedValue } from './black76'
import { constant, LEAST_DEVIATION, ONE } from './constants'
import { logOfRatio } from './elementary'
import {
  BLOCKS,
  DISCOUNT,
  EXPIRY,
  FORWARD,
  field,
  INSTRUMENTS,
  KIND,
  MARK,
  MOVE_FACTOR,
  MOVE_LOG,
  real,
  ROOT_TIME,
  STRIKE,
  TABLE,
  VOL,
  VOL_FACTOR,
  VOL_ROW,
  VOL_ROWS,
  VOL_SHIFT,
  WEIGHT,
  whole,
} from './header'

const CALL: u32 = 0
const LINEAR: u32 = 2
const GIVEN: u32 = 3

/** Prices instruments [from, to) at the mark and in every scenario: row = weight x (value - value at the mark). `scratch` holds two numbers per vol row. */
export function fillTable(from: u32, to: u32, scratch: u32): void {
  for (let i = from; i < to; i++) {
    const kind = whole(field(KIND), i)
    if (kind == LINEAR) fillLinear(i)
    else if (kind != GIVEN) fillOption(i, kind, scratch)
  }
}

function fillLinear(i: u32): void {
  const expiry = whole(field(EXPIRY), i)
  const mark = real(field(DISCOUNT), expiry) * real(field(FORWARD), expiry)
  store<f64>(field(MARK) + (i << 3), mark)
  const value = f64x2.splat(mark)
  const blocks = field(BLOCKS)
  const blockBytes = field(INSTRUMENTS) << 6
  const factors = field(MOVE_FACTOR)
  const weights = field(WEIGHT)
  let row = field(TABLE) + (i << 6)
  for (let b: u32 = 0; b < blocks; b++, row += blockBytes) {
    for (let k: u32 = 0; k < 64; k += 16) {
      const at = (b << 6) + k
      const change = f64x2.sub(f64x2.mul(value, v128.load(factors + at)), value)
      v128.store(row + k, f64x2.mul(change, v128.load(weights + at)))
    }
  }
}

function fillOption(i: u32, kind: u32, scratch: u32): void {
  const expiry = whole(field(EXPIRY), i)
  const vol = real(field(VOL), i)
  const rootTime = real(field(ROOT_TIME), expiry)
  const volRows = field(VOL_ROWS)
  const volFactors = field(VOL_FACTOR) + ((expiry * volRows) << 3)
  const volShifts = field(VOL_SHIFT) + ((expiry * volRows) << 3)
  for (let r: u32 = 0; r < volRows; r++) {
    const stressed = vol * real(volFactors, r) + real(volShifts, r)
    const deviation = atLeast(stressed * rootTime)
    store<f64>(scratch + (r << 4), deviation)
    store<f64>(scratch + (r << 4) + 8, 1 / deviation)
  }

  const sign = f64x2.splat(kind == CALL ? 1 : -1)
  const forward = f64x2.splat(real(field(FORWARD), expiry))
  const strike = f64x2.splat(real(field(STRIKE), i))
  const discount = f64x2.splat(real(field(DISCOUNT), expiry))
  const moneyness = logOfRatio(forward, strike)
  const deviation = f64x2.splat(atLeast(vol * rootTime))
  const inverse = f64x2.div(constant(ONE), deviation)
  const mark = f64x2.mul(discount, undiscountedValue(sign, forward, strike, moneyness, deviation, inverse))
  store<f64>(field(MARK) + (i << 3), f64x2.extract_lane(mark, 0))

  const blocks = field(BLOCKS)
  const blockBytes = field(INSTRUMENTS) << 6
  const rowOf = field(VOL_ROW)
  const factors = field(MOVE_FACTOR)
  const logs = field(MOVE_LOG)
  const weights = field(WEIGHT)
  let row = field(TABLE) + (i << 6)
  for (let b: u32 = 0; b < blocks; b++, row += blockBytes) {
    for (let k: u32 = 0; k < 64; k += 16) {
      const at = (b << 6) + k
      const first = v128.load(scratch + (load<u32>(rowOf + (at >> 1)) << 4))
      const second = v128.load(scratch + (load<u32>(rowOf + (at >> 1) + 4) << 4))
      const value = undiscountedValue(
        sign,
        f64x2.mul(forward, v128.load(factors + at)),
        strike,
        f64x2.add(moneyness, v128.load(logs + at)),
        v128.shuffle<f64>(first, second, 0, 2),
        v128.shuffle<f64>(first, second, 1, 3),
      )
      const change = f64x2.sub(f64x2.mul(discount, value), mark)
      v128.store(row + k, f64x2.mul(change, v128.load(weights + at)))
    }
  }
}

@inline
function atLeast(deviation: f64): f64 {
  const least = load<f64>(LEAST_DEVIATION << 3)
  return deviation < least ? least : deviation
}
