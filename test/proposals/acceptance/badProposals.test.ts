import { concatHex, encodeFunctionData, encodePacked, type Hex, keccak256, parseAbi, parseEther, size, zeroHash } from 'viem'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { encodeRule } from '../../../chain/codec/index.ts'
import { controllerMandateAbi, riskParametersAbi, timelockAbi } from '../../../chain/generated/index.ts'
import { encodeParamId, encodeScopeId, storeRoles } from '../../../chain/ids/index.ts'
import type { LocalChain } from '../../../chain/local/index.ts'
import type { BuildContext, BuiltDraft } from '../../../proposals/actions/index.ts'
import { runChecks } from '../../../proposals/checks/index.ts'
import { deployPostConditions } from '../../../proposals/conditions/index.ts'
import { decodeCall } from '../../../proposals/decode/index.ts'
import { encodeProposal } from '../../../proposals/encode/index.ts'
import { castVote, queueProposal, readProposal, submitProposal } from '../../../proposals/lifecycle/index.ts'
import { type Examination, examineProposal } from '../../../proposals/pipeline/index.ts'
import type { Action, Address, Deployment } from '../../../risk/types/index.ts'
import { firstRules, people, value } from '../../chain/support.ts'
import { altered, built, contextOf, draftText, examined, failedChecks, governedChain, postConditions } from '../pipelineSupport.ts'

const fee = '  - do: setValues\n    scope: market:ETH\n    values:\n      liquidation.fee: 4 %\n'
const scope = encodeScopeId('market:ETH')
const range = encodeParamId('margin.priceScanRange')
const safeAbi = parseAbi([
  'function execTransaction(address to, uint256 value, bytes data, uint8 operation, uint256 safeTxGas, uint256 baseGas, uint256 gasPrice, address gasToken, address refundReceiver, bytes signatures) payable returns (bool)',
])
const multiSendAbi = parseAbi(['function multiSend(bytes transactions) payable'])
const zero: Address = '0x0000000000000000000000000000000000000000'

