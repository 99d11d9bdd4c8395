// Sums of table rows per account. risk/kernel/twin/losses.ts is the same: positions are added in the order of the book, starting from zero.
import {
  BLOCKS,
  CELL,
  field,
  HELD,
  HOLDER,
  HOLDER_OFFSETS,
  HOLDER_QUANTITY,
  INSTRUMENTS,
  LOSS,
  OFFSETS,
  QUANTITY,
  real,
  SCENARIOS,
  STATE,
  TABLE,
  whole,
} from './header'
import { fillTable } from './riskTable'

/** Accounts that go through one block of scenarios together, so that the block's part of the table stays in the second-level cache. */
const TILE: u32 = 512
const SHORTFALL_TILE: u32 = 256

/** Least profit of accounts [from, to) and the first scenario in which it stands. */
export function worstLosses(from: u32, to: u32): void {
  const blocks = field(BLOCKS)
  const blockBytes = field(INSTRUMENTS) << 6
  const table = field(TABLE)
  const offsets = field(OFFSETS)
  const held = field(HELD)
  const quantities = field(QUANTITY)
  const losses = field(LOSS)
  const cells = field(CELL)
  for (let start = from; start < to; start += TILE) {
    const end = min<u32>(start + TILE, to)
    for (let b: u32 = 0; b < blocks; b++) {
      const rows = table + b * blockBytes
      let p = whole(offsets, start)
      for (let account = start; account < end; account++) {
        const last = whole(offsets, account + 1)
        let s0 = f64x2.splat(0)
        let s1 = f64x2.splat(0)
        let s2 = f64x2.splat(0)
        let s3 = f64x2.splat(0)
        for (; p < last; p++) {
          const row = rows + (whole(held, p) << 6)
          const quantity = v128.load_splat<f64>(quantities + (p << 3))
          s0 = f64x2.add(s0, f64x2.mul(quantity, v128.load(row)))
          s1 = f64x2.add(s1, f64x2.mul(quantity, v128.load(row, 16)))
          s2 = f64x2.add(s2, f64x2.mul(quantity, v128.load(row, 32)))
          s3 = f64x2.add(s3, f64x2.mul(quantity, v128.load(row, 48)))
        }
        const least = leastLane(f64x2.pmin(f64x2.pmin(s0, s1), f64x2.pmin(s2, s3)))
        if (b == 0 || least < real(losses, account)) {
          store<f64>(losses + (account << 3), least)
          store<u32>(cells + (account << 2), (b << 3) + firstOf(least, s0, s1, s2, s3))
        }
      }
    }
    for (let account = start; account < end; account++) store<f64>(losses + (account << 3), 0 - real(losses, account))
  }
}

// @ts-ignore: decorator
@inline
function leastLane(pair: v128): f64 {
  const a = f64x2.extract_lane(pair, 0)
  const b = f64x2.extract_lane(pair, 1)
  return b < a ? b : a
}

/** Place of the first of eight numbers that equals `value`, which one of them does. */
// @ts-ignore: decorator
@inline
function firstOf(value: f64, s0: v128, s1: v128, s2: v128, s3: v128): u32 {
  const sought = f64x2.splat(value)
  const found =
    i64x2.bitmask(f64x2.eq(s0, sought)) |
    (i64x2.bitmask(f64x2.eq(s1, sought)) << 2) |
    (i64x2.bitmask(f64x2.eq(s2, sought)) << 4) |
    (i64x2.bitmask(f64x2.eq(s3, sought)) << 6)
  return ctz(found)
}

/**
 * Expected shortfall of accounts [from, to) into LOSS. With t the `rank`-th smallest profit: -(sum of the profits below t + (mass - their number) t) / mass.
 * `scratch` holds profits and block minima of SHORTFALL_TILE accounts, and the survivors of one.
 */
