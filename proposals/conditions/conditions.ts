import { encodeFunctionData } from 'viem'
import { postConditionsAbi } from '../../chain/generated/index.ts'
import type { Action, Address, Hash, Hex } from '../../risk/types/index.ts'

/** A view whose answer must lie in a range when the proposal has done everything else. */
export type ReadingCondition = {
  readonly target: Address
  readonly data: Hex
  /** Which 32 bytes of the answer. */
  readonly word: bigint
  readonly floor: bigint
  readonly ceiling: bigint
}

/** Code that must stand at an address; zero hash for an account that was never used. */
export type CodeCondition = { readonly target: Address; readonly codeHash: Hash }

/** A reading that must be one word. */
export function equalTo(target: Address, data: Hex, value: bigint, word = 0n): ReadingCondition {
  return { target, data, word, floor: value, ceiling: value }
}

/** The last call of a proposal: reverts, and everything before with it, unless all conditions hold. */
export function buildConditions(contract: Address, readings: readonly ReadingCondition[], pins: readonly CodeCondition[]): Action {
  const data = encodeFunctionData({ abi: postConditionsAbi, functionName: 'requireAll', args: [[...readings], [...pins]] })
  const count = readings.length + pins.length
  return {
    target: contract,
    value: 0n,
    data,
    summary: `Undo everything unless ${count} ${count === 1 ? 'condition holds' : 'conditions hold'}: ${readings.length} values, the code of ${pins.length} contracts`,
  }
}
