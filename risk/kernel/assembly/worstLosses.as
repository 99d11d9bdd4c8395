// Worst loss per account. risk/kernel/twin/worstLosses.ts is the same.
import { BLOCKS, CELL, field, HELD, INSTRUMENTS, LOSS, OFFSETS, QUANTITY, real, TABLE, whole } from './header'
import { bitsOf, leastOfBlock, sumBlock, sumTwoBlocks } from './sums'

/** Accounts that go through two blocks of scenarios together, so that the blocks' part of the table stays in the second-level cache. */
const TILE: u32 = 1024

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
