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

/** Accounts that go through two blocks of scenarios together, so that the blocks' part of the table stays in the second-level cache. */
const TILE: u32 = 1024
const SHORTFALL_TILE: u32 = 1024

/** Quantity x two numbers of a row. */
// @ts-ignore: decorator
@inline
function scaled(quantity: v128, row: u32, at: usize): v128 {
  return f64x2.mul(quantity, v128.load(row + at))
}

/** Sums over positions [next, last) (addresses in `held`; `quantity` is the address of the first quantity) of one block of eight scenarios, to `out`. */
// @ts-ignore: decorator
@inline
function sumBlock(rows: u32, next: u32, last: u32, quantity: u32, out: u32): void {
  let s0 = f64x2.splat(0)
  let s1 = f64x2.splat(0)
  let s2 = f64x2.splat(0)
  let s3 = f64x2.splat(0)
  for (; next < last; next += 4, quantity += 8) {
    const row = rows + (load<u32>(next) << 6)
    const factor = v128.load_splat<f64>(quantity)
    s0 = f64x2.add(s0, scaled(factor, row, 0))
    s1 = f64x2.add(s1, scaled(factor, row, 16))
    s2 = f64x2.add(s2, scaled(factor, row, 32))
    s3 = f64x2.add(s3, scaled(factor, row, 48))
  }
  v128.store(out, s0)
  v128.store(out, s1, 16)
  v128.store(out, s2, 32)
  v128.store(out, s3, 48)
}

/** As sumBlock for a block and the next: eight sums at once are what the registers hold, and each position is looked up half as often. */
// @ts-ignore: decorator
@inline
function sumTwoBlocks(rows: u32, blockBytes: u32, next: u32, last: u32, quantity: u32, out: u32): void {
  let s0 = f64x2.splat(0)
  let s1 = f64x2.splat(0)
  let s2 = f64x2.splat(0)
  let s3 = f64x2.splat(0)
  let s4 = f64x2.splat(0)
  let s5 = f64x2.splat(0)
  let s6 = f64x2.splat(0)
  let s7 = f64x2.splat(0)
  for (; next < last; next += 4, quantity += 8) {
    const row = rows + (load<u32>(next) << 6)
    const second = row + blockBytes
    const factor = v128.load_splat<f64>(quantity)
    s0 = f64x2.add(s0, scaled(factor, row, 0))
    s1 = f64x2.add(s1, scaled(factor, row, 16))
    s2 = f64x2.add(s2, scaled(factor, row, 32))
    s3 = f64x2.add(s3, scaled(factor, row, 48))
    s4 = f64x2.add(s4, scaled(factor, second, 0))
    s5 = f64x2.add(s5, scaled(factor, second, 16))
    s6 = f64x2.add(s6, scaled(factor, second, 32))
    s7 = f64x2.add(s7, scaled(factor, second, 48))
  }
  v128.store(out, s0)
  v128.store(out, s1, 16)
  v128.store(out, s2, 32)
  v128.store(out, s3, 48)
  v128.store(out, s4, 64)
  v128.store(out, s5, 80)
  v128.store(out, s6, 96)
  v128.store(out, s7, 112)
}

/** Least of the eight sums of a block. */
// @ts-ignore: decorator
@inline
function leastOfBlock(sums: u32): f64 {
  return leastLane(
    f64x2.pmin(f64x2.pmin(v128.load(sums), v128.load(sums, 16)), f64x2.pmin(v128.load(sums, 32), v128.load(sums, 48))),
  )
}

// @ts-ignore: decorator
@inline
function leastLane(pair: v128): f64 {
  const a = f64x2.extract_lane(pair, 0)
  const b = f64x2.extract_lane(pair, 1)
  return b < a ? b : a
}

/** One bit for each of the eight sums of a block that equals `value`, the first lowest. */
// @ts-ignore: decorator
@inline
function bitsOf(value: f64, sums: u32): u32 {
  const sought = f64x2.splat(value)
  return (
    i64x2.bitmask(f64x2.eq(v128.load(sums), sought)) |
    (i64x2.bitmask(f64x2.eq(v128.load(sums, 16), sought)) << 2) |
    (i64x2.bitmask(f64x2.eq(v128.load(sums, 32), sought)) << 4) |
    (i64x2.bitmask(f64x2.eq(v128.load(sums, 48), sought)) << 6)
  )
}

/** Place of the first of an account's sums that equals `value`, which one of them does. */
function placeOf(value: f64, sums: u32): u32 {
  let at = sums
  let bits = bitsOf(value, at)
  while (bits == 0) bits = bitsOf(value, (at += 64))
  return ((at - sums) >> 3) + ctz(bits)
}

