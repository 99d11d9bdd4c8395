import { InvalidInputError } from '../../errors/index.ts'
import { assertAmount } from '../../liquidation/index.ts'

/**
 * A pool that many own and that losses reduce for all at once, in one write: an owner's amount is read through the index. After a loss of everything a new epoch begins,
 * and amounts of older ones are nothing.
 */
export type ProRataIndex = {
  /** What all owners have together, exactly. */
  readonly total: bigint
  /** Value of one unit, 2^128 at the start of an epoch, rounded down at every loss. */
  readonly index: bigint
  readonly epoch: number
}

/** An owner's part as it was last written. */
export type IndexedAmount = { readonly amount: bigint; readonly index: bigint; readonly epoch: number }

const UNIT = 2n ** 128n

/** An empty pool. */
export const emptyIndex: ProRataIndex = { total: 0n, index: UNIT, epoch: 0 }

/**
 * Adds to an owner's part, after bringing it up to date.
 *
 * @param owned - Null for an owner who has nothing.
 * @throws {InvalidInputError} The amount is negative or beyond 2^127.
 */
export function addAmount(
  pool: ProRataIndex,
  owned: IndexedAmount | null,
  amount: bigint,
): { readonly pool: ProRataIndex; readonly owned: IndexedAmount } {
  assertAmount('amount', amount)
  const before = owned === null ? 0n : readAmount(pool, owned)
  return { pool: { ...pool, total: pool.total + amount }, owned: { amount: before + amount, index: pool.index, epoch: pool.epoch } }
}

/** What an owner has now, rounded down. */
export function readAmount(pool: ProRataIndex, { amount, index, epoch }: IndexedAmount): bigint {
  return epoch === pool.epoch ? (amount * pool.index) / index : 0n
}

/**
 * Takes a loss from all owners in proportion. The total falls by exactly the loss; owners' readings, each rounded down, add up to at most the new total, and to less by
 * under one unit per owner and index step. What is missing belongs to the fund when the pool is wound up.
 *
 * @throws {InvalidInputError} The loss is negative or more than the total.
 */
export function reducePool(pool: ProRataIndex, loss: bigint): ProRataIndex {
  assertAmount('loss', loss)
  if (loss > pool.total) throw new InvalidInputError({ argument: 'loss', got: loss, limit: `at most the total, ${pool.total}` })
  if (loss === 0n) return pool
  const total = pool.total - loss
  return total === 0n ? { total, index: UNIT, epoch: pool.epoch + 1 } : { ...pool, total, index: (pool.index * total) / pool.total }
}
