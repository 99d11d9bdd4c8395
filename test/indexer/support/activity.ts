import { encodeFunctionData, hexToBigInt, numberToHex, pad, parseEther, zeroHash } from 'viem'
import { decodeRule } from '../../../chain/codec/index.ts'
import { applyDeployment } from '../../../chain/deploy/index.ts'
import { ballastGovernorAbi, ballastTokenAbi, riskParametersAbi, riskStewardsAbi, timelockAbi } from '../../../chain/generated/index.ts'
import { encodeParamId, encodeScopeId, proposalStates } from '../../../chain/ids/index.ts'
import type { LocalChain } from '../../../chain/local/index.ts'
import { createChainReader } from '../../../chain/read/index.ts'
import { adjustmentDigest, domainOf, undoTypes } from '../../../chain/typed-data/index.ts'
import {
  buildActivateRule,
  buildExecuteLoosening,
  buildGuardianStop,
  buildRestrict,
  buildRevokeEpoch,
  buildSubmitRound,
  buildTighten,
  buildUndo,
  buildVeto,
  buildWalk,
  type Call,
} from '../../../chain/write/index.ts'
import {
  buildAppointGuardian,
  buildCancelRule,
  buildOpenLane,
  buildResumeLane,
  buildSetEngines,
  buildSetLaneSettings,
  buildSetMeter,
  buildSetRole,
  buildSetRules,
  buildSetValues,
  draftProposal,
} from '../../../proposals/draft/index.ts'
import { type EncodedProposal, encodeProposal } from '../../../proposals/encode/index.ts'
import { buildPropose, buildStep, buildVote, supports } from '../../../proposals/lifecycle/index.ts'
import { draftRatification } from '../../../proposals/templates/index.ts'
import type { Address, Adjustment, Bps, Deployment, Hex, LaneSettings, ParameterRule } from '../../../risk/types/index.ts'
import { artifacts, catalogue, firstRules, genesis, people, settings, startChain, value } from '../../chain/support.ts'
import type { Random } from './random.ts'

const MINUTE = 60
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const scopes = ['market:ETH', 'market:BTC'] as const
const ids = Object.keys(firstRules)
const hash = (n: number): Hex => numberToHex(n, { size: 32 })

const laneSettings: LaneSettings = {
  heartbeatTimeout: 6 * HOUR,
  deadManTimeout: 24 * HOUR,
  flipWindow: 6 * HOUR,
  shadowRounds: 3,
  canaryRounds: 2,
  breakerRejections: 12,
  impactAccountsLimit: 1_000,
  impactNotionalLimit: (10n ** 27n).toString(),
  impactMultipleBps: 20_000 as Bps,
  expiresAt: genesis + 360 * DAY,
}

/** A chain on which votes, rounds, stewards, guardian and strangers do what comes to their mind. */
export type Activity = {
  readonly local: LocalChain
  readonly deployment: Deployment
  /** Sends one transaction, or moves the clock; a transaction may revert and is mined all the same. */
  readonly step: () => Promise<void>
  /** Forgets what was only known to somebody and not to the chain, after the chain was cut back. */
  readonly forget: () => void
}

