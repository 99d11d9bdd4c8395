// Expected shortfall per account. risk/kernel/twin/shortfalls.ts gives the same bits by a plainer way: the order statistic is the same number however it is found.
import { BLOCKS, field, HELD, INSTRUMENTS, LOSS, OFFSETS, QUANTITY, real, SCENARIOS, TABLE, whole } from './header'
import { leastLane, leastOfBlock, sumBlock, sumTwoBlocks } from './sums'

/** Accounts whose profits are kept at once; risk/kernel/memory/planVenue.ts makes room for them. */
const SHORTFALL_TILE: u32 = 1024

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
  const paired = blocks & ~1
  if (paired > 0) {
    let lows = v128.load(minima)
    let highs = lows
    for (let at = minima + 16; at < minima + (paired << 3); at += 16) {
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