describe('bad proposals are refused by the check that is there for it', () => {
  let local: LocalChain
  let deployment: Deployment
  let context: BuildContext
  let start: Hex
  let base: Examination
  beforeAll(async () => {
    ;({ local, deployment } = await governedChain())
    await deployPostConditions(local.client, local.wallet(people.alice), postConditions)
    context = await contextOf(local, deployment)
    base = await examined(local, context, await built(draftText(fee), context))
    start = await local.snapshot()
  }, 60_000)
  afterAll(() => local.close())
  beforeEach(async () => {
    await local.revert(start)
    start = await local.snapshot()
    context = await contextOf(local, deployment)
  })

  /** A good draft whose calls, but for the post-conditions, are replaced. */
  const withCalls = async (...actions: Omit<Action, 'summary'>[]): Promise<BuiltDraft> => {
    const draft = await built(draftText(fee, `proposer: "${people.alice.address}"\n`), context)
    const last = draft.draft.actions.at(-1) as Action
    return altered(draft, { actions: [...actions.map((each) => ({ ...each, summary: '' })), last] })
  }
  const store = (data: Hex): Omit<Action, 'summary'> => ({ target: deployment.contracts.riskParameters, value: 0n, data })
  const setValues = (id: Hex, raw: bigint): Hex =>
    encodeFunctionData({ abi: riskParametersAbi, functionName: 'setValues', args: [scope, [id], [raw]] })
  const setRange = (floor: number, ceiling: number, carried: bigint): Hex => {
    const rule = {
      ...(firstRules['margin.priceScanRange'] as (typeof firstRules)[string]).rule,
      floor: value(floor),
      ceiling: value(ceiling),
      baseline: value(floor),
    }
    return encodeFunctionData({ abi: riskParametersAbi, functionName: 'setRules', args: [scope, [range], [encodeRule(rule)], [carried]] })
  }
  /** The checks that read the proposal and the state alone, over the simulation of a good one. */
  const failuresOnPaper = (draft: BuiltDraft): string[] => {
    const calls = draft.draft.actions.map((action) => decodeCall(action, base.directory))
    const own = { proposer: draft.proposer, effects: draft.effects }
    return failedChecks({ checks: runChecks({ ...base, proposal: encodeProposal(draft.draft), calls, draft: own }) })
  }
  const failures = async (draft: BuiltDraft, evidence?: Parameters<typeof examined>[3]): Promise<string[]> =>
    failedChecks(await examined(local, context, draft, evidence))
  const place = async (address: Address, code: Hex): Promise<void> => {
    await local.request('hardhat_setCode', [address, code])
  }

  describe('calls', () => {
    test('a selector that the target does not have', async () => {
      expect(failuresOnPaper(await withCalls(store('0xdeadbeef')))).toContain('calls-decode')
    })

    test('bytes hidden behind the arguments', async () => {
      const hidden = concatHex([setValues(encodeParamId('liquidation.fee'), 400n), `0x${'00'.repeat(31)}01`])
      expect(failuresOnPaper(await withCalls(store(hidden)))).toContain('calls-decode')
    })

    test('a delegatecall inside a MultiSend inside a Safe', async () => {
      const packed = encodePacked(['uint8', 'address', 'uint256', 'uint256', 'bytes'], [1, people.stranger.address, 0n, 4n, '0x12345678'])
      const inner = encodeFunctionData({ abi: multiSendAbi, functionName: 'multiSend', args: [packed] })
      const args = [people.bob.address, 0n, inner, 1, 0n, 0n, 0n, zero, zero, '0x'] as const
      const data = encodeFunctionData({ abi: safeAbi, functionName: 'execTransaction', args })
      const draft = await withCalls({ target: people.carol.address, value: 0n, data })
      expect(failuresOnPaper(draft)).toEqual(expect.arrayContaining(['calls-decode', 'targets-known']))
      const [call] = draft.draft.actions.map((action) => decodeCall(action, base.directory))
      expect(call?.children[0]?.children[0]).toMatchObject({ target: people.stranger.address, delegatecall: true })
    })

    test('an unknown target inside a batch of the timelock', async () => {
      const args = [[people.stranger.address], [0n], ['0x12345678' as Hex], zeroHash, zeroHash, 0n] as const
      const data = encodeFunctionData({ abi: timelockAbi, functionName: 'scheduleBatch', args })
      expect(failuresOnPaper(await withCalls({ target: deployment.contracts.timelock, value: 0n, data }))).toEqual(
        expect.arrayContaining(['calls-decode', 'targets-known']),
      )
    })

    test('a selector that stands for two functions', async () => {
      // many_msg_babbage(bytes1) has the selector of transfer(address,uint256).
      const target: Address = '0x1000000000000000000000000000000000000001'
      await place(target, '0x00')
      const text = `  - do: call\n    target: "${target}"\n    abi: function many_msg_babbage(bytes1 x)\n    args: ["0x01"]\n    codeHash: "${keccak256('0x00')}"\n`
      expect(await failures(await built(draftText(text), context))).toContain('selectors')
    })

    test('code that was exchanged after it was read', async () => {
      const draft = await withCalls(store(setValues(encodeParamId('liquidation.fee'), 400n)))
      const code = (await local.client.getCode({ address: deployment.contracts.riskParameters })) as Hex
      await place(deployment.contracts.riskParameters, concatHex([code, '0x00']))
      expect(await failures(draft)).toContain('targets-known')
    })
  })

  describe('values and rules', () => {
    test('a value outside its range', async () => {
      expect(await failures(await withCalls(store(setValues(range, 9_000n))))).toEqual(
        expect.arrayContaining(['values-and-rules', 'simulation']),
      )
    })

    test('a parameter that does not exist', async () => {
      expect(failuresOnPaper(await withCalls(store(setValues(encodeParamId('margin.nothing'), 1n))))).toContain('values-and-rules')
    })

    test('a range that excludes the live value', async () => {
      expect(failuresOnPaper(await withCalls(store(setRange(2_500, 5_000, 0n))))).toContain('live-inside-range')
    })

    test('a value carried although the range holds it', async () => {
      expect(failuresOnPaper(await withCalls(store(setRange(1_300, 5_000, 1_300n))))).toContain('live-inside-range')
    })

    test('a joint invariant that breaks once a waiting rule is in force', async () => {
      // The scan range would be cut to 5 %, the liquidation fee stays at 5.5 %.
      const text = '  - do: setValues\n    scope: market:ETH\n    values:\n      liquidation.fee: 5.5 %\n'
      const draft = await built(draftText(text, `proposer: "${people.alice.address}"\n`), context)
      const narrow = store(setRange(100, 500, 500n))
      const last = draft.draft.actions.at(-1) as Action
      expect(await failures(altered(draft, { actions: [draft.draft.actions[0] as Action, { ...narrow, summary: '' }, last] }))).toContain(
        'joint-invariants',
      )
    })
  })

  describe('what it does', () => {
    test('nothing: the diff is empty', async () => {
      const { rule } = firstRules['margin.priceScanRange'] as (typeof firstRules)[string]
      const same = encodeFunctionData({
        abi: riskParametersAbi,
        functionName: 'setRules',
        args: [scope, [range], [encodeRule(rule)], [0n]],
      })
      const draft = await withCalls(store(same))
      expect(await failures(altered(draft, { actions: draft.draft.actions.slice(0, 1) }))).toContain('state-diff')
    })

    test('something else than the draft states', async () => {
      const draft = await built(
        draftText(
          `  - do: call\n    target: "${deployment.contracts.governor}"\n    abi: function setVotingDelay(uint48 x)\n    args: [1]\n    effects:\n      governor/votingDelay: "259200"\n`,
        ),
        context,
      )
      expect(await failures(draft)).toContain('state-diff')
    })

    test('it cannot be executed', async () => {
      const data = encodeFunctionData({ abi: controllerMandateAbi, functionName: 'resume', args: [scope] })
      expect(await failures(await withCalls({ target: deployment.contracts.controllerMandate, value: 0n, data }))).toContain('simulation')
    })

    test('a contract that nobody names is written to', async () => {
      const hidden: Address = '0x2000000000000000000000000000000000000002'
      const front: Address = '0x2000000000000000000000000000000000000001'
      await place(hidden, '0x60015f5500')
      await place(front, `0x5f5f5f5f5f73${hidden.slice(2)}5af15000`)
      const code = (await local.client.getCode({ address: front })) as Hex
      const text = `${fee}  - do: call\n    target: "${front}"\n    abi: function harmless()\n    args: []\n    codeHash: "${keccak256(code)}"\n`
      expect(await failures(await built(draftText(text), context))).toContain('touched-contracts')
    })

    test('a role is granted that nothing states', async () => {
      const data = encodeFunctionData({
        abi: riskParametersAbi,
        functionName: 'grantRole',
        args: [storeRoles.admin, people.stranger.address],
      })
      const draft = await withCalls(store(data))
      // As somebody else's proposal on chain: its calls are all it says.
      const examination = await examined(local, context, draft)
      expect(examination.simulation.changes.map(({ path }) => path)).toEqual([])
      expect(failedChecks(examination)).toContain('simulation')
      const alone = altered(draft, { actions: draft.draft.actions.slice(0, 1) })
      const { proposal } = await submitProposal(
        { client: local.client, governor: deployment.contracts.governor as Address },
        local.wallet(people.alice),
        alone.draft,
      )
      const live = await examineProposal({
        client: local.client,
        url: local.url ?? '',
        deployment,
        clearing: null,
        catalogue: context.catalogue,
        postConditions,
        subject: { kind: 'submitted', proposal },
        block: await local.client.getBlockNumber(),
        evidence: [],
        evidenceMissing: 'none',
      })
      expect(failedChecks(live)).toContain('roles-and-delays')
    })

    test('the delay of the timelock is cut', async () => {
      const data = encodeFunctionData({ abi: timelockAbi, functionName: 'updateDelay', args: [0n] })
      const draft = await withCalls({ target: deployment.contracts.timelock, value: 0n, data })
      expect(await failures(altered(draft, { actions: draft.draft.actions.slice(0, 1) }))).toContain('roles-and-delays')
    })

    test('ether that is not there', async () => {
      expect(await failures(await withCalls({ target: people.bob.address, value: parseEther('5'), data: '0x' }))).toContain('ether-value')
    })
  })

  describe('what it says', () => {
    test('a description without a title', async () => {
      const draft = await built(draftText(fee), context)
      expect(failuresOnPaper(altered(draft, { description: 'Trust me, this is fine.' }))).toContain('description')
    })

    test('a description that turns around', async () => {
      const draft = await built(draftText(fee), context)
      expect(failuresOnPaper(altered(draft, { description: `# A change\n\nsafe \u202Etxet` }))).toContain('description')
    })

    test('a proposal reserved for another account than the draft says', async () => {
      const draft = await built(draftText(fee, `proposer: "${people.alice.address}"\n`), context)
      const description = draft.draft.description.replace(people.alice.address, people.bob.address)
      expect(failuresOnPaper(altered(draft, { description }))).toContain('description')
    })
  })

  describe('what is missing', () => {
    test('no post-conditions', async () => {
      const draft = await built(draftText(fee), context)
      expect(failuresOnPaper(altered(draft, { actions: draft.draft.actions.slice(0, -1) }))).toContain('post-conditions')
    })

    test('a call behind the post-conditions', async () => {
      const draft = await built(draftText(fee), context)
      expect(failuresOnPaper(altered(draft, { actions: [...draft.draft.actions].reverse() }))).toContain('post-conditions')
    })

    test('a value that no condition reads back', async () => {
      const draft = await withCalls(
        store(setValues(encodeParamId('liquidation.fee'), 400n)),
        store(setValues(encodeParamId('market.openInterestCap'), 60_000n)),
      )
      expect(await failures(draft)).toEqual(['post-conditions'])
    })

    test('margin changes, and its effect on portfolios is not known', async () => {
      const draft = await built(
        draftText('  - do: setValues\n    scope: market:ETH\n    values:\n      margin.priceScanRange: 26 %\n'),
        context,
      )
      expect(await failures(draft, [])).toEqual(expect.arrayContaining(['portfolio-impact', 'crash-replay', 'recommendation']))
    })
  })

  test('a queued proposal writes the same parameter', { timeout: 60_000 }, async () => {
    const other = await built(draftText('  - do: setValues\n    scope: market:ETH\n    values:\n      liquidation.fee: 5 %\n'), context)
    const chain = { client: local.client, governor: deployment.contracts.governor as Address }
    const { proposal } = await submitProposal(chain, local.wallet(people.alice), other.draft)
    await local.mine((await readProposal(chain, proposal.id)).snapshot + 1)
    await castVote(chain, local.wallet(people.alice), proposal.id, 'for')
    await local.mine((await readProposal(chain, proposal.id)).deadline + 1)
    await queueProposal(chain, local.wallet(people.alice), proposal)
    const draft = await built(draftText(fee, `proposer: "${people.alice.address}"\n`), await contextOf(local, deployment))
    expect(await failures(draft)).toEqual(['pending-items'])
  })

  test('the arithmetic of the packed MultiSend is that of Safe', () => {
    expect(size(encodePacked(['uint8', 'address', 'uint256', 'uint256'], [0, zero, 0n, 0n]))).toBe(85)
  })
})
