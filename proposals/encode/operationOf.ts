import { encodeAbiParameters, hexToBigInt, keccak256, numberToHex, zeroHash } from 'viem'
import type { Address, Hash } from '../../risk/types/index.ts'
import type { EncodedProposal } from './encodeProposal.ts'

const types = [{ type: 'address[]' }, { type: 'uint256[]' }, { type: 'bytes[]' }, { type: 'bytes32' }, { type: 'bytes32' }] as const

/** Id of a proposal's operation on the timelock: no predecessor, and as salt the description's hash under the governor's address. */
export function operationOf(governor: Address, { targets, values, calldatas, descriptionHash }: EncodedProposal): Hash {
  const salt = numberToHex((hexToBigInt(governor) << 96n) ^ hexToBigInt(descriptionHash), { size: 32 })
  return keccak256(encodeAbiParameters(types, [[...targets], [...values], [...calldatas], zeroHash, salt]))
}
