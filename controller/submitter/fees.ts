import { FeeCapError } from '../errors/ChainErrors.ts'

/** Wei per gas. */
export type Fees = { readonly maxFee: bigint; readonly priorityFee: bigint }
export type FeePolicy = {
  /** Nothing is sent above this. Wei per gas. */
  readonly capWei: bigint
  /** Tip to the block's maker. Wei per gas. */
  readonly priorityWei: bigint
}

/**
 * Fees of the next transaction (EIP-1559): the tip, and twice the base fee, so that it stays good through six full blocks in a row; never above the cap.
 * One that replaces others with its nonce pays at least an eighth more than each of them, in both fields, rounded up: nodes ask for a tenth.
 *
 * @param baseFee - Of the latest block.
 * @param replaced - Fees of earlier transactions with the same nonce.
 * @throws {FeeCapError} The cap is below the base fee and tip, or below what a replacement must pay.
 */
export function nextFees(baseFee: bigint, replaced: readonly Fees[], { capWei, priorityWei }: FeePolicy): Fees {
  const priorityFee = largest([priorityWei, ...replaced.map((fees) => bump(fees.priorityFee))])
  const floor = largest([baseFee + priorityFee, ...replaced.map(({ maxFee }) => bump(maxFee))])
  if (floor > capWei) throw new FeeCapError({ neededWei: floor.toString(), capWei: capWei.toString() })
  const wanted = largest([2n * baseFee + priorityFee, floor])
  return { maxFee: wanted < capWei ? wanted : capWei, priorityFee }
}

function bump(fee: bigint): bigint {
  return (fee * 9n + 7n) / 8n
}

function largest(values: readonly bigint[]): bigint {
  return values.reduce((most, value) => (value > most ? value : most))
}