/** Worst loss of accounts [from, to) and the first scenario in which it stands. `scratch` holds the sums of two blocks. */
export function worstLosses(from: u32, to: u32, scratch: u32): void {
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
    for (let b: u32 = 0; b < blocks; b += 2) {
      const isPair = b + 1 < blocks
      const rows = table + b * blockBytes
      let p = whole(offsets, start)
      for (let account = start; account < end; account++) {
        const last = whole(offsets, account + 1)
        if (isPair) {
          sumTwoBlocks(rows, blockBytes, held + (p << 2), held + (last << 2), quantities + (p << 3), scratch)
          const first = leastOfBlock(scratch)
          const second = leastOfBlock(scratch + 64)
          const least = second < first ? second : first
          if (b == 0 || least < real(losses, account)) {
            store<f64>(losses + (account << 3), least)
            store<u32>(cells + (account << 2), (b << 3) + ctz(bitsOf(least, scratch) | (bitsOf(least, scratch + 64) << 8)))
          }
        } else {
          sumBlock(rows, held + (p << 2), held + (last << 2), quantities + (p << 3), scratch)
          const least = leastOfBlock(scratch)
          if (b == 0 || least < real(losses, account)) {
            store<f64>(losses + (account << 3), least)
            store<u32>(cells + (account << 2), (b << 3) + ctz(bitsOf(least, scratch)))
          }
        }
        p = last
      }
    }
    for (let account = start; account < end; account++) store<f64>(losses + (account << 3), 0 - real(losses, account))
  }
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
  const list = minima + SHORTFALL_TILE * minimaBytes
  const survivors = list + minimaBytes
  for (let start = from; start < to; start += SHORTFALL_TILE) {
    const end = min<u32>(start + SHORTFALL_TILE, to)
    for (let b: u32 = 0; b < blocks; b += 2) {
      const isPair = b + 1 < blocks
      const rows = table + b * blockBytes
      let profit = scratch + (b << 6)
      let minimum = minima + (b << 3)
      let p = whole(offsets, start)
      for (let account = start; account < end; account++, profit += rowBytes, minimum += minimaBytes) {
        const last = whole(offsets, account + 1)
        if (isPair) {
          sumTwoBlocks(rows, blockBytes, held + (p << 2), held + (last << 2), quantities + (p << 3), profit)
          store<f64>(minimum, leastOfBlock(profit + 64), 8)
        } else {
          sumBlock(rows, held + (p << 2), held + (last << 2), quantities + (p << 3), profit)
          store<f64>(minimum, Infinity, 8)
        }
        store<f64>(minimum, leastOfBlock(profit))
        p = last
      }
    }
    for (let account = start; account < end; account++) {
      const place = account - start
      const profit = scratch + place * rowBytes
      const minimum = minima + place * minimaBytes
      const bound = boundOf(minimum, blocks, rank)
      const count = collect(profit, minimum, blocks, bound, survivors, list)
      store<f64>(losses + (account << 3), tailMean(survivors, count, bound, rank, mass))
    }
  }
}

/**
 * A number that at least `rank` profits do not exceed, and hardly more: `rank` blocks have their least profit at or below it. `minima` are an even number,
 * the last of them infinite when `blocks` is odd.
 */
function boundOf(minima: u32, blocks: u32, rank: u32): f64 {
  if (blocks < rank) return f64.MAX_VALUE
  let low = real(minima, blocks - 1)
  let high = low
  const whole = blocks & ~1
  if (whole > 0) {
    let lows = v128.load(minima)
    let highs = lows
    for (let at = minima + 16; at < minima + (whole << 3); at += 16) {
      const pair = v128.load(at)
      lows = f64x2.pmin(lows, pair)
      highs = f64x2.pmax(highs, pair)
    }
    low = min<f64>(low, leastLane(lows))
    high = max<f64>(high, max<f64>(f64x2.extract_lane(highs, 0), f64x2.extract_lane(highs, 1)))
  }
  for (let halvings = 0; halvings < 24; halvings++) {
    const middle = 0.5 * (low + high)
    const count = countUpTo(middle, minima, (blocks + 1) >> 1)
    if (count < rank) low = middle
    else {
      high = middle
      if (count <= rank + 3) break
    }
  }
  return high
}

/** How many numbers of some pairs are at most `bound`. */
// @ts-ignore: decorator
@inline
function countUpTo(bound: f64, values: u32, pairs: u32): u32 {
  const limit = f64x2.splat(bound)
  const end = values + (pairs << 4)
  let counts = i64x2.splat(0)
  for (let at = values; at < end; at += 16) counts = i64x2.sub(counts, f64x2.le(v128.load(at), limit))
  return <u32>(i64x2.extract_lane(counts, 0) + i64x2.extract_lane(counts, 1))
}

/**
 * Copies the profits that do not exceed `bound` to `to`, in the order of scenarios, then an infinity; returns their number. Only blocks with such a minimum
 * are looked at; `list` holds their places. Both steps store always and advance where it counts, which costs no wrong guesses of a branch.
 */
function collect(profits: u32, minima: u32, blocks: u32, bound: f64, to: u32, list: u32): u32 {
  let chosen = list
  for (let b: u32 = 0; b < blocks; b++) {
    store<u32>(chosen, b)
    chosen += u32(real(minima, b) <= bound) << 2
  }
  const scenarios = field(SCENARIOS)
  let next = to
  for (let at = list; at < chosen; at += 4) {
    const b = load<u32>(at)
    const from = profits + (b << 6)
    const count = min<u32>(scenarios - (b << 3), 8)
    for (let k: u32 = 0; k < count; k++) {
      const value = real(from, k)
      store<f64>(next, value)
      next += u32(value <= bound) << 3
    }
  }
  store<f64>(next, Infinity)
  return (next - to) >> 3
}

