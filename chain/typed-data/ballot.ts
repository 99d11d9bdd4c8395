import { hashTypedData } from 'viem'
import type { Address, Hash, Hex, ScopeId, UnixSeconds } from '../../risk/types/index.ts'
import { encodeParamId, encodeScopeId } from '../ids/index.ts'
import type { Domain } from './domain.ts'

/** EIP-712 types of OpenZeppelin's gasless ballot with a reason. */
export const extendedBallotTypes = {
  ExtendedBallot: [
    { name: 'proposalId', type: 'uint256' },
    { name: 'support', type: 'uint8' },
    { name: 'voter', type: 'address' },
    { name: 'nonce', type: 'uint256' },
    { name: 'reason', type: 'string' },
    { name: 'params', type: 'bytes' },
  ],
} as const

/** EIP-712 types of a gasless veto of a pending loosening. */
export const vetoTypes = {
  Veto: [
    { name: 'scope', type: 'bytes32' },
    { name: 'id', type: 'bytes32' },
    { name: 'createdAt', type: 'uint48' },
    { name: 'voter', type: 'address' },
    { name: 'deadline', type: 'uint48' },
  ],
} as const

export type Ballot = {
  readonly proposalId: bigint
  /** 0 against, 1 for, 2 abstain. */
  readonly support: number
  readonly voter: Address
  /** The voter's nonce on the governor. */
  readonly nonce: bigint
  readonly reason: string
  readonly params: Hex
}

export function ballotDigest(ballot: Ballot, domain: Domain): Hash {
  return hashTypedData({ domain, types: extendedBallotTypes, primaryType: 'ExtendedBallot', message: ballot })
}

export type Veto = {
  readonly scope: ScopeId
  readonly id: string
  /** When the pending was made: a veto is good for that one only. */
  readonly createdAt: UnixSeconds
  readonly voter: Address
  readonly deadline: UnixSeconds
}

export function vetoDigest(veto: Veto, domain: Domain): Hash {
  const message = { ...veto, scope: encodeScopeId(veto.scope), id: encodeParamId(veto.id) }
  return hashTypedData({ domain, types: vetoTypes, primaryType: 'Veto', message })
}
