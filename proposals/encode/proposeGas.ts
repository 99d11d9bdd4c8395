import type { Action } from '../../risk/types/index.ts'

/** EIP-7825: no transaction may use more. */
export const TRANSACTION_GAS_LIMIT = 16_777_216

const FIXED = 400_000
const PER_ACTION = 120_000
const PER_STORED_WORD = 22_600

/**
 * Upper estimate of the gas of `propose`, which stores every action's calldata word by word so that queue and execute need only the id. Far above
 * the gas of voting or executing, so it decides how much fits into one proposal.
 */
export function estimateProposeGas(actions: readonly Action[]): number {
  const words = actions.reduce((sum, { data }) => sum + Math.ceil((data.length - 2) / 64) + 1, 0)
  return FIXED + actions.length * PER_ACTION + words * PER_STORED_WORD
}

/**
 * Packs actions, in order, into as few groups as fit under `limit` gas each. An action that is too large alone stays alone; the chain will say so.
 *
 * @param limit - Gas per proposal.
 */
export function splitByGas(actions: readonly Action[], limit: number): Action[][] {
  const groups: Action[][] = []
  for (const action of actions) {
    const last = groups.at(-1)
    if (last !== undefined && estimateProposeGas([...last, action]) <= limit) last.push(action)
    else groups.push([action])
  }
  return groups
}
