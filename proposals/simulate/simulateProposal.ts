import { type Hash, keccak256, zeroHash } from 'viem'
import type { ClearingDeployment } from '../../chain/clearing/index.ts'
import { ContractRevertError, withChainErrors } from '../../chain/errors/index.ts'
import { ballastGovernorAbi } from '../../chain/generated/index.ts'
import { readBlock } from '../../chain/read/index.ts'
import { sendCall } from '../../chain/write/index.ts'
import { BallastError } from '../../risk/errors/index.ts'
import type { Address, Catalogue, Deployment } from '../../risk/types/index.ts'
import { deployPostConditions, type PostConditionsContract } from '../conditions/index.ts'
import type { ContractDirectory } from '../decode/index.ts'
import type { EncodedProposal } from '../encode/index.ts'
import { UnknownProposalError } from '../errors/index.ts'
import { flattenProtocols, type Protocol } from '../expect/index.ts'
import { buildPropose, buildStep, buildVote } from '../lifecycle/calls.ts'
import { type Delegate, readDelegates } from '../lifecycle/readDelegates.ts'
import { type ProposalReading, readProposal } from '../lifecycle/readProposal.ts'
import { diffStates, readProtocolState } from '../state/index.ts'
import { type Fork, openFork } from './openFork.ts'
import { openLiveSources } from './openLiveSources.ts'
import type { Simulation, SimulationStep } from './Simulation.ts'
import { describeEvents, traceCalls, traceTouched } from './traceExecution.ts'

export type SimulateOptions = {
  readonly url: string
  /** The governed deployment. */
  readonly deployment: Deployment
  /** Clearing on top of it; null where there is none. */
  readonly clearing: ClearingDeployment | null
  /** Deployments that the proposal hands over to. */
  readonly successors: readonly Deployment[]
  readonly catalogue: Catalogue
  readonly proposal: EncodedProposal
  readonly directory: ContractDirectory
  readonly postConditions: PostConditionsContract
  /** Who submits; the delegate with the most votes when absent. */
  readonly proposer?: Address
  /** The chain is copied after this block. */
  readonly block: bigint
  readonly onStep?: (step: string) => void
}

/**
 * Takes a proposal through its whole life on a local copy of the chain: submitted if it is not yet, voted on by the real delegates, queued and executed through
 * the real Governor and timelock, with every delay passing.
 *
 * @throws {InvalidInputError} The deployment has no Governor.
 * @throws {RpcUnavailableError} The node cannot serve the state of the block.
 */
export async function simulateProposal(options: SimulateOptions): Promise<Simulation> {
  const { deployment, block, proposal } = options
  const fork = await openFork(options.url, deployment.chainId, block)
  try {
    const { hash, time } = await readBlock(fork.client, block)
    const run = new Run(options, fork)
    const from = await run.state()
    const codeHashes = await readCodeHashes(fork, proposal)
    const live = options.clearing === null ? null : await openLiveSources(fork, options.clearing, proposal, options.directory)
    run.keepFresh = live?.keepFresh ?? null
    const failure = await run.live(from)
    const before = run.before ?? (await run.readProtocols())
    const executed = run.executed
    const after = executed === null ? before : await run.readProtocols()
    return {
      pinned: { block, hash, time },
      from: from ?? 'draft',
      steps: run.steps,
      failure,
      before,
      after,
      changes: diffStates(flattenProtocols(before), flattenProtocols(after)),
      events:
        executed === null ? [] : describeEvents((await fork.client.getTransactionReceipt({ hash: executed })).logs, options.directory),
      calls: executed === null ? null : await traceCalls(fork, executed, options.directory),
      touched: executed === null ? [] : await traceTouched(fork, executed, options.directory),
      codeHashes,
      keptFresh: live?.sources ?? [],
    }
  } finally {
    await fork.close()
  }
}

async function readCodeHashes({ client }: Fork, { targets }: EncodedProposal): Promise<Simulation['codeHashes']> {
  return Promise.all(
    [...new Set(targets)].map(async (target) => {
      const code = await withChainErrors(() => client.getCode({ address: target }))
      return { target, codeHash: code === undefined ? zeroHash : keccak256(code) }
    }),
  )
}

/** One proposal on one copy; every step appends to `steps`. */
class Run {
  readonly steps: SimulationStep[] = []
  before: readonly Protocol[] | null = null
  executed: Hash | null = null
  /** Keeps price sources alive over the time that a vote takes. */
  keepFresh: (() => Promise<void>) | null = null
  readonly #options: SimulateOptions
  readonly #fork: Fork
  readonly #governor: Address

  constructor(options: SimulateOptions, fork: Fork) {
    const { governor } = options.deployment.contracts
    if (governor === null) throw new TypeError('A deployment without a Governor cannot be simulated.')
    this.#options = options
    this.#fork = fork
    this.#governor = governor
  }

