import { InvalidInputError } from '../../errors/index.ts'
import { assertAmount, assertSigned, type WadUsd } from '../../liquidation/index.ts'
import { type IndexedAmount, type ProRataIndex, readAmount, reducePool } from './ProRataIndex.ts'

/** Everything open in one instrument: both sides hold the same number of contracts, read through their index. 1e18 is one contract. */
export type OpenInterest = { readonly long: ProRataIndex; readonly short: ProRataIndex }

/** What a torn-up counterparty is left with. */
export type TornUp = {
  readonly before: bigint
  readonly after: bigint
  /** What its closed contracts were worth at mark: received by longs, rounded down; paid by shorts, rounded up (negative). */
  readonly cash: WadUsd
}

export type TearUpResult = {
  readonly openInterest: OpenInterest
  /** What the bankrupt account receives (long) or pays (short, negative) for its closed contracts. */
  readonly bankruptCash: WadUsd
  readonly counterparties: readonly TornUp[]
  /** What is left for the fund, so that all cash adds up to nothing: roundings in its favour, less the mark of contracts that readings have lost to rounding. */
  readonly fundCash: WadUsd
}

const WAD = 10n ** 18n

/**
 * Closes a bankrupt account's contracts against the whole other side at mark, in proportion: one index step, no queue and no choice of whom. It moves risk and no
 * value: every closed contract is exchanged for its mark.
 *
 * @param openInterest - Sides of equal totals, the bankrupt account's contracts among them.
 * @param quantity - The bankrupt account's contracts, negative is short; its part is taken out of its own side exactly.
 * @param mark - USD of one contract, 18 decimals, at least 0.
 * @param counterparties - All of the other side, as last written. What their readings lack of the total is the fund's.
 * @throws {InvalidInputError} Sides differ, the account holds more than its side, or the counterparties read to more than theirs.
 * @see contract-rules A16, A17.
 */
export function tearUp(openInterest: OpenInterest, quantity: bigint, mark: WadUsd, counterparties: readonly IndexedAmount[]): TearUpResult {
  assertSigned('quantity', quantity)
  assertAmount('mark', mark)
  const { long, short } = openInterest
  if (long.total !== short.total)
    throw new InvalidInputError({ argument: 'openInterest.short.total', got: short.total, limit: `the long total, ${long.total}` })
  const isLong = quantity > 0n
  const size = isLong ? quantity : -quantity
  if (size > long.total) throw new InvalidInputError({ argument: 'quantity', got: quantity, limit: `at most ${long.total} in size` })
  const facing = isLong ? short : long
  const before = counterparties.map((owned) => readAmount(facing, owned))
  const read = before.reduce((sum, amount) => sum + amount, 0n)
  if (read > facing.total) throw new InvalidInputError({ argument: 'counterparties', got: read, limit: `at most ${facing.total} in all` })

  const reduced = reducePool(facing, size)
  const own = { ...(isLong ? long : short), total: (isLong ? long : short).total - size }
  const torn = counterparties.map((owned, i): TornUp => {
    const cash = cashFor(before[i]! * size, mark, facing.total, isLong ? 'pay' : 'receive')
    return { before: before[i]!, after: readAmount(reduced, owned), cash }
  })
  const bankruptCash = cashFor(size, mark, 1n, isLong ? 'receive' : 'pay')
  const fundCash = -torn.reduce((sum, { cash }) => sum + cash, bankruptCash)
  return {
    openInterest: isLong ? { long: own, short: reduced } : { long: reduced, short: own },
    bankruptCash,
    counterparties: torn,
    fundCash,
  }
}

/** mark x share / total in whole wei: `pay` is negative and rounded up in size, `receive` rounded down. */
function cashFor(share: bigint, mark: WadUsd, total: bigint, side: 'pay' | 'receive'): WadUsd {
  if (share === 0n) return 0n
  const scale = total * WAD
  return side === 'receive' ? (share * mark) / scale : -((share * mark + scale - 1n) / scale)
}
