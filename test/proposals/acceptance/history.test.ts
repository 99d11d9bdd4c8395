import { concatHex, encodeFunctionData, type Hex, zeroHash } from 'viem'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { ContractRevertError } from '../../../chain/errors/index.ts'
import { riskParametersAbi, timelockAbi } from '../../../chain/generated/index.ts'
import { encodeParamId, encodeScopeId } from '../../../chain/ids/index.ts'
import type { LocalChain } from '../../../chain/local/index.ts'
import { simulateCall } from '../../../chain/write/index.ts'
import type { BuildContext, BuiltDraft } from '../../../proposals/actions/index.ts'
import { deployPostConditions } from '../../../proposals/conditions/index.ts'
import { type EncodedProposal, encodeProposal } from '../../../proposals/encode/index.ts'
import { castVote, executeProposal, queueProposal, readProposal, submitProposal } from '../../../proposals/lifecycle/index.ts'
import { diffStates, flattenState } from '../../../proposals/state/index.ts'
import type { Action, Address, Deployment, ProposalDraft } from '../../../risk/types/index.ts'
import { people } from '../../chain/support.ts'
import { altered, built, contextOf, draftText, examined, failedChecks, governedChain, postConditions } from '../pipelineSupport.ts'

const proposer = `proposer: "${people.alice.address}"\n`
const setValues = (lines: string): string => draftText(`  - do: setValues\n    scope: market:ETH\n    values:\n${lines}`, proposer)