  /** State of the proposal; null when it was not submitted. */
  async state(): Promise<ProposalReading['state'] | null> {
    try {
      return (await this.#reading()).state
    } catch (error) {
      if (error instanceof UnknownProposalError) return null
      throw error
    }
  }

  readProtocols(): Promise<readonly Protocol[]> {
    const { deployment, clearing, successors, catalogue, proposal } = this.#options
    const accounts = proposal.targets.filter((_, i) => (proposal.values[i] ?? 0n) > 0n)
    return Promise.all(
      [deployment, ...successors].map(async (each, i) => {
        const own = i === 0 ? clearing : null
        return {
          prefix: i === 0 ? '' : 'successor:',
          deployment: each,
          clearing: own,
          state: await readProtocolState(this.#fork.client, each, catalogue, { accounts, clearing: own }),
        }
      }),
    )
  }

  /** From the state it is in to its execution. */
  async live(from: ProposalReading['state'] | null): Promise<Simulation['failure']> {
    const { proposal, deployment } = this.#options
    let step = 'propose'
    try {
      const delegates =
        deployment.contracts.token === null ? [] : await readDelegates(this.#fork.client, deployment, deployment.contracts.token)
      const sender = this.#options.proposer ?? delegates[0]?.account
      if (sender === undefined) return { step, sentence: 'Nobody has votes: no proposal can be submitted.', errorName: null }
      if (from === null) await this.#propose(sender)
      step = 'vote'
      const failed = await this.#vote(delegates)
      if (failed !== null) return { step, sentence: failed, errorName: null }
      step = 'queue'
      await this.#deployConditions(sender)
      if ((await this.#reading()).state === 'succeeded') await this.#send('queue', sender, buildStep(this.#governor, 'queue', proposal))
      step = 'execute'
      const { eta, state } = await this.#reading()
      if (state !== 'queued') return { step, sentence: `The proposal is ${state}, not queued.`, errorName: null }
      await this.#fork.goTo(eta ?? 0)
      await this.keepFresh?.()
      this.before = await this.readProtocols()
      this.executed = await this.#send('execute', sender, buildStep(this.#governor, 'execute', proposal))
      return null
    } catch (error) {
      if (error instanceof ContractRevertError) return { step, sentence: error.message, errorName: error.context.errorName }
      if (error instanceof BallastError) return { step, sentence: error.message, errorName: null }
      throw error
    }
  }

  async #propose(sender: Address): Promise<void> {
    this.#options.onStep?.('propose')
    await this.#send('propose', sender, buildPropose(this.#governor, this.#options.proposal))
  }

  /** Delegates vote for, most votes first, until the proposal will succeed. Null when it will, else why not. */
  async #vote(delegates: readonly Delegate[]): Promise<string | null> {
    const { state, snapshot } = await this.#reading()
    if (state !== 'pending' && state !== 'active') return ['succeeded', 'queued'].includes(state) ? null : `The proposal is ${state}.`
    this.#options.onStep?.('vote')
    await this.#fork.goTo(snapshot + 1)
    for (const { account } of delegates) {
      if (passes(await this.#reading())) break
      if (await this.#hasVoted(account)) continue
      await this.#send('vote', account, buildVote(this.#governor, this.#options.proposal.id, 'for', ''))
    }
    const reading = await this.#reading()
    if (!passes(reading)) {
      const { votes, quorum } = reading
      return `All delegates together do not pass it: ${votes.for} for, ${votes.against} against, quorum ${quorum}.`
    }
    await this.#fork.goTo(reading.deadline + 1)
    return null
  }

  #hasVoted(account: Address): Promise<boolean> {
    const args = [this.#options.proposal.id, account] as const
    return withChainErrors(() =>
      this.#fork.client.readContract({ address: this.#governor, abi: ballastGovernorAbi, functionName: 'hasVoted', args }),
    )
  }

  async #deployConditions(sender: Address): Promise<void> {
    const { postConditions, proposal } = this.#options
    if (!proposal.targets.some((target) => target === postConditions.address)) return
    const wallet = await this.#fork.actAs(sender)
    if (await deployPostConditions(this.#fork.client, wallet, postConditions))
      this.steps.push({ step: 'deployConditions', by: sender, time: await this.#fork.time(), gasUsed: 0n })
  }

  async #send(step: SimulationStep['step'], by: Address, call: Parameters<typeof sendCall>[2]): Promise<Hash> {
    if (step !== 'propose' && step !== 'vote') this.#options.onStep?.(step)
    const receipt = await sendCall(this.#fork.client, await this.#fork.actAs(by), call)
    this.steps.push({ step, by, time: await this.#fork.time(), gasUsed: receipt.gasUsed })
    return receipt.transactionHash
  }

  #reading(): Promise<ProposalReading> {
    return readProposal({ client: this.#fork.client, governor: this.#governor }, this.#options.proposal.id)
  }
}

function passes({ votes, quorum }: ProposalReading): boolean {
  return quorum !== null && votes.for + votes.abstain >= quorum && votes.for > votes.against
}
