import type { PublicClient } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { LocalChain } from '../../../chain/local/index.ts'
import { createChainReader, readEntries, readParameter } from '../../../chain/read/index.ts'
import type { Deployment } from '../../../risk/types/index.ts'
import { laneSettings, ratified } from '../../proposals/support.ts'
import { submit } from '../rounds.ts'
import { catalogue, deployed, firstRules } from '../support.ts'

const scope = 'market:ETH'

describe('createChainReader', () => {
  let local: LocalChain
  let deployment: Deployment
  let before: bigint
  beforeAll(async () => {
    ;({ local, deployment } = await deployed())
    await ratified(local, deployment)
    await local.mine((await local.time()) + 3600)
    before = await local.client.getBlockNumber()
    await submit(local, deployment, scope, { 'margin.priceScanRange': 2500, 'liquidation.fee': 290 })
  })
  afterAll(() => local.close())
  const reader = () => createChainReader(local.client, deployment, catalogue)

  test('reads lane, rules, states and pendings of a scope, ids ascending', async () => {
    const { lane, parameters, chainId } = await reader().readScope(scope)
    expect(chainId).toBe(31_337)
    expect(parameters.map(({ id }) => id)).toEqual(['liquidation.fee', 'margin.priceScanRange', 'market.openInterestCap'])
    for (const { id, rule } of parameters) expect(rule).toEqual(firstRules[id]?.rule)
    expect(lane).toMatchObject({ mode: 'live', epoch: 1, round: 1, impactNotionalLimit: laneSettings.impactNotionalLimit })
    expect(parameters[1]?.state).toMatchObject({
      value: 2500,
      effective: 2100,
      historyLength: 2,
      tightenBudgetUsed: 400,
      tightenBudgetBase: 2100,
    })
    expect(parameters[0]?.pending).toMatchObject({ target: 290, round: 1, epoch: 1, historyLength: 1 })
    expect(parameters[1]?.pending).toBeNull()
  })

  test('reads the past as it was: same block, same answer', async () => {
    const past = await reader().readScope(scope, before)
    expect(past.block).toBe(before)
    expect(past.lane.round).toBe(0)
    expect(past.parameters[1]?.state.value).toBe(2100)
    expect(past.parameters[0]?.pending).toBeNull()
  })

  test('the time of a reading is the time of its block', async () => {
    const past = await reader().readScope(scope, before)
    expect(past.time).toBe(Number((await local.client.getBlock({ blockNumber: before })).timestamp))
    expect(await reader().readTime()).toBe(await local.time())
  })

  test('reads one parameter and its entries', async () => {
    expect(await readParameter(local.client, deployment, scope, 'margin.priceScanRange')).toEqual(
      (await reader().readScope(scope)).parameters[1],
    )
    const entries = await readEntries(local.client, deployment, scope, 'margin.priceScanRange')
    expect(entries).toMatchObject([
      { value: 2100, writer: 'governance', reason: 'activation', cumulativeTighten: 0 },
      { value: 2500, writer: 'controller', reason: 'round', round: 1, cumulativeTighten: 400 },
    ])
  })

  test('a scope that is not active is an error that names it', async () => {
    await expect(reader().readScope('market:BTC')).rejects.toMatchObject({
      name: 'ContractRevertError',
      context: { errorName: 'RiskParameters_InactiveScope' },
      message: expect.stringContaining('market:BTC'),
    })
  })

  test('refuses a node of another chain', async () => {
    const other = createChainReader(local.client, { ...deployment, chainId: 10 }, catalogue)
    await expect(other.readScope(scope)).rejects.toMatchObject({ name: 'WrongChainError', context: { got: 31_337, expected: 10 } })
  })

  test('a reorganisation in the middle of the reads is an error, not a mixture', async () => {
    let readings = 0
    const getBlock = async (args: unknown): Promise<unknown> => {
      const block = await (local.client.getBlock as (args: unknown) => Promise<object>)(args)
      readings++
      return readings === 1 ? block : { ...block, hash: `0x${'0f'.repeat(32)}` }
    }
    const client = { ...local.client, getBlock } as unknown as PublicClient
    await expect(createChainReader(client, deployment, catalogue).readScope(scope)).rejects.toMatchObject({ name: 'MissingDataError' })
  })
})
