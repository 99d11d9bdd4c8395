/** Gas of one value that a proof recomputes, of a word's and an entry's frame, and of a blob's byte with its calldata; measured in bench/ladderGas.ts, rounded up. */
const GAS_PER_VALUE = 3_200
const GAS_PER_BYTE = 260
const GAS_PER_CALL = 900_000
const WORD_BYTES = 32
/** Values of an entry besides two for each node: eight far, sixteen near, and two for each of sixteen skews. */
const OTHER_VALUES = 56

/**
 * How many entries each transaction of a post and its proof takes, so that none passes a gas limit.
 *
 * @param first - Whether the first transaction also makes the blob.
 * @returns One number a transaction, adding up to `entries`; at least one entry each, also where the limit is too low for one.
 */
export function proofSteps(entries: number, nodes: number, gasLimit: number, first: 'post' | 'prove'): readonly number[] {
  const perEntry = (2 * nodes + OTHER_VALUES) * GAS_PER_VALUE
  const blob = entries * (nodes / 8 + 3) * WORD_BYTES * GAS_PER_BYTE
  const steps: number[] = []
  for (let left = entries; left > 0; ) {
    const budget = gasLimit - GAS_PER_CALL - (steps.length === 0 && first === 'post' ? blob : 0)
    const step = Math.min(left, Math.max(1, Math.floor(budget / perEntry)))
    steps.push(step)
    left -= step
  }
  return steps
}
