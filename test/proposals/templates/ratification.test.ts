import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { verifyHistory } from '../../../chain/audit/index.ts'
import { applyDeployment } from '../../../chain/deploy/index.ts'
import { controllerMandateAbi, guardianTermAbi, riskParametersAbi } from '../../../chain/generated/index.ts'
import { storeRoles } from '../../../chain/ids/index.ts'
import type { LocalChain } from '../../../chain/local/index.ts'
import { createChainReader } from '../../../chain/read/index.ts'
import { estimateProposeGas, TRANSACTION_GAS_LIMIT } from '../../../proposals/encode/index.ts'
import type { VoteStep } from '../../../proposals/lifecycle/index.ts'
import { passLocally } from '../../../proposals/lifecycle/index.ts'
import { draftRatification, type RatificationPlan } from '../../../proposals/templates/index.ts'
import { parseCatalogue, parseMarket } from '../../../risk/catalogue/index.ts'
import type { Deployment } from '../../../risk/types/index.ts'
import { artifacts, genesis, people, settings, startChain } from '../../chain/support.ts'
import { DAY, delegateAll, laneSettings, plan } from '../support.ts'

const readConfig = (path: string): unknown => JSON.parse(readFileSync(join(import.meta.dirname, '../../../config', path), 'utf8'))
const catalogue = parseCatalogue(readConfig('catalogues/ballast.json'))
const scopes = ['markets/eth.json', 'markets/btc.json', 'groups/main.json'].flatMap(
  (path) => parseMarket(readConfig(path), catalogue).scopes,
)
const shipped: RatificationPlan = {
  ...plan,
  title: 'Ratify the ETH and BTC markets',
  scopes,
  lanes: scopes.map(({ scope }) => ({ scope, mode: 'live' as const, settings: laneSettings })),
}

describe('ratification of the shipped markets', () => {
  let local: LocalChain
  let deployment: Deployment
  let steps: VoteStep[]
  beforeAll(async () => {
    local = await startChain()
    const options = {
      client: local.client,
      deployer: people.deployer,
      settings: { ...settings, catalogue },
      artifacts,
      folder: null,
      confirmations: 1,
    }
    ;({ deployment } = await applyDeployment(options))
    await delegateAll(local, deployment)
    steps = await passLocally({
      local,
      governor: deployment.contracts.governor as `0x${string}`,
      proposer: people.alice,
      voters: [people.alice, people.bob],
      reason: 'ranges fit the crash of March 2020',
      drafts: draftRatification(deployment, catalogue, shipped),
    })
  })
  afterAll(() => local.close())

  test('every step of every proposal is far from the gas limit of a transaction, and below the estimate', () => {
    const drafts = draftRatification(deployment, catalogue, shipped)
    expect(drafts.length).toBeGreaterThan(1)
    const proposed = steps.filter(({ step }) => step === 'proposed')
    expect(proposed).toHaveLength(drafts.length)
    proposed.forEach(({ gasUsed }, i) => {
      const estimate = estimateProposeGas(drafts[i]?.actions ?? [])
      expect(Number(gasUsed), `propose of draft ${i + 1}`).toBeLessThan(estimate)
      expect(Number(gasUsed), `propose of draft ${i + 1}`).toBeGreaterThan(0.7 * estimate)
    })
    for (const { step, gasUsed } of steps) expect(Number(gasUsed), step).toBeLessThan(TRANSACTION_GAS_LIMIT * 0.9)
  })

  test('waits out voting delay, voting period and timelock in seconds', () => {
    const { governance } = settings
    if (governance.kind !== 'new') throw new Error('The test deploys its own governance.')
    const at = (step: VoteStep['step']): number => steps.find((one) => one.step === step)?.time ?? 0
    expect(at('voted') - at('proposed')).toBe(governance.votingDelay + 1)
    expect(at('queued') - at('voted')).toBeGreaterThanOrEqual(governance.votingPeriod - 1)
    expect(at('executed') - at('queued')).toBe(governance.timelockDelay)
  })

  test('every scope holds the configured rules and values, and its lane is live', async () => {
    const reader = createChainReader(local.client, deployment, catalogue)
    for (const { scope, parameters } of scopes) {
      const reading = await reader.readScope(scope)
      expect(reading.lane).toMatchObject({ mode: 'live', epoch: 1, round: 0 })
      expect(reading.parameters.map(({ id, rule, state }) => ({ id, rule, value: state.value }))).toEqual(
        parameters.map(({ id, rule, value }) => ({ id, rule, value })),
      )
    }
  })

  test('engines, steward and guardian are appointed', async () => {
    const { contracts } = deployment
    const [engines, threshold] = await local.client.readContract({
      address: contracts.controllerMandate,
      abi: controllerMandateAbi,
      functionName: 'engines',
    })
    expect([...engines].sort()).toEqual([people.engineA.address, people.engineB.address, people.engineC.address].sort())
    expect(threshold).toBe(2)
    const args = [storeRoles.steward, people.steward.address] as const
    expect(
      await local.client.readContract({ address: contracts.riskParameters, abi: riskParametersAbi, functionName: 'hasRole', args }),
    ).toBe(true)
    const term = { address: contracts.guardianTerm, abi: guardianTermAbi } as const
    expect(await local.client.readContract({ ...term, functionName: 'guardian' })).toBe(people.guardian.address)
    expect(await local.client.readContract({ ...term, functionName: 'termEnd' })).toBe(genesis + 180 * DAY)
  })

  test('the history of the set-up verifies', async () => {
    expect(await verifyHistory(local.client, deployment)).toMatchObject({ historyVerified: true, rangesRespected: true, findings: [] })
  })

  test('voters read every value with its range and unit', () => {
    const [draft] = draftRatification(deployment, catalogue, shipped)
    expect(draft?.description).toMatch(/^# Ratify the ETH and BTC markets \(1 of \d\)\n/)
    for (const { scope } of scopes) expect(draft?.description).toContain(`## ${scope}`)
    expect(draft?.description).toMatch(/\| margin\.priceScanRange \| bps \| 2100 \| 1200 \| 5000 \| 2100 \|/)
    expect(draft?.description.endsWith(`#proposer=${people.alice.address}`)).toBe(true)
  })
})