export function shortfalls(from: u32, to: u32, scratch: u32, rank: u32, mass: f64): void {
  const blocks = field(BLOCKS)
  const blockBytes = field(INSTRUMENTS) << 6
  const table = field(TABLE)
  const offsets = field(OFFSETS)
  const held = field(HELD)
  const quantities = field(QUANTITY)
  const losses = field(LOSS)
  const rowBytes = blocks << 6
  // An even number of minima, so that they are counted in pairs.
  const minimaBytes = ((blocks + 1) & ~1) << 3
  const minima = scratch + SHORTFALL_TILE * rowBytes
  const survivors = minima + SHORTFALL_TILE * minimaBytes
  for (let start = from; start < to; start += SHORTFALL_TILE) {
    const end = min<u32>(start + SHORTFALL_TILE, to)
    for (let b: u32 = 0; b < blocks; b++) {
      const rows = table + b * blockBytes
      let profit = scratch + (b << 6)
      let minimum = minima + (b << 3)
      let p = whole(offsets, start)
      for (let account = start; account < end; account++, profit += rowBytes, minimum += minimaBytes) {
        const last = whole(offsets, account + 1)
        let s0 = f64x2.splat(0)
        let s1 = f64x2.splat(0)
        let s2 = f64x2.splat(0)
        let s3 = f64x2.splat(0)
        for (; p < last; p++) {
          const row = rows + (whole(held, p) << 6)
          const quantity = v128.load_splat<f64>(quantities + (p << 3))
          s0 = f64x2.add(s0, f64x2.mul(quantity, v128.load(row)))
          s1 = f64x2.add(s1, f64x2.mul(quantity, v128.load(row, 16)))
          s2 = f64x2.add(s2, f64x2.mul(quantity, v128.load(row, 32)))
          s3 = f64x2.add(s3, f64x2.mul(quantity, v128.load(row, 48)))
        }
        v128.store(profit, s0)
        v128.store(profit, s1, 16)
        v128.store(profit, s2, 32)
        v128.store(profit, s3, 48)
        store<f64>(minimum, leastLane(f64x2.pmin(f64x2.pmin(s0, s1), f64x2.pmin(s2, s3))))
      }
    }
    for (let account = start; account < end; account++) {
      const place = account - start
      const profit = scratch + place * rowBytes
      const minimum = minima + place * minimaBytes
      if (blocks & 1) store<f64>(minimum + (blocks << 3), Infinity)
      const bound = boundOf(minimum, blocks, rank)
      const count = collect(profit, minimum, blocks, bound, survivors)
      store<f64>(losses + (account << 3), tailMean(survivors, count, rank, mass))
    }
  }
}

/** A number that at least `rank` profits do not exceed, and hardly more: `rank` blocks have their least profit at or below it. */
function boundOf(minima: u32, blocks: u32, rank: u32): f64 {
  if (blocks < rank) return Infinity
  let low = real(minima, 0)
  let high = low
  for (let b: u32 = 1; b < blocks; b++) {
    const value = real(minima, b)
    low = value < low ? value : low
    high = high < value ? value : high
  }
  const end = minima + (blocks << 3)
  for (let halvings = 0; halvings < 24; halvings++) {
    const middle = 0.5 * (low + high)
    const bound = f64x2.splat(middle)
    let counts = i64x2.splat(0)
    for (let at = minima; at < end; at += 16) counts = i64x2.sub(counts, f64x2.le(v128.load(at), bound))
    const count = <u32>(i64x2.extract_lane(counts, 0) + i64x2.extract_lane(counts, 1))
    if (count < rank) low = middle
    else {
      high = middle
      if (count <= rank + 2) break
    }
  }
  return high
}

/** Copies the profits that do not exceed `bound` to `to`, in the order of scenarios; returns their number. Only blocks with such a minimum are looked at. */
function collect(profits: u32, minima: u32, blocks: u32, bound: f64, to: u32): u32 {
  const scenarios = field(SCENARIOS)
  let next = to
  for (let b: u32 = 0; b < blocks; b++) {
    if (real(minima, b) > bound) continue
    const end = profits + (min<u32>(scenarios, (b + 1) << 3) << 3)
    for (let at = profits + (b << 6); at < end; at += 8) {
      const value = load<f64>(at)
      store<f64>(next, value)
      next += u32(value <= bound) << 3
    }
  }
  return (next - to) >> 3
}