/** Both markets ratified by the timelock, which tests may speak for, and the votes delegated. */
export async function startActivity(random: Random, port?: number): Promise<Activity> {
  const local = await startChain(port)
  const { deployment } = await applyDeployment({
    client: local.client,
    deployer: people.deployer,
    settings,
    artifacts,
    folder: null,
    confirmations: 1,
  })
  const { riskParameters, controllerMandate, riskStewards, timelock, token, governor } = deployment.contracts
  if (token === null || governor === null) throw new TypeError('The test deployment has a token and a governor.')
  await local.request('hardhat_impersonateAccount', [timelock])
  await local.fund(timelock, parseEther('1000'))
  const reader = createChainReader(local.client, deployment, catalogue)
  let proposals: EncodedProposal[] = []
  let serial = 0

  const send = async (from: Address, call: Call): Promise<void> => {
    const transaction = { from, to: call.to, data: call.data, gas: numberToHex(8_000_000) }
    // A revert is part of what happens: the block is mined.
    await local.request('eth_sendTransaction', [transaction]).catch(() => undefined)
  }
  const asDao = (action: { readonly target: Address; readonly data: Hex }): Promise<void> =>
    send(timelock, { to: action.target, data: action.data })
  const drafts = draftRatification(deployment, catalogue, {
    title: 'Test markets',
    reasons: 'Test.',
    guardian: { account: people.guardian.address, until: genesis + 80 * DAY },
    stewards: [people.steward.address],
    engines: { set: [people.engineA.address, people.engineB.address], threshold: 2 },
    scopes: scopes.map((scope) => ({
      scope,
      parameters: Object.entries(firstRules).map(([id, first]) => ({ id, ...first })),
    })),
    lanes: [
      { scope: scopes[0], mode: 'live', settings: laneSettings },
      { scope: scopes[1], mode: 'shadow', settings: laneSettings },
    ],
  })
  for (const action of drafts.flatMap(({ actions }) => actions)) await asDao(action)
  const delegate = (from: Address, to: Address): Promise<void> =>
    send(from, { to: token, data: encodeFunctionData({ abi: ballastTokenAbi, functionName: 'delegate', args: [to] }) })
  for (const holder of [people.alice, people.bob, people.carol]) await delegate(holder.address, holder.address)

  const time = (): Promise<number> => local.time()
  const scopeOf = () => random.pick(scopes)
  const holderOf = (): Address => random.pick([people.alice, people.bob, people.carol]).address
  const near = (live: number, share: number): number => Math.max(1, live + Math.round(live * share * (random.below(201) / 100 - 1)))
  const ruleNear = async (scope: (typeof scopes)[number], id: string): Promise<ParameterRule> => {
    const rule = decodeRule(
      await local.client.readContract({
        address: riskParameters,
        abi: riskParametersAbi,
        functionName: 'ruleOf',
        args: [encodeScopeId(scope), encodeParamId(id)],
      }),
    )
    const field = random.pick(['floor', 'ceiling', 'loosenCooldown', 'vetoHours', 'loosenBudgetBps'] as const)
    return { ...rule, [field]: near(rule[field], 0.1) }
  }

  type Reading = Awaited<ReturnType<typeof reader.readScope>>
  const submit = async (scope: (typeof scopes)[number], moves: (reading: Reading) => Readonly<Record<string, number>>): Promise<void> => {
    const reading = await reader.readScope(scope)
    const moved = moves(reading)
    const chosen = reading.parameters.filter(({ id }) => moved[id] !== undefined).sort((a, b) => (a.id < b.id ? -1 : 1))
    const adjustment: Adjustment = {
      scope,
      epoch: reading.lane.epoch,
      round: reading.lane.round + 1,
      observedAt: reading.time,
      validUntil: reading.time + 900,
      items: chosen.map(({ id, state }) => ({ id, expected: state.value, value: value(moved[id] ?? 0) })),
      impactNotional: 0n,
      impactAccounts: 0,
      snapshot: hash(++serial),
      engine: hash(2),
      configuration: hash(3),
      report: hash(4),
    }
    const digest = adjustmentDigest(adjustment, domainOf('controllerMandate', deployment.chainId, controllerMandate))
    const sign = async (signer: typeof people.alice) =>
      ({ signer: signer.address, data: (await signer.sign?.({ hash: digest })) ?? '0x' }) as const
    const signatures = await Promise.all([people.engineA, people.engineB].map(sign))
    const cosign = reading.lane.powers.cosigned || random.chance(0.1) ? await sign(people.steward) : null
    await send(people.engineA.address, buildSubmitRound(deployment, adjustment, signatures, cosign))
  }
  const submitAny = (): Promise<void> =>
    submit(scopeOf(), ({ parameters }) =>
      Object.fromEntries(
        parameters.filter(() => random.chance(0.5)).map(({ id, state }) => [id, near(state.value, random.chance(0.1) ? 0.6 : 0.08)]),
      ),
    )
  /** A small loosening after the cooldown of a day. */
  const loosen = async (): Promise<void> => {
    await local.mine((await time()) + 25 * HOUR)
    const id = random.pick(ids)
    await submit(scopeOf(), ({ parameters }) => {
      const live = parameters.find((one) => one.id === id)?.state.value ?? 1
      return { [id]: Math.round(live * (id.startsWith('market') ? 1.03 : 0.97)) }
    })
  }
  /** Waits for something that waits, and executes it while the lane is heard of; or vetoes it. */
  const endLoosening = async (): Promise<void> => {
    const now = await time()
    const waiting: { scope: (typeof scopes)[number]; id: string; eta: number }[] = []
    for (const scope of scopes)
      for (const { id, pending, state } of (await reader.readScope(scope)).parameters)
        if (pending?.historyLength === state.historyLength && now <= pending.expiry) waiting.push({ scope, id, eta: pending.eta })
    if (waiting.length === 0) return loosen()
    const { scope, id, eta } = random.pick(waiting)
    if (random.chance(0.4)) {
      const voter = random.pick([people.guardian, people.alice, people.bob, people.stranger])
      return send(voter.address, buildVeto(deployment, scope, id))
    }
    if (now < eta) await local.mine(eta)
    await submit(scope, () => ({}))
    await send(people.stranger.address, buildExecuteLoosening(deployment, scope, id))
  }

  const tighten = async (): Promise<void> => {
    const scope = scopeOf()
    const { parameters, time: now } = await reader.readScope(scope)
    const nonce = await local.client.readContract({
      address: riskStewards,
      abi: riskStewardsAbi,
      functionName: 'nonceOf',
      args: [encodeScopeId(scope)],
    })
    const items = parameters
      .filter(({ id }) => id !== 'liquidation.fee' || random.chance(0.2))
      .sort((a, b) => (a.id < b.id ? -1 : 1))
      .map(({ id, state }) => ({
        id,
        expected: state.value,
        value: value(Math.round(state.value * (id.startsWith('market') ? 0.95 : 1.05))),
      }))
    const tightening = { scope, items, impactNotional: 0n, impactAccounts: 0, nonce, validUntil: now + 900 }
    await send(people.steward.address, buildTighten(deployment, tightening, null))
  }

  const undo = async (): Promise<void> => {
    const [scope, id] = [scopeOf(), random.pick(ids)]
    const parameter = (await reader.readScope(scope)).parameters.find((one) => one.id === id)
    const entry = (parameter?.state.historyLength ?? 1) - 1
    const message = { scope: encodeScopeId(scope), id: encodeParamId(id), entry }
    const domain = domainOf('riskStewards', deployment.chainId, riskStewards)
    const sign = async (signer: typeof people.alice) => {
      const data = await signer.signTypedData?.({ domain, types: undoTypes, primaryType: 'Undo', message })
      return { signer: signer.address, data: data ?? '0x' } as const
    }
    await send(people.stranger.address, buildUndo(deployment, scope, id, entry, await sign(people.steward), await sign(people.guardian)))
  }

  const daoActions = [
    async () => buildSetValues(deployment, scopeOf(), { [random.pick(ids)]: value(near(2_500, 0.9)) }),
    async () => {
      const [scope, id] = [scopeOf(), random.pick(ids)]
      return buildSetRules(deployment, scope, [{ id, rule: await ruleNear(scope, id), value: null }])
    },
    async () => buildCancelRule(deployment, scopeOf(), random.pick(ids)),
    async () =>
      buildSetLaneSettings(deployment, scopeOf(), { ...laneSettings, expiresAt: (await time()) + (10 + random.below(300)) * DAY }),
    async () => buildResumeLane(deployment, scopeOf()),
    async () => buildOpenLane(deployment, scopeOf(), 'shadow', { ...laneSettings, expiresAt: (await time()) + 200 * DAY }),
    async () => buildSetEngines(deployment, [people.engineA.address, people.engineB.address], 2),
    async () => buildSetRole(deployment, 'steward', random.pick([people.steward, people.carol]).address, random.chance(0.6)),
    async () => buildAppointGuardian(deployment, people.guardian.address, (await time()) + (1 + random.below(60)) * DAY),
    async () => buildSetMeter(deployment, scopeOf(), random.pick([people.stranger.address, `0x${'0'.repeat(40)}`] as const)),
  ]

  const propose = async (): Promise<void> => {
    const title = `Proposal ${++serial}`
    const actions = [await random.pick(daoActions)()]
    if (random.chance(0.3)) actions.push(await random.pick(daoActions)())
    const proposal = encodeProposal(draftProposal({ title, body: random.chance(0.2) ? 'Ünïcode \u202e <script>' : 'Why.', actions }))
    proposals.push(proposal)
    await send(random.pick([people.alice, people.bob]).address, buildPropose(governor, proposal))
  }
  const some = (): EncodedProposal | undefined => proposals.at(-1 - random.below(4)) ?? proposals.at(-1)
  const vote = async (proposal: EncodedProposal): Promise<void> =>
    send(
      holderOf(),
      buildVote(governor, proposal.id, random.chance(0.8) ? 'for' : random.pick(supports), random.chance(0.5) ? 'Because.' : ''),
    )
  const mineTo = async (to: bigint): Promise<void> => {
    if ((await time()) < to) await local.mine(Number(to))
  }
  /** Takes one of the last proposals one stage further. */
  const advance = async (): Promise<void> => {
    const proposal = some()
    if (proposal === undefined) return propose()
    const at = { address: governor, abi: ballastGovernorAbi, args: [proposal.id] } as const
    const state = await local.client.readContract({ ...at, functionName: 'state' }).catch(() => null)
    const stage = state === null ? null : proposalStates[state]
    if (stage === 'pending') return mineTo((await local.client.readContract({ ...at, functionName: 'proposalSnapshot' })) + 1n)
    if (stage === 'active' && random.chance(0.75)) return vote(proposal)
    if (stage === 'active') return mineTo((await local.client.readContract({ ...at, functionName: 'proposalDeadline' })) + 1n)
    if (stage === 'succeeded') return send(people.stranger.address, buildStep(governor, 'queue', proposal))
    if (stage !== 'queued') return propose()
    await mineTo(await local.client.readContract({ ...at, functionName: 'proposalEta' }))
    await (random.chance(0.7) ? send(people.stranger.address, buildStep(governor, 'execute', proposal)) : onTimelock(proposal))
  }
  /** Brings a fresh proposal into the timelock without a pause, where the proposer has the votes to propose. */
  const carry = async (): Promise<void> => {
    await propose()
    const proposal = proposals.at(-1)
    if (proposal === undefined) return
    const at = { address: governor, abi: ballastGovernorAbi, args: [proposal.id] } as const
    const snapshot = await local.client.readContract({ ...at, functionName: 'proposalSnapshot' })
    if (snapshot === 0n) return
    await mineTo(snapshot + 1n)
    for (const voter of [people.alice, people.bob, people.stranger]) await send(voter.address, buildVote(governor, proposal.id, 'for', ''))
    await mineTo((await local.client.readContract({ ...at, functionName: 'proposalDeadline' })) + 1n)
    await send(people.stranger.address, buildStep(governor, 'queue', proposal))
  }
  const cancel = async (): Promise<void> => {
    const proposal = some()
    if (proposal !== undefined) await send(random.pick([people.alice, people.guardian]).address, buildStep(governor, 'cancel', proposal))
  }
  /** What anybody, or whoever holds the role, may do on the timelock without the governor. */
  const onTimelock = async (proposal: EncodedProposal): Promise<void> => {
    const salt = numberToHex(hexToBigInt(pad(governor, { dir: 'right', size: 32 })) ^ hexToBigInt(proposal.descriptionHash), { size: 32 })
    const args = [[...proposal.targets], [...proposal.values], [...proposal.calldatas], zeroHash, salt] as const
    if (random.chance(0.6))
      return send(people.stranger.address, {
        to: timelock,
        data: encodeFunctionData({ abi: timelockAbi, functionName: 'executeBatch', args }),
      })
    const id = await local.client.readContract({ address: timelock, abi: timelockAbi, functionName: 'hashOperationBatch', args })
    await send(governor, { to: timelock, data: encodeFunctionData({ abi: timelockAbi, functionName: 'cancel', args: [id] }) })
  }
  await local.request('hardhat_impersonateAccount', [governor])
  await local.fund(governor, parseEther('1000'))

  const wait = async (): Promise<void> => {
    const pause = random.pick([MINUTE, 10 * MINUTE, HOUR, 2 * HOUR, 6 * HOUR, DAY, 2 * DAY + HOUR, 5 * DAY])
    await local.mine((await time()) + pause)
  }

  /** Puts back in force what keeps engines from doing anything. */
  const repair = async (): Promise<void> => {
    const scope = scopeOf()
    const { lane, time: now } = await reader.readScope(scope)
    if (lane.mode === 'paused' || lane.mode === 'tightenOnly') return asDao(buildResumeLane(deployment, scope))
    await asDao(buildSetLaneSettings(deployment, scope, { ...laneSettings, expiresAt: now + 300 * DAY }))
    await asDao(buildSetRole(deployment, 'steward', people.steward.address, true))
    await asDao(buildAppointGuardian(deployment, people.guardian.address, now + 60 * DAY))
    if (!lane.powers.submit) await asDao(buildSetEngines(deployment, [people.engineA.address, people.engineB.address], 2))
  }

  const acts: readonly (readonly [weight: number, act: () => Promise<void>])[] = [
    [22, submitAny],
    [9, wait],
    [12, loosen],
    [18, endLoosening],
    [6, repair],
    [3, async () => send(people.stranger.address, buildWalk(deployment, scopeOf(), random.pick(ids)))],
    [3, async () => send(people.stranger.address, buildActivateRule(deployment, scopeOf(), random.pick(ids)))],
    [4, tighten],
    [3, undo],
    [
      2,
      async () => {
        const [scope, id] = [scopeOf(), random.pick(ids)]
        await send(people.steward.address, buildRestrict(deployment, scope, id, await ruleNear(scope, id)))
      },
    ],
    [1, async () => send(people.guardian.address, buildGuardianStop(deployment, scopeOf(), random.pick(['pause', 'tightenOnly'])))],
    [1, async () => send(people.guardian.address, buildRevokeEpoch(deployment))],
    [10, async () => asDao(await random.pick(daoActions)())],
    [4, propose],
    [30, advance],
    [8, carry],
    [1, cancel],
    [2, () => delegate(holderOf(), random.pick([people.alice, people.bob, people.stranger]).address)],
    [
      1,
      () => {
        const args = [people.stranger.address, parseEther(String(1 + random.below(1_000)))] as const
        return send(holderOf(), { to: token, data: encodeFunctionData({ abi: ballastTokenAbi, functionName: 'transfer', args }) })
      },
    ],
  ]
  const total = acts.reduce((sum, [weight]) => sum + weight, 0)
  return {
    local,
    deployment,
    async step() {
      let drawn = random.below(total)
      for (const [weight, act] of acts) {
        drawn -= weight
        if (drawn < 0) return act()
      }
    },
    forget: () => {
      proposals = proposals.slice(0, -2)
    },
  }
}
