import { encodeAdjustment } from '../../chain/codec/index.ts'
import { CosignRequiredError, withChainErrors } from '../../chain/errors/index.ts'
import { controllerMandateAbi } from '../../chain/generated/index.ts'
import { createChainReader, readBlock } from '../../chain/read/index.ts'
import { type AcceptedRoundRecord, readAcceptedRounds } from '../../chain/read/readAcceptedRounds.ts'
import { buildSubmitRound, simulateCall } from '../../chain/write/index.ts'
import { readEngineBuild } from '../../controller/engine/readEngineBuild.ts'
import type { GroupDocuments } from '../../controller/sources/groupDocuments.ts'
import { canonicalJson, contentHash } from '../../risk/hash/index.ts'
import type { Address, Hash, Json, MarketSnapshot, ScopeId } from '../../risk/types/index.ts'
import type { ActNode } from '../act/openActNode.ts'
import { type Carried, replayTick } from '../audit/replayTick.ts'
import { projectRoot } from '../context/projectRoot.ts'
import type { DocumentEvidence, SignedTick } from '../evidence/documentSteps.ts'
import { agrees, compareText, createStepList, type Finding, type Step, type StepList } from '../evidence/Step.ts'
import { CliError, notFoundError } from '../kit/CliError.ts'
import { collectDocuments } from './collectDocuments.ts'
import type { WaitingRound } from './openWaiting.ts'

export type CheckOptions = {
  /** Text under a hash, whatever it is; undefined when there is none. */
  readonly fetchDocument: (hash: Hash) => Promise<string | undefined>
  /** State that the round must start from; null to compute the accepted round before it again, too. */
  readonly priorState: Hash | null
  /** Accounts of the deployed clearing at a snapshot's block, by our node; null where no clearing is known. */
  readonly fetchGroup: ((snapshot: MarketSnapshot) => Promise<GroupDocuments>) | null
  /** Sender of the simulation: in the first minutes only engines may send. */
  readonly engine: Address
}

/**
 * Everything a steward's signature vouches for, checked on this machine: that the mandate takes the round with it and not without, that the digest is the contract's, that the
 * snapshot has the chain's own state and accounts, and that documents, state, decision and report follow. What the market did is the word of the engines: their sources are not here.
 *
 * @returns The steps; sign only when all are verified.
 * @throws {ContractRevertError} The mandate refuses the round itself. {CliError} It needs no steward.
 */
export async function checkWaitingRound(node: ActNode, waiting: WaitingRound, options: CheckOptions): Promise<readonly Step[]> {
  const { adjustment, digest } = waiting
  await assertNeedsSteward(node, waiting, options.engine)
  const { controllerMandate: address } = node.deployment.contracts
  const [contractDigest, previous] = await Promise.all([
    withChainErrors(
      () =>
        node.client.readContract({ address, abi: controllerMandateAbi, functionName: 'digestOf', args: [encodeAdjustment(adjustment)] }),
      address,
    ),
    options.priorState === null ? readLastAccepted(node, adjustment.scope, waiting.lane.round) : null,
  ])
  const signed: SignedTick = { ...adjustment, digest }
  const evidence: DocumentEvidence = {
    log: node,
    documents: await collectDocuments(options.fetchDocument, previous === null ? [signed] : [previous, signed]),
    catalogue: node.catalogue,
    engineBuild: readEngineBuild(projectRoot),
  }
  const list = createStepList()
  list.add('round', {
    title: 'Signed round',
    says: `Round ${adjustment.round} of ${adjustment.scope}: the mandate takes it with a steward's signature, and not without.`,
    how: 'It was simulated with the signatures of the engines; its digest was computed here and by the contract.',
    facts: [{ name: 'digest', value: digest }],
    check: () => compareText(contractDigest, digest),
  })
  const { tick } = replayTick(list, evidence, signed, carriedInto(evidence, previous, options.priorState))
  if (tick.snapshot !== null) {
    await addChainStep(list, node, adjustment.scope, tick.snapshot)
    await addGroupStep(list, tick.snapshot, options.fetchGroup)
  }
  return list.steps()
}

/** Simulates the round without a steward: the mandate must ask for one, which it does last of all. */
async function assertNeedsSteward(node: ActNode, { adjustment, signatures }: WaitingRound, engine: Address): Promise<void> {
  try {
    await simulateCall(node.client, buildSubmitRound(node.deployment, adjustment, signatures, null), engine, undefined, node.catalogue)
  } catch (error) {
    if (error instanceof CosignRequiredError) return
    throw error
  }
  throw new CliError(
    'failure',
    `Round ${adjustment.round} of ${adjustment.scope} needs no steward now; the engines can send it.`,
    'A signature without need would charge its tightenings to the stewards.',
  )
}

/** State that the accepted round before leaves, computed again; undefined before the first round. */
function carriedInto(evidence: DocumentEvidence, previous: AcceptedRoundRecord | null, given: Hash | null): Carried | undefined {
  if (given !== null) return { hash: given }
  return previous === null ? undefined : replayTick(createStepList(), evidence, previous, undefined).next
}

/** The last accepted round of a lane, searched from the newest block back; null before the first. */
async function readLastAccepted({ client, deployment }: ActNode, scope: ScopeId, round: number): Promise<AcceptedRoundRecord | null> {
  if (round === 0) return null
  const first = BigInt(deployment.block)
  let to = (await readBlock(client)).number
  for (let span = 2_000n; to >= first; span *= 4n) {
    const from = to - span > first ? to - span : first
    const last = (await readAcceptedRounds(client, deployment, scope, from, to)).at(-1)
    if (last !== undefined) return last
    to = from - 1n
  }
  return null
}

async function addChainStep(list: StepList, node: ActNode, scope: ScopeId, { chain }: MarketSnapshot): Promise<void> {
  const reading = await createChainReader(node.client, node.deployment, node.catalogue).readScope(scope, BigInt(chain.block))
  list.add('chain', {
    title: 'Chain state',
    says: `What the snapshot has of the lane and its parameters at block ${chain.block}.`,
    how: 'Our own node was asked for the same block.',
    restsOn: ['snapshot'],
    check: () => compareDocuments({ ...reading, block: reading.block.toString() }, chain),
  })
}

/** Accounts of a deployed clearing; where none is known here and the snapshot has none, they are generated and there is nothing to compare. */
async function addGroupStep(list: StepList, snapshot: MarketSnapshot, fetchGroup: CheckOptions['fetchGroup']): Promise<void> {
  const { group, book, chain } = snapshot
  if (fetchGroup === null && group === undefined) return
  if (fetchGroup === null)
    throw notFoundError(
      'The round rests on accounts of clearing, whose contracts are not known here.',
      'Name their file of addresses with --clearing.',
    )
  const own = group === undefined ? null : await fetchGroup(snapshot)
  list.add('group', {
    title: 'Accounts on chain',
    says: `What every account of the group holds at block ${chain.block}, its prices, its fund and its surface.`,
    how: 'They were read again from events and contracts by our own node.',
    restsOn: ['snapshot'],
    check: () =>
      own === null
        ? { ok: false, expected: 'accounts of the deployed clearing', got: 'generated ones' }
        : firstFault(compareText(contentHash(canonicalJson(own.book as unknown as Json)), book), compareDocuments(own.group, group)),
  })
}

function compareDocuments(own: unknown, theirs: unknown): Finding {
  return compareText(canonicalJson(own as Json), canonicalJson(theirs as Json))
}

function firstFault(...findings: readonly Finding[]): Finding {
  return findings.find(({ ok }) => !ok) ?? agrees
}
