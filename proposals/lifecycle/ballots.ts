import type { LocalAccount, TransactionReceipt } from 'viem'
import { withChainErrors } from '../../chain/errors/index.ts'
import { ballastGovernorAbi } from '../../chain/generated/index.ts'
import { type Ballot, extendedBallotTypes, readDomain } from '../../chain/typed-data/index.ts'
import { type SendOptions, sendCall, type Wallet } from '../../chain/write/index.ts'
import type { Address, Hex } from '../../risk/types/index.ts'
import { buildVoteBySig, type Support, supports } from './calls.ts'
import type { GovernorContext } from './readProposal.ts'

export type SignedBallot = { readonly ballot: Ballot; readonly signature: Hex }

/** A ballot ready to sign, with the voter's next nonce on the governor. */
export async function readBallot(
  { client, governor }: GovernorContext,
  voter: Address,
  id: bigint,
  support: Support,
  reason: string,
): Promise<Ballot> {
  const nonce = await withChainErrors(
    () => client.readContract({ address: governor, abi: ballastGovernorAbi, functionName: 'nonces', args: [voter] }),
    governor,
  )
  return { proposalId: id, support: supports.indexOf(support), voter, nonce, reason, params: '0x' }
}

/** Signs a ballot without sending it: the voter needs no ether. The domain is the one the governor itself reports. */
export async function signBallot(
  context: GovernorContext,
  account: LocalAccount,
  id: bigint,
  support: Support,
  reason = '',
): Promise<SignedBallot> {
  const [ballot, domain] = await Promise.all([
    readBallot(context, account.address, id, support, reason),
    readDomain(context.client, context.governor),
  ])
  const signature = await account.signTypedData({ domain, types: extendedBallotTypes, primaryType: 'ExtendedBallot', message: ballot })
  return { ballot, signature }
}

/** Sends somebody's signed ballot. The governor refuses it when the signature is not the voter's. */
export function castVoteBySig(
  { client, governor }: GovernorContext,
  wallet: Wallet,
  { ballot, signature }: SignedBallot,
  options?: SendOptions,
): Promise<TransactionReceipt> {
  return sendCall(client, wallet, buildVoteBySig(governor, ballot, signature), options)
}
