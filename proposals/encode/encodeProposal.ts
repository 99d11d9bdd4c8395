import { encodeAbiParameters, hexToBigInt, keccak256, stringToHex } from 'viem'
import type { Address, Hash, Hex, ProposalDraft } from '../../risk/types/index.ts'

/** A proposal as a Governor knows it. */
export type EncodedProposal = {
  readonly targets: readonly Address[]
  /** Wei. */
  readonly values: readonly bigint[]
  readonly calldatas: readonly Hex[]
  readonly description: string
  readonly descriptionHash: Hash
  /** keccak256(abi.encode(targets, values, calldatas, descriptionHash)). */
  readonly id: bigint
}

const idTypes = [{ type: 'address[]' }, { type: 'uint256[]' }, { type: 'bytes[]' }, { type: 'bytes32' }] as const

/** Computes what the Governor computes, so that the id is known, and can be checked, before anything is sent. */
export function encodeProposal(draft: ProposalDraft): EncodedProposal {
  const targets = draft.actions.map(({ target }) => target)
  const values = draft.actions.map(({ value }) => value)
  const calldatas = draft.actions.map(({ data }) => data)
  const descriptionHash = keccak256(stringToHex(draft.description))
  const id = hexToBigInt(keccak256(encodeAbiParameters(idTypes, [targets, values, calldatas, descriptionHash])))
  return { targets, values, calldatas, description: draft.description, descriptionHash, id }
}