/** See shortfalls. The survivors stay as they are; a copy behind them is reordered. */
function tailMean(survivors: u32, count: u32, rank: u32, mass: f64): f64 {
  const copy = survivors + (count << 3)
  memory.copy(copy, survivors, count << 3)
  const t = orderStatistic(copy, count, rank - 1)
  let sum: f64 = 0
  let below: u32 = 0
  for (let k: u32 = 0; k < count; k++) {
    const value = real(survivors, k)
    if (value < t) {
      sum += value
      below++
    }
  }
  return (0 - (sum + (mass - <f64>below) * t)) / mass
}

/** What a sort would put at place k; quickselect with the median of three, in place. */
function orderStatistic(values: u32, count: u32, k: i32): f64 {
  let left: i32 = 0
  let right: i32 = <i32>count - 1
  while (left < right) {
    const a = real(values, left)
    const b = real(values, (left + right) >> 1)
    const c = real(values, right)
    const pivot = max<f64>(min<f64>(a, b), min<f64>(max<f64>(a, b), c))
    let i = left
    let j = right
    while (i <= j) {
      while (real(values, i) < pivot) i++
      while (real(values, j) > pivot) j--
      if (i > j) break
      const held = real(values, i)
      store<f64>(values + (i << 3), real(values, j))
      store<f64>(values + (j << 3), held)
      i++
      j--
    }
    if (k <= j) right = j
    else if (k >= i) left = i
    else break
  }
  return real(values, k)
}

/** Sums of accounts [from, to) in every scenario into STATE, and their worst. */
export function rebuildState(from: u32, to: u32): void {
  const blocks = field(BLOCKS)
  for (let account = from; account < to; account++) {
    sumAccount(account, field(STATE) + account * (blocks << 6))
    writeWorst(account)
  }
}

function sumAccount(account: u32, sums: u32): void {
  const blocks = field(BLOCKS)
  const blockBytes = field(INSTRUMENTS) << 6
  const held = field(HELD)
  const quantities = field(QUANTITY)
  const first = whole(field(OFFSETS), account)
  const last = whole(field(OFFSETS), account + 1)
  let rows = field(TABLE)
  for (let b: u32 = 0; b < blocks; b++, rows += blockBytes, sums += 64) {
    let s0 = f64x2.splat(0)
    let s1 = f64x2.splat(0)
    let s2 = f64x2.splat(0)
    let s3 = f64x2.splat(0)
    for (let p = first; p < last; p++) {
      const row = rows + (whole(held, p) << 6)
      const quantity = v128.load_splat<f64>(quantities + (p << 3))
      s0 = f64x2.add(s0, f64x2.mul(quantity, v128.load(row)))
      s1 = f64x2.add(s1, f64x2.mul(quantity, v128.load(row, 16)))
      s2 = f64x2.add(s2, f64x2.mul(quantity, v128.load(row, 32)))
      s3 = f64x2.add(s3, f64x2.mul(quantity, v128.load(row, 48)))
    }
    v128.store(sums, s0)
    v128.store(sums, s1, 16)
    v128.store(sums, s2, 32)
    v128.store(sums, s3, 48)
  }
}

function writeWorst(account: u32): void {
  const sums = field(STATE) + account * (field(BLOCKS) << 6)
  const least = leastOf(sums)
  store<f64>(field(LOSS) + (account << 3), 0 - least)
  store<u32>(field(CELL) + (account << 2), placeOf(least, sums))
}

