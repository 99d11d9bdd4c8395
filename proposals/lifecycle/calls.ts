import { encodeFunctionData } from 'viem'
import { ballastGovernorAbi } from '../../chain/generated/index.ts'
import type { Ballot } from '../../chain/typed-data/index.ts'
import type { Call } from '../../chain/write/index.ts'
import type { Address, Hex } from '../../risk/types/index.ts'
import type { EncodedProposal } from '../encode/index.ts'

/** What a ballot may say; the position is the governor's code. */
export const supports = ['against', 'for', 'abstain'] as const
export type Support = (typeof supports)[number]

export function buildPropose(governor: Address, { targets, values, calldatas, description }: EncodedProposal): Call {
  const args = [[...targets], [...values], [...calldatas], description] as const
  return { to: governor, data: encodeFunctionData({ abi: ballastGovernorAbi, functionName: 'propose', args }) }
}

/** An empty reason is a ballot without one. */
export function buildVote(governor: Address, id: bigint, support: Support, reason: string): Call {
  const code = supports.indexOf(support)
  const data =
    reason === ''
      ? encodeFunctionData({ abi: ballastGovernorAbi, functionName: 'castVote', args: [id, code] })
      : encodeFunctionData({ abi: ballastGovernorAbi, functionName: 'castVoteWithReason', args: [id, code, reason] })
  return { to: governor, data }
}

/** A ballot that somebody else sends for the voter, whose signature may be that of a contract wallet. */
export function buildVoteBySig(governor: Address, ballot: Ballot, signature: Hex): Call {
  const args = [ballot.proposalId, ballot.support, ballot.voter, ballot.reason, ballot.params, signature] as const
  return { to: governor, data: encodeFunctionData({ abi: ballastGovernorAbi, functionName: 'castVoteWithReasonAndParamsBySig', args }) }
}

/** `queue`, `execute` and `cancel` name the proposal by its content, which every OpenZeppelin governor understands. */
export function buildStep(governor: Address, functionName: 'queue' | 'execute' | 'cancel', proposal: EncodedProposal): Call {
  const args = [[...proposal.targets], [...proposal.values], [...proposal.calldatas], proposal.descriptionHash] as const
  return { to: governor, data: encodeFunctionData({ abi: ballastGovernorAbi, functionName, args }) }
}
