import type { PublicClient } from 'viem'
import { ContractRevertError, withChainErrors } from '../../chain/errors/index.ts'
import { ballastGovernorAbi } from '../../chain/generated/index.ts'
import { fromCode, type ProposalState, proposalStates } from '../../chain/ids/index.ts'
import type { Address, UnixSeconds } from '../../risk/types/index.ts'
import { GovernorClockError, UnknownProposalError } from '../errors/index.ts'

export type GovernorContext = { readonly client: PublicClient; readonly governor: Address }

/** A proposal as the governor sees it at one block; votes in token units. */
export type ProposalReading = {
  readonly id: bigint
  readonly state: ProposalState
  readonly proposer: Address
  /** Whose votes count is decided here: votes held at this second; voting is open after it. */
  readonly snapshot: UnixSeconds
  /** Last second in which votes count; moves once when quorum is reached late. */
  readonly deadline: UnixSeconds
  /** First second of execution; null until queued. */
  readonly eta: UnixSeconds | null
  readonly votes: { readonly against: bigint; readonly for: bigint; readonly abstain: bigint }
  /** Null before the snapshot, when it is not known yet. */
  readonly quorum: bigint | null
  /** Chain time of the reading. */
  readonly time: UnixSeconds
}

/**
 * @param blockNumber - The latest when absent.
 * @throws {UnknownProposalError} The governor does not know the id.
 */
export async function readProposal({ client, governor }: GovernorContext, id: bigint, blockNumber?: bigint): Promise<ProposalReading> {
  const block = await withChainErrors(() =>
    blockNumber === undefined ? client.getBlock({ blockTag: 'latest' }) : client.getBlock({ blockNumber: blockNumber }),
  )
  const at = { address: governor, abi: ballastGovernorAbi, args: [id], blockNumber: block.number } as const
  try {
    return await withChainErrors(async () => {
      const [state, snapshot, deadline, eta, proposer, [against, inFavour, abstain]] = await Promise.all([
        client.readContract({ ...at, functionName: 'state' }),
        client.readContract({ ...at, functionName: 'proposalSnapshot' }),
        client.readContract({ ...at, functionName: 'proposalDeadline' }),
        client.readContract({ ...at, functionName: 'proposalEta' }),
        client.readContract({ ...at, functionName: 'proposalProposer' }),
        client.readContract({ ...at, functionName: 'proposalVotes' }),
      ])
      const known = snapshot < block.timestamp
      const quorum = known ? await client.readContract({ ...at, functionName: 'quorum', args: [snapshot] }) : null
      return {
        id,
        state: fromCode(proposalStates, state),
        proposer,
        snapshot: Number(snapshot),
        deadline: Number(deadline),
        eta: eta === 0n ? null : Number(eta),
        votes: { against, for: inFavour, abstain },
        quorum,
        time: Number(block.timestamp),
      }
    }, governor)
  } catch (error) {
    if (error instanceof ContractRevertError && error.context.errorName === 'GovernorNonexistentProposal')
      throw new UnknownProposalError({ id, governor }, { cause: error })
    throw error
  }
}

const clockAbi = [{ type: 'function', name: 'CLOCK_MODE', stateMutability: 'view', inputs: [], outputs: [{ type: 'string' }] }] as const

/**
 * Checks that governor and token both count seconds, so that every time shown is right.
 *
 * @throws {GovernorClockError} One of them does not.
 */
export async function assertTimestampClock({ client, governor }: GovernorContext): Promise<void> {
  const token = await withChainErrors(
    () => client.readContract({ address: governor, abi: ballastGovernorAbi, functionName: 'token' }),
    governor,
  )
  const [own, others] = await withChainErrors(() =>
    Promise.all([governor, token].map((address) => client.readContract({ address, abi: clockAbi, functionName: 'CLOCK_MODE' }))),
  )
  if (own !== 'mode=timestamp' || others !== own) throw new GovernorClockError({ governor: own ?? '', token: others ?? '' })
}