function leastOf(sums: u32): f64 {
  const end = sums + (field(BLOCKS) << 6)
  let m0 = v128.load(sums)
  let m1 = v128.load(sums, 16)
  let m2 = v128.load(sums, 32)
  let m3 = v128.load(sums, 48)
  for (let at = sums + 64; at < end; at += 64) {
    m0 = f64x2.pmin(m0, v128.load(at))
    m1 = f64x2.pmin(m1, v128.load(at, 16))
    m2 = f64x2.pmin(m2, v128.load(at, 32))
    m3 = f64x2.pmin(m3, v128.load(at, 48))
  }
  return leastLane(f64x2.pmin(f64x2.pmin(m0, m1), f64x2.pmin(m2, m3)))
}

/** Place of the first of the sums that equals `value`, which one of them does. */
function placeOf(value: f64, sums: u32): u32 {
  let at = sums
  while (load<f64>(at) != value) at += 8
  return (at - sums) >> 3
}

/**
 * Reprices one instrument and carries the change of its row to the state of its holders, whose worst scenarios are found anew.
 * `scratch` holds two numbers per vol row and one row of the table.
 */
export function applyTick(instrument: u32, scratch: u32, change: u32): void {
  const blocks = field(BLOCKS)
  const blockBytes = field(INSTRUMENTS) << 6
  const row = field(TABLE) + (instrument << 6)
  for (let b: u32 = 0; b < blocks; b++) memory.copy(change + (b << 6), row + b * blockBytes, 64)
  fillTable(instrument, instrument + 1, scratch)
  for (let b: u32 = 0; b < blocks; b++) {
    for (let k: u32 = 0; k < 64; k += 16) {
      const at = change + (b << 6) + k
      v128.store(at, f64x2.sub(v128.load(row + b * blockBytes + k), v128.load(at)))
    }
  }
  const holders = field(HOLDER)
  const quantities = field(HOLDER_QUANTITY)
  const last = whole(field(HOLDER_OFFSETS), instrument + 1)
  for (let h = whole(field(HOLDER_OFFSETS), instrument); h < last; h++) {
    const account = whole(holders, h)
    const sums = field(STATE) + account * (blocks << 6)
    addScaled(sums, change, blocks << 6, real(quantities, h))
    writeWorst(account)
  }
}

// @ts-ignore: decorator
@inline
function addScaled(sums: u32, row: u32, bytes: u32, factor: f64): void {
  const quantity = f64x2.splat(factor)
  for (let k: u32 = 0; k < bytes; k += 64) {
    const to = sums + k
    const from = row + k
    v128.store(to, f64x2.add(v128.load(to), f64x2.mul(quantity, v128.load(from))))
    v128.store(to, f64x2.add(v128.load(to, 16), f64x2.mul(quantity, v128.load(from, 16))), 16)
    v128.store(to, f64x2.add(v128.load(to, 32), f64x2.mul(quantity, v128.load(from, 32))), 32)
    v128.store(to, f64x2.add(v128.load(to, 48), f64x2.mul(quantity, v128.load(from, 48))), 48)
  }
}

/**
 * Worst loss of an account with `legs` further positions (u32 instruments at `instruments`, f64 quantities at `quantities`). Returns the loss and
 * leaves the sums at `sums`, where `cellOf` finds the scenario. Takes the account's sums from STATE where that is kept.
 */
export function lossWith(account: u32, instruments: u32, quantities: u32, legs: u32, sums: u32): f64 {
  const blocks = field(BLOCKS)
  const blockBytes = field(INSTRUMENTS) << 6
  const state = field(STATE)
  if (state == 0) sumAccount(account, sums)
  else memory.copy(sums, state + account * (blocks << 6), blocks << 6)
  for (let leg: u32 = 0; leg < legs; leg++) {
    const row = field(TABLE) + (whole(instruments, leg) << 6)
    const quantity = real(quantities, leg)
    for (let b: u32 = 0; b < blocks; b++) addScaled(sums + (b << 6), row + b * blockBytes, 64, quantity)
  }
  return 0 - leastOf(sums)
}

/** The first scenario in which the sums stand at their least. */
export function cellOf(sums: u32): u32 {
  return placeOf(leastOf(sums), sums)
}
