// Sums of table rows over positions, and their least. Positions are added in the order of the book, starting from zero.

/** Sums over positions [next, last) (addresses in `held`; `quantity` is the address of the first quantity) of one block of eight scenarios, to `out`. */
@inline
export function sumBlock(rows: u32, next: u32, last: u32, quantity: u32, out: u32): void {
  let s0 = f64x2.splat(0)
  let s1 = f64x2.splat(0)
  let s2 = f64x2.splat(0)
  let s3 = f64x2.splat(0)
  for (; next < last; next += 4, quantity += 8) {
    const row = rows + (load<u32>(next) << 6)
    const factor = v128.load_splat<f64>(quantity)
    s0 = f64x2.add(s0, f64x2.mul(factor, v128.load(row)))
    s1 = f64x2.add(s1, f64x2.mul(factor, v128.load(row, 16)))
    s2 = f64x2.add(s2, f64x2.mul(factor, v128.load(row, 32)))
    s3 = f64x2.add(s3, f64x2.mul(factor, v128.load(row, 48)))
  }
  v128.store(out, s0)
  v128.store(out, s1, 16)
  v128.store(out, s2, 32)
  v128.store(out, s3, 48)
}

/** As sumBlock for a block and the next: eight sums at once are what the registers hold, and each position is looked up half as often. */
@inline
export function sumTwoBlocks(rows: u32, blockBytes: u32, next: u32, last: u32, quantity: u32, out: u32): void {
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
    s0 = f64x2.add(s0, f64x2.mul(factor, v128.load(row)))
    s1 = f64x2.add(s1, f64x2.mul(factor, v128.load(row, 16)))
    s2 = f64x2.add(s2, f64x2.mul(factor, v128.load(row, 32)))
    s3 = f64x2.add(s3, f64x2.mul(factor, v128.load(row, 48)))
    s4 = f64x2.add(s4, f64x2.mul(factor, v128.load(second)))
    s5 = f64x2.add(s5, f64x2.mul(factor, v128.load(second, 16)))
    s6 = f64x2.add(s6, f64x2.mul(factor, v128.load(second, 32)))
    s7 = f64x2.add(s7, f64x2.mul(factor, v128.load(second, 48)))
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
@inline
export function leastOfBlock(sums: u32): f64 {
  return leastLane(
    f64x2.pmin(f64x2.pmin(v128.load(sums), v128.load(sums, 16)), f64x2.pmin(v128.load(sums, 32), v128.load(sums, 48))),
  )
}

@inline
export function leastLane(pair: v128): f64 {
  const a = f64x2.extract_lane(pair, 0)
  const b = f64x2.extract_lane(pair, 1)
  return b < a ? b : a
}

/** One bit for each of the eight sums of a block that equals `value`, the first lowest. */
@inline
export function bitsOf(value: f64, sums: u32): u32 {
  const sought = f64x2.splat(value)
  return (
    i64x2.bitmask(f64x2.eq(v128.load(sums), sought)) |
    (i64x2.bitmask(f64x2.eq(v128.load(sums, 16), sought)) << 2) |
    (i64x2.bitmask(f64x2.eq(v128.load(sums, 32), sought)) << 4) |
    (i64x2.bitmask(f64x2.eq(v128.load(sums, 48), sought)) << 6)
  )
}

/** Place of the first of an account's sums that equals `value`, which one of them does. */
export function placeOf(value: f64, sums: u32): u32 {
  let at = sums
  let bits = bitsOf(value, at)
  while (bits == 0) bits = bitsOf(value, (at += 64))
  return ((at - sums) >> 3) + ctz(bits)
}
