import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { ContractRevertError } from '../../../chain/errors/index.ts'
import type { LocalChain } from '../../../chain/local/index.ts'
import { createChainReader } from '../../../chain/read/index.ts'
import { buildAppointGuardian, buildSetRules, buildSetValues, draftProposal } from '../../../proposals/draft/index.ts'
import { encodeProposal } from '../../../proposals/encode/index.ts'
import {
  BelowThresholdError,
  GovernorClockError,
  ProposalStateError,
  RestrictedProposerError,
  UnknownProposalError,
} from '../../../proposals/errors/index.ts'
import {
  assertTimestampClock,
  cancelProposal,
  castVote,
  castVoteBySig,
  executeProposal,
  passLocally,
  queueProposal,
  readProposal,
  signBallot,
  submitProposal,
} from '../../../proposals/lifecycle/index.ts'
import type { Address, Bps, Deployment, ParameterRule, ProposalDraft } from '../../../risk/types/index.ts'
import { catalogue, deployed, firstRules, genesis, people, value } from '../../chain/support.ts'
import { DAY, ratified } from '../support.ts'

const scope = 'market:ETH'
const id = 'margin.priceScanRange'

describe('the life of a proposal', () => {
  let local: LocalChain
  let deployment: Deployment
  let start: `0x${string}`
  beforeAll(async () => {
    ;({ local, deployment } = await deployed())
    await ratified(local, deployment)
    start = await local.snapshot()
  })
  afterAll(() => local.close())
  beforeEach(async () => {
    await local.revert(start)
    start = await local.snapshot()
  })
  const context = () => ({ client: local.client, governor: deployment.contracts.governor as Address })
  const draft = (other: Partial<Parameters<typeof draftProposal>[0]> = {}): ProposalDraft =>
    draftProposal({ title: 'Widen ETH', body: 'Because.', actions: [buildSetValues(deployment, scope, { [id]: value(2_600) })], ...other })
  const goTo = async (time: number): Promise<void> => local.mine(time)
  const submitted = async (chosen = draft()) => (await submitProposal(context(), local.wallet(people.alice), chosen)).proposal

  test('propose, vote with a reason, queue, execute: the value is set and the times are seconds', async () => {
    const proposal = await submitted()
    let reading = await readProposal(context(), proposal.id)
    expect(reading).toMatchObject({ state: 'pending', proposer: people.alice.address, eta: null, quorum: null })
    expect(reading.snapshot - reading.time).toBe(2 * DAY + 3600)
    await goTo(reading.snapshot + 1)
    await castVote(context(), local.wallet(people.alice), proposal.id, 'for', 'good range')
    await castVote(context(), local.wallet(people.carol), proposal.id, 'against')
    reading = await readProposal(context(), proposal.id)
    expect(reading).toMatchObject({ state: 'active', votes: { for: 600_000n * 10n ** 18n, against: 100_000n * 10n ** 18n, abstain: 0n } })
    expect(reading.quorum).toBe(40_000n * 10n ** 18n)
    await goTo(reading.deadline + 1)
    await queueProposal(context(), local.wallet(people.stranger), proposal)
    reading = await readProposal(context(), proposal.id)
    expect(reading.state).toBe('queued')
    expect(reading.eta).toBe(reading.time + 2 * DAY)
    await goTo(reading.eta ?? 0)
    await executeProposal(context(), local.wallet(people.stranger), proposal)
    expect((await readProposal(context(), proposal.id)).state).toBe('executed')
    const { parameters } = await createChainReader(local.client, deployment, catalogue).readScope(scope)
    expect(parameters.find((parameter) => parameter.id === id)?.state.value).toBe(2_600)
  })

  test('the id is known before anything is sent, and equals the governor’s', async () => {
    const expected = encodeProposal(draft()).id
    expect((await submitted()).id).toBe(expected)
    expect((await readProposal(context(), expected)).state).toBe('pending')
  })

  test('one changed byte of the description is another proposal', async () => {
    await submitted()
    const other = encodeProposal(draft({ body: 'Because! ' }))
    await expect(readProposal(context(), other.id)).rejects.toThrow(UnknownProposalError)
  })

  test('a ballot signed without ether is sent by somebody else, with its reason', async () => {
    const proposal = await submitted()
    await goTo((await readProposal(context(), proposal.id)).snapshot + 1)
    const ballot = await signBallot(context(), people.bob, proposal.id, 'for', 'gasless')
    await castVoteBySig(context(), local.wallet(people.stranger), ballot)
    expect((await readProposal(context(), proposal.id)).votes.for).toBe(300_000n * 10n ** 18n)
    // The nonce is used: the same ballot does not count twice.
    await expect(castVoteBySig(context(), local.wallet(people.stranger), ballot)).rejects.toMatchObject({
      context: { errorName: 'GovernorInvalidSignature' },
    })
    const forged = await signBallot(context(), people.carol, proposal.id, 'against', 'mine')
    const changed = { ...forged, ballot: { ...forged.ballot, support: 1 } }
    await expect(castVoteBySig(context(), local.wallet(people.stranger), changed)).rejects.toThrow(ContractRevertError)
  })

  test('each act in the wrong state says which state and when it will be possible', async () => {
    const proposal = await submitted()
    const { snapshot, deadline } = await readProposal(context(), proposal.id)
    await expect(castVote(context(), local.wallet(people.alice), proposal.id, 'for')).rejects.toMatchObject({
      name: 'ProposalStateError',
      context: { state: 'pending', readyAt: snapshot + 1 },
    })
    await expect(queueProposal(context(), local.wallet(people.alice), proposal)).rejects.toMatchObject({
      context: { readyAt: deadline + 1 },
    })
    await goTo(snapshot + 1)
    await castVote(context(), local.wallet(people.alice), proposal.id, 'for')
    await goTo(deadline + 1)
    await expect(castVote(context(), local.wallet(people.bob), proposal.id, 'for')).rejects.toThrow(ProposalStateError)
    await queueProposal(context(), local.wallet(people.alice), proposal)
    const { eta } = await readProposal(context(), proposal.id)
    await expect(executeProposal(context(), local.wallet(people.alice), proposal)).rejects.toMatchObject({
      name: 'ProposalStateError',
      context: { readyAt: eta },
    })
  })

  test('a defeated proposal cannot be queued', async () => {
    const drafts = [draft()]
    const governor = deployment.contracts.governor as Address
    await expect(passLocally({ local, governor, proposer: people.alice, voters: [], reason: '', drafts })).rejects.toMatchObject({
      context: { act: 'queue', state: 'defeated' },
    })
  })

  test('too few votes to propose, with both numbers', async () => {
    const attempt = submitProposal(context(), local.wallet(people.stranger), draft())
    await expect(attempt).rejects.toThrow(BelowThresholdError)
    await expect(attempt).rejects.toMatchObject({ context: { votes: 0n, threshold: 10_000n * 10n ** 18n } })
  })

  test('a description that names its proposer cannot be submitted by another', async () => {
    const guarded = draft({ proposer: people.alice.address })
    await expect(submitProposal(context(), local.wallet(people.bob), guarded)).rejects.toThrow(RestrictedProposerError)
    expect((await submitted(guarded)).id).toBe(encodeProposal(guarded).id)
  })

  test('the proposer cancels before the vote begins, the guardian at any stage, nobody else', async () => {
    const first = await submitted()
    await expect(cancelProposal(context(), local.wallet(people.stranger), first)).rejects.toThrow(ContractRevertError)
    await cancelProposal(context(), local.wallet(people.alice), first)
    expect((await readProposal(context(), first.id)).state).toBe('canceled')
    const second = await submitted(draft({ title: 'Again' }))
    await goTo((await readProposal(context(), second.id)).snapshot + 1)
    await expect(cancelProposal(context(), local.wallet(people.alice), second)).rejects.toThrow(ContractRevertError)
    await cancelProposal(context(), local.wallet(people.guardian), second)
    expect((await readProposal(context(), second.id)).state).toBe('canceled')
  })

  test('after the guardian’s term neither guardian nor proposer cancels a running vote (A10)', async () => {
    await goTo(genesis + 180 * DAY)
    const proposal = await submitted()
    await goTo((await readProposal(context(), proposal.id)).snapshot + 1)
    for (const who of [people.guardian, people.alice])
      await expect(cancelProposal(context(), local.wallet(who), proposal)).rejects.toThrow(ContractRevertError)
  })

  test('the guardian cannot cancel the vote that replaces it (A10)', async () => {
    const actions = [buildAppointGuardian(deployment, people.bob.address, genesis + 300 * DAY)]
    const proposal = await submitted(draft({ title: 'New guardian', actions }))
    await goTo((await readProposal(context(), proposal.id)).snapshot + 1)
    await expect(cancelProposal(context(), local.wallet(people.guardian), proposal)).rejects.toThrow(ContractRevertError)
  })

  test('a rule that widens waits for the rule delay after its execution, one that restricts loosening is in force at once', async () => {
    const rule = firstRules[id]?.rule as ParameterRule
    const rules = [{ id, rule: { ...rule, ceiling: value(6_000) }, value: null }]
    const tighter = [
      {
        id: 'market.openInterestCap',
        rule: { ...(firstRules['market.openInterestCap']?.rule as ParameterRule), loosenStepBps: 500 as Bps },
        value: null,
      },
    ]
    await passLocally({
      local,
      governor: deployment.contracts.governor as Address,
      proposer: people.alice,
      voters: [people.alice],
      reason: '',
      drafts: [draft({ title: 'Rules', actions: [buildSetRules(deployment, scope, rules), buildSetRules(deployment, scope, tighter)] })],
    })
    const { parameters } = await createChainReader(local.client, deployment, catalogue).readScope(scope)
    expect(parameters.find((parameter) => parameter.id === id)?.rule.ceiling).toBe(5_000)
    expect(parameters.find((parameter) => parameter.id === 'market.openInterestCap')?.rule.loosenStepBps).toBe(500)
  })

  test('a governor whose clock is not seconds is refused before anything is sent', async () => {
    await assertTimestampClock(context())
    const readContract = async (args: { functionName: string }): Promise<unknown> =>
      args.functionName === 'CLOCK_MODE'
        ? 'mode=blocknumber&from=default'
        : (local.client.readContract as (args: unknown) => Promise<unknown>)(args)
    const client = { ...local.client, readContract } as unknown as LocalChain['client']
    await expect(assertTimestampClock({ ...context(), client })).rejects.toThrow(GovernorClockError)
  })
})
