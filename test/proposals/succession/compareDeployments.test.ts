import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { LocalChain } from '../../../chain/local/index.ts'
import { readBlock } from '../../../chain/read/index.ts'
import { deployPostConditions } from '../../../proposals/conditions/index.ts'
import { buildSetRole, buildSetValues } from '../../../proposals/draft/index.ts'
import { passLocally } from '../../../proposals/lifecycle/index.ts'
import { compareDeployments } from '../../../proposals/succession/index.ts'
import type { Action, Address, Deployment } from '../../../risk/types/index.ts'
import { catalogue, people, value } from '../../chain/support.ts'
import { built, contextOf, draftText, governedChain, postConditions } from '../pipelineSupport.ts'

describe('compareDeployments', () => {
  let local: LocalChain
  let predecessor: Deployment
  let successor: Deployment
  let handedOver: bigint
  const failing = async (block?: bigint): Promise<string[]> => {
    const checks = await compareDeployments(local.client, catalogue, { predecessor, successor, ...(block !== undefined && { block }) })
    expect(checks.length).toBeGreaterThanOrEqual(7)
    return checks.filter(({ holds }) => !holds).map(({ subject }) => subject)
  }
  /** A call by the DAO's timelock, without the vote. */
  const byDao = async ({ target: to, data }: Action): Promise<void> => {
    const { timelock: from } = predecessor.contracts
    await local.request('hardhat_impersonateAccount', [from])
    await local.fund(from, 10n ** 18n)
    await local.request('eth_sendTransaction', [{ from, to, data }])
  }
  beforeAll(async () => {
    ;({ local, deployment: predecessor, successor } = await governedChain())
    await deployPostConditions(local.client, local.wallet(people.alice), postConditions)
  }, 60_000)
  afterAll(() => local.close())

  test('before the hand-over: says what the successor lacks, and that the old one is in force', async () => {
    expect(await failing()).toEqual([
      'active scopes',
      'guardian',
      'stewards',
      'lane of market:ETH',
      'old store: modules that can write',
      'old mandate: engines',
      'old mandate: market:ETH takes rounds',
    ])
  })

  test('at the hand-over: everything holds, with a loosening and a tightening in the same second', {
    timeout: 60_000,
  }, async () => {
    const { draft } = await built(
      draftText('  - do: handOver\n    successor: successor.json\n'),
      await contextOf(local, predecessor, successor),
    )
    const set = buildSetValues(predecessor, 'market:ETH', {
      'margin.priceScanRange': value(2_000),
      'market.openInterestCap': value(45_000),
    })
    await passLocally({
      local,
      governor: predecessor.contracts.governor as Address,
      proposer: people.alice,
      voters: [people.alice, people.bob],
      reason: '',
      drafts: [{ ...draft, actions: [set, ...draft.actions] }],
    })
    handedOver = (await readBlock(local.client)).number
    expect(await failing()).toEqual([])
  })

  test('after a write to the successor: names it, and still holds at the block of the hand-over', async () => {
    await byDao(buildSetValues(successor, 'market:ETH', { 'liquidation.fee': value(310) }))
    expect(await failing()).toEqual([
      'market:ETH liquidation.fee: value, budgets, timers',
      'market:ETH liquidation.fee: veto, undo, windows of the history',
    ])
    expect(await failing(handedOver)).toEqual([])
  })

  test('a module that could write to the old store again is named', async () => {
    const snapshot = await local.snapshot()
    await byDao(buildSetRole(predecessor, 'stewards', predecessor.contracts.riskStewards, true))
    expect(await failing()).toContain('old store: modules that can write')
    await local.revert(snapshot)
  })
})
