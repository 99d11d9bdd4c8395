// Sums kept from tick to tick, and orders. risk/kernel/twin/streaming.ts is the same.
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
  STATE,
  TABLE,
  whole,
} from './header'
import { fillTable } from './riskTable'
import { leastLane, placeOf, sumBlock, sumTwoBlocks } from './sums'

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
@inline
function touch(from: u32, bytes: u32, sink: u32): void {
  let seen: u32 = 0
  for (let at = from; at < from + bytes; at += 64) seen |= load<u32>(at)
  store<u32>(sink, seen)
}

/** Adds factor x row to sums of `bytes` bytes, a multiple of 64; returns the least of the results. */
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
    const s0 = f64x2.add(v128.load(to), f64x2.mul(quantity, v128.load(from)))
    const s1 = f64x2.add(v128.load(to, 16), f64x2.mul(quantity, v128.load(from, 16)))
    const s2 = f64x2.add(v128.load(to, 32), f64x2.mul(quantity, v128.load(from, 32)))
    const s3 = f64x2.add(v128.load(to, 48), f64x2.mul(quantity, v128.load(from, 48)))
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