/** See shortfalls. The survivors are followed by an infinity; behind them is room for a copy. */
function tailMean(survivors: u32, count: u32, bound: f64, rank: u32, mass: f64): f64 {
  const t = nthOf(survivors, count, bound, rank)
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

/** The `rank`-th smallest survivor. Halving finds a number that exactly `rank` do not exceed, unless equal ones stand in the way. */
function nthOf(survivors: u32, count: u32, bound: f64, rank: u32): f64 {
  const pairs = (count + 1) >> 1
  if (count < 128) {
    let low = real(survivors, 0)
    for (let k: u32 = 1; k < count; k++) low = min<f64>(low, real(survivors, k))
    let high = bound
    let found = count
    for (let halvings = 0; found != rank && halvings < 24; halvings++) {
      const middle = 0.5 * (low + high)
      const upTo = countUpTo(middle, survivors, pairs)
      if (upTo < rank) low = middle
      else {
        high = middle
        found = upTo
      }
    }
    if (found == rank) return greatestUpTo(high, survivors, pairs)
  }
  const copy = survivors + ((count + 1) << 3)
  memory.copy(copy, survivors, count << 3)
  return orderStatistic(copy, count, rank - 1)
}

/** The largest number of some pairs that is at most `bound`. */
// @ts-ignore: decorator
@inline
function greatestUpTo(bound: f64, values: u32, pairs: u32): f64 {
  const limit = f64x2.splat(bound)
  const end = values + (pairs << 4)
  let greatest = f64x2.splat(-Infinity)
  for (let at = values; at < end; at += 16) {
    const pair = v128.load(at)
    greatest = f64x2.pmax(greatest, v128.bitselect(pair, f64x2.splat(-Infinity), f64x2.le(pair, limit)))
  }
  return max<f64>(f64x2.extract_lane(greatest, 0), f64x2.extract_lane(greatest, 1))
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
  const p = whole(field(OFFSETS), account)
  const next = field(HELD) + (p << 2)
  const last = field(HELD) + (whole(field(OFFSETS), account + 1) << 2)
  const quantity = field(QUANTITY) + (p << 3)
  let rows = field(TABLE)
  let b: u32 = 0
  for (; b + 1 < blocks; b += 2, rows += blockBytes << 1) sumTwoBlocks(rows, blockBytes, next, last, quantity, sums + (b << 6))
  if (b < blocks) sumBlock(rows, next, last, quantity, sums + (b << 6))
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
  const losses = field(LOSS)
  const cells = field(CELL)
  const rowBytes = blocks << 6
  const state = field(STATE)
  const last = whole(field(HOLDER_OFFSETS), instrument + 1)
  for (let h = whole(field(HOLDER_OFFSETS), instrument); h < last; h++) {
    const account = whole(holders, h)
    const sums = state + account * rowBytes
    // The next holder's sums are far away in memory; asking for them now lets the wait overlap with this one's additions.
    touch(state + whole(holders, min<u32>(h + 1, last - 1)) * rowBytes, rowBytes, scratch)
    const least = addScaled(sums, change, rowBytes, real(quantities, h))
    store<f64>(losses + (account << 3), 0 - least)
    store<u32>(cells + (account << 2), placeOf(least, sums))
  }
}

/** Reads one number of each cache line, and writes something that depends on them to `sink`, so that no compiler drops the reads. */
// @ts-ignore: decorator
@inline
function touch(from: u32, bytes: u32, sink: u32): void {
  let seen: u32 = 0
  for (let at = from; at < from + bytes; at += 64) seen |= load<u32>(at)
  store<u32>(sink, seen)
}

/** Adds factor x row to sums of `bytes` bytes, a multiple of 64; returns the least of the results. */
// @ts-ignore: decorator
@inline
function addScaled(sums: u32, row: u32, bytes: u32, factor: f64): f64 {
  const quantity = f64x2.splat(factor)
  let m0 = f64x2.splat(Infinity)
  let m1 = m0
  let m2 = m0
  let m3 = m0
  for (let k: u32 = 0; k < bytes; k += 64) {
    const to = sums + k
    const from = row + k
    const s0 = f64x2.add(v128.load(to), scaled(quantity, from, 0))
    const s1 = f64x2.add(v128.load(to, 16), scaled(quantity, from, 16))
    const s2 = f64x2.add(v128.load(to, 32), scaled(quantity, from, 32))
    const s3 = f64x2.add(v128.load(to, 48), scaled(quantity, from, 48))
    v128.store(to, s0)
    v128.store(to, s1, 16)
    v128.store(to, s2, 32)
    v128.store(to, s3, 48)
    m0 = f64x2.pmin(m0, s0)
    m1 = f64x2.pmin(m1, s1)
    m2 = f64x2.pmin(m2, s2)
    m3 = f64x2.pmin(m3, s3)
  }
  return leastLane(f64x2.pmin(f64x2.pmin(m0, m1), f64x2.pmin(m2, m3)))
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
