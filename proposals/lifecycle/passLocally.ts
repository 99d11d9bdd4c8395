import type { LocalAccount } from 'viem'
import type { LocalChain } from '../../chain/local/index.ts'
import type { Address, ProposalDraft, UnixSeconds } from '../../risk/types/index.ts'
import type { EncodedProposal } from '../encode/index.ts'
import { type GovernorContext, readProposal } from './readProposal.ts'
import { castVote, executeProposal, queueProposal, submitProposal } from './submit.ts'

/** One step of a vote on a local chain, at chain time. */
export type VoteStep = {
  readonly step: 'proposed' | 'voted' | 'queued' | 'executed'
  readonly proposal: EncodedProposal
  readonly time: UnixSeconds
  readonly gasUsed: bigint
}

export type PassOptions = {
  readonly local: LocalChain
  readonly governor: Address
  readonly proposer: LocalAccount
  /** Who votes for; together they must reach the quorum. */
  readonly voters: readonly LocalAccount[]
  readonly reason: string
  readonly drafts: readonly ProposalDraft[]
  /** The next step waits for it. */
  readonly onStep?: (step: VoteStep) => void | Promise<void>
}

/**
 * Takes drafts through the real governor of a local chain, moving its clock: all are proposed, voted on together, queued, and executed in order.
 * Nothing is skipped; every delay passes in chain time.
 *
 * @returns Every step, with its chain time and gas.
 * @throws What the steps throw, for example {ProposalStateError} when the vote fails.
 */
export async function passLocally({ local, governor, proposer, voters, reason, drafts, onStep }: PassOptions): Promise<VoteStep[]> {
  const context: GovernorContext = { client: local.client, governor }
  const steps: VoteStep[] = []
  const record = async (step: VoteStep['step'], proposal: EncodedProposal, gasUsed: bigint): Promise<void> => {
    const done = { step, proposal, time: await local.time(), gasUsed }
    steps.push(done)
    await onStep?.(done)
  }
  const proposals: EncodedProposal[] = []
  for (const draft of drafts) {
    const { proposal, receipt } = await submitProposal(context, local.wallet(proposer), draft)
    proposals.push(proposal)
    await record('proposed', proposal, receipt.gasUsed)
  }
  await mineTo(local, Math.max(...(await Promise.all(proposals.map(async ({ id }) => (await readProposal(context, id)).snapshot)))) + 1)
  for (const proposal of proposals) {
    for (const voter of voters) {
      const { gasUsed } = await castVote(context, local.wallet(voter), proposal.id, 'for', reason)
      await record('voted', proposal, gasUsed)
    }
  }
  // Read after the votes: a quorum reached late moves the deadline.
  await mineTo(local, Math.max(...(await Promise.all(proposals.map(async ({ id }) => (await readProposal(context, id)).deadline)))) + 1)
  for (const proposal of proposals)
    await record('queued', proposal, (await queueProposal(context, local.wallet(proposer), proposal)).gasUsed)
  await mineTo(local, Math.max(...(await Promise.all(proposals.map(async ({ id }) => (await readProposal(context, id)).eta ?? 0)))))
  for (const proposal of proposals)
    await record('executed', proposal, (await executeProposal(context, local.wallet(proposer), proposal)).gasUsed)
  return steps
}

async function mineTo(local: LocalChain, time: UnixSeconds): Promise<void> {
  if ((await local.time()) < time) await local.mine(time)
}
