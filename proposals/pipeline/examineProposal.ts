import type { PublicClient } from 'viem'
import type { ClearingDeployment } from '../../chain/clearing/index.ts'
import { InvalidInputError } from '../../risk/errors/index.ts'
import type { Address, Catalogue, Deployment } from '../../risk/types/index.ts'
import type { BuiltDraft } from '../actions/index.ts'
import { type CheckInput, type CheckResult, type LiveProposal, runChecks } from '../checks/index.ts'
import type { PostConditionsContract } from '../conditions/index.ts'
import { buildDirectory, type DecodedCall, decodeCall } from '../decode/index.ts'
import { type EncodedProposal, encodeProposal } from '../encode/index.ts'
import { expectedChanges } from '../expect/index.ts'
import { readProposal } from '../lifecycle/readProposal.ts'
import { readSubmitted, type SubmittedRecord } from '../lifecycle/readSubmitted.ts'
import { assessRisk, type RiskEvidence } from '../risk/index.ts'
import { simulateProposal } from '../simulate/index.ts'
import { readProtocolState } from '../state/index.ts'

export type ExamineOptions = {
  readonly client: PublicClient
  /** JSON-RPC of the same node, for the copy. */
  readonly url: string
  readonly deployment: Deployment
  /** Clearing on top of it; null where there is none. */
  readonly clearing: ClearingDeployment | null
  readonly catalogue: Catalogue
  readonly postConditions: PostConditionsContract
  /** A draft of ours, or a proposal as it stands on chain. */
  readonly subject:
    | { readonly kind: 'draft'; readonly built: BuiltDraft }
    | { readonly kind: 'submitted'; readonly proposal: EncodedProposal }
  /** The chain after this block. */
  readonly block: bigint
  readonly evidence: readonly RiskEvidence[]
  /** Why there is no evidence, where there is none. */
  readonly evidenceMissing: string
  /** Accounts that submit; the delegate with the most votes when absent. */
  readonly proposer?: Address
  readonly onPart?: (part: string) => void
}

/** Everything that is known of a proposal at one block, and what the checks say of it. */
export type Examination = CheckInput & { readonly checks: readonly CheckResult[] }

/** The one way for drafts, live and executed proposals alike: decode, simulate, compare, assess, check. */
export async function examineProposal(options: ExamineOptions): Promise<Examination> {
  const { client, deployment, clearing, catalogue, subject, postConditions, block, onPart = () => undefined } = options
  const { governor } = deployment.contracts
  if (governor === null)
    throw new InvalidInputError({
      argument: 'deployment.contracts.governor',
      got: 'null',
      limit: 'a Governor; for a Safe, export the calls with --safe',
    })
  const built = subject.kind === 'draft' ? subject.built : null
  const proposal = subject.kind === 'draft' ? encodeProposal(subject.built.draft) : subject.proposal
  const successors = built?.successors ?? []
  const directory = buildDirectory(deployment, {
    postConditions: postConditions.address,
    successors,
    clearing,
    contracts: built?.contracts ?? [],
  })
  const calls = proposal.targets.map((target, i) =>
    decodeCall({ target, value: proposal.values[i] ?? 0n, data: proposal.calldatas[i] ?? '0x' }, directory),
  )
  onPart('reading the chain')
  const state = await readProtocolState(client, deployment, catalogue, { block, clearing })
  const others = await readLive(client, deployment, governor, proposal.id, directory, block)
  const simulation = await simulateProposal({
    url: options.url,
    deployment,
    clearing,
    successors,
    catalogue,
    proposal,
    directory,
    postConditions,
    block,
    onStep: (step) => onPart(`simulating: ${step}`),
    ...((options.proposer ?? built?.proposer) && { proposer: (options.proposer ?? built?.proposer) as Address }),
  })
  const expectation = expectedChanges(simulation.before, calls, built?.effects ?? {})
  const [before, after] = [simulation.before[0]?.state ?? state, simulation.after[0]?.state ?? state]
  const risk = await assessRisk(before, after, { evidence: options.evidence, missing: options.evidenceMissing, onPart })
  const draft = built === null ? null : { proposer: built.proposer, effects: built.effects }
  const input: CheckInput = {
    deployment,
    clearing,
    state,
    proposal,
    calls,
    directory,
    simulation,
    expectation,
    draft,
    postConditions,
    others,
    risk,
  }
  return { ...input, checks: runChecks(input) }
}

/** Other proposals that may still be executed. */
async function readLive(
  client: PublicClient,
  deployment: Deployment,
  governor: Address,
  own: bigint,
  directory: ReturnType<typeof buildDirectory>,
  block: bigint,
): Promise<LiveProposal[]> {
  const submitted = await readSubmitted(client, deployment, governor, block)
  const live: LiveProposal[] = []
  for (const { proposal } of submitted.filter((each) => each.proposal.id !== own)) {
    const { state } = await readProposal({ client, governor }, proposal.id, block)
    if (!['pending', 'active', 'succeeded', 'queued'].includes(state)) continue
    live.push({ id: proposal.id, title: titleOf(proposal), state, calls: decodeAll({ proposal }, directory) })
  }
  return live
}

const decodeAll = ({ proposal }: Pick<SubmittedRecord, 'proposal'>, directory: ReturnType<typeof buildDirectory>): DecodedCall[] =>
  proposal.targets.map((target, i) =>
    decodeCall({ target, value: proposal.values[i] ?? 0n, data: proposal.calldatas[i] ?? '0x' }, directory),
  )

/** First line of a description without its mark; long ones are cut. */
export function titleOf({ description }: Pick<EncodedProposal, 'description'>): string {
  const [first = ''] = description.split('\n')
  const title = first.replace(/^#+\s*/, '').trim()
  return title.length > 120 ? `${title.slice(0, 117)}...` : title || '(no title)'
}