describe('failures of other protocols, rebuilt on our contracts', () => {
  let local: LocalChain
  let deployment: Deployment
  let context: BuildContext
  let start: Hex
  beforeAll(async () => {
    ;({ local, deployment } = await governedChain())
    await deployPostConditions(local.client, local.wallet(people.alice), postConditions)
    start = await local.snapshot()
  }, 60_000)
  afterAll(() => local.close())
  beforeEach(async () => {
    await local.revert(start)
    start = await local.snapshot()
    context = await contextOf(local, deployment)
  })

  const chain = () => ({ client: local.client, governor: deployment.contracts.governor as Address })
  /** Passed by a vote, queued, and due. */
  const due = async (draft: ProposalDraft): Promise<EncodedProposal> => {
    const { proposal } = await submitProposal(chain(), local.wallet(people.alice), draft)
    await local.mine((await readProposal(chain(), proposal.id)).snapshot + 1)
    await castVote(chain(), local.wallet(people.alice), proposal.id, 'for')
    await local.mine((await readProposal(chain(), proposal.id)).deadline + 1)
    await queueProposal(chain(), local.wallet(people.alice), proposal)
    await local.mine((await readProposal(chain(), proposal.id)).eta ?? 0)
    return proposal
  }
  const executionFails = async (proposal: EncodedProposal, errorName: string): Promise<void> => {
    const before = flattenState((await contextOf(local, deployment)).state)
    const failure = executeProposal(chain(), local.wallet(people.alice), proposal)
    await expect(failure).rejects.toThrow(ContractRevertError)
    await expect(failure).rejects.toMatchObject({ context: { errorName } })
    expect(diffStates(before, flattenState((await contextOf(local, deployment)).state))).toEqual([])
  }

  test('Moonwell MIP-X43: one value of a bundle is wired wrongly, inside every range; all of it reverts', { timeout: 60_000 }, async () => {
    const draft = await built(setValues('      liquidation.fee: 4 %\n      market.openInterestCap: 40,000 contracts\n'), context)
    const args = [
      encodeScopeId('market:ETH'),
      [encodeParamId('liquidation.fee'), encodeParamId('market.openInterestCap')],
      [400n, 4_000n],
    ] as const
    const wrong: Action = {
      ...(draft.draft.actions[0] as Action),
      data: encodeFunctionData({ abi: riskParametersAbi, functionName: 'setValues', args }),
    }
    const wired: BuiltDraft = altered(draft, { actions: [wrong, draft.draft.actions[1] as Action] })
    expect(failedChecks(await examined(local, context, wired))).toEqual(expect.arrayContaining(['simulation', 'state-diff']))
    await executionFails(await due(wired.draft), 'PostConditions_OutOfRange')
  })

  test('Aave CAPO agent: one of two coupled fields moves without the other; the joint invariant refuses it', {
    timeout: 60_000,
  }, async () => {
    // The liquidation fee may not exceed the scan range, whose new rule cuts it to 5 %.
    const draft = await built(
      setValues('      liquidation.fee: 5.5 %\n').replace(
        'actions:\n',
        `actions:\n  - do: setRules\n    scope: market:ETH\n    rules:\n      margin.priceScanRange:\n        floor: 1 %\n        ceiling: 5 %\n        baseline: 3 %\n        value: 5 %\n`,
      ),
      context,
    )
    expect(failedChecks(await examined(local, context, draft))).toContain('joint-invariants')
  })

  test('Tornado Cash: the code at a target is another one when the vote has passed; nothing of it is done', {
    timeout: 60_000,
  }, async () => {
    const target: Address = '0x3000000000000000000000000000000000000003'
    await local.request('hardhat_setCode', [target, '0x6001600055'])
    const code = await context.codeHashOf(target)
    const text = `${setValues('      liquidation.fee: 4 %\n')}  - do: call\n    target: "${target}"\n    abi: function harmless()\n    args: []\n    codeHash: "${code}"\n`
    const proposal = await due((await built(text, context)).draft)
    await local.request('hardhat_setCode', [target, '0x600260005560036001'])
    await executionFails(proposal, 'PostConditions_CodeChanged')
  })

  test('Sonne: an open executor cannot run the steps of a proposal in an order of its own', { timeout: 60_000 }, async () => {
    const draft = await built(
      draftText(
        `  - do: list\n    contents: SOL\n  - do: openMandate\n    scope: market:SOL\n    mode: live\n    expires: 2020-09-01\n`,
        proposer,
      ),
      context,
    )
    const proposal = await due(draft.draft)
    for (const action of draft.draft.actions) {
      const args = [action.target, action.value, action.data, zeroHash, zeroHash] as const
      const data = encodeFunctionData({ abi: timelockAbi, functionName: 'execute', args })
      await expect(simulateCall(local.client, { to: deployment.contracts.timelock, data }, people.stranger.address)).rejects.toMatchObject({
        context: { errorName: 'TimelockUnexpectedOperationState' },
      })
    }
    await executeProposal(chain(), local.wallet(people.stranger), proposal)
  })

  test('Compound 117: code that the market cannot read is refused before a vote, and cannot be executed after one', {
    timeout: 60_000,
  }, async () => {
    const meter: Address = '0x4000000000000000000000000000000000000004'
    await local.request('hardhat_setCode', [meter, '0x5f5ffd'])
    const text = draftText(`  - do: setMeter\n    scope: market:ETH\n    meter: "${meter}"\n`, proposer).replace(
      'actions:',
      `conditions:\n  - target: "${meter}"\n    abi: function liquidatedNotional(bytes32 scope) view returns (uint256)\n    args: ["${encodeScopeId('market:ETH')}"]\n    atLeast: "0"\nactions:`,
    )
    const draft = await built(text, context)
    expect(failedChecks(await examined(local, context, draft))).toContain('simulation')
    await executionFails(await due(draft.draft), 'PostConditions_NoAnswer')
  })

  test('the same id cannot be taken by calldata that only looks the same', () => {
    const data = '0x12345678' as Hex
    const draft = (bytes: Hex): ProposalDraft => ({
      schema: 'ballast.draft',
      version: 1,
      title: 'A',
      description: '# A\n\ntext',
      actions: [{ target: people.bob.address, value: 0n, data: bytes, summary: '' }],
    })
    expect(encodeProposal(draft(data)).id).not.toBe(encodeProposal(draft(concatHex([data, '0x00']))).id)
  })
})
