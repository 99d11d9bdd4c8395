import { hashTypedData } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { encodeAdjustment } from '../../../chain/codec/index.ts'
import { controllerMandateAbi, riskStewardsAbi } from '../../../chain/generated/index.ts'
import { encodeParamId, encodeScopeId } from '../../../chain/ids/index.ts'
import type { LocalChain } from '../../../chain/local/index.ts'
import {
  adjustmentDigest,
  adjustmentTypes,
  domainOf,
  type EmergencyTightening,
  emergencyTighteningDigest,
  encodeEmergencyTightening,
  isSignedBy,
  readDomain,
  undoDigest,
  type Veto,
  vetoDigest,
  vetoTypes,
} from '../../../chain/typed-data/index.ts'
import type { Adjustment, Deployment } from '../../../risk/types/index.ts'
import { deployed, genesis, people, value } from '../support.ts'

const hash = `0x${'ab'.repeat(32)}` as const
const adjustment: Adjustment = {
  scope: 'market:ETH',
  epoch: 3,
  round: 17,
  observedAt: genesis,
  validUntil: genesis + 900,
  items: [
    { id: 'margin.priceScanRange', expected: value(2100), value: value(2600) },
    { id: 'margin.tailWeight', expected: value(7700), value: value(8000) },
  ],
  impactNotional: 123_456_789n * 10n ** 18n,
  impactAccounts: 7,
  snapshot: hash,
  engine: hash,
  configuration: hash,
  report: hash,
}

describe('typed data', () => {
  let local: LocalChain
  let deployment: Deployment
  beforeAll(async () => {
    ;({ local, deployment } = await deployed())
  })
  afterAll(() => local.close())

  test.each(['controllerMandate', 'looseningVeto', 'riskStewards'] as const)(
    'the domain of %s is what the contract reports',
    async (name) => {
      const address = deployment.contracts[name]
      expect(await readDomain(local.client, address)).toEqual(domainOf(name, deployment.chainId, address))
    },
  )

  test.each([
    ['two items', adjustment],
    ['no item: a heartbeat', { ...adjustment, items: [] }],
    ['largest numbers', { ...adjustment, impactNotional: 2n ** 128n - 1n, impactAccounts: 2 ** 32 - 1, validUntil: 2 ** 48 - 1 }],
  ])('the digest of a round equals the contract’s: %s', async (_, round) => {
    const address = deployment.contracts.controllerMandate
    const digest = adjustmentDigest(round, domainOf('controllerMandate', deployment.chainId, address))
    const args = [encodeAdjustment(round)] as const
    expect(await local.client.readContract({ address, abi: controllerMandateAbi, functionName: 'digestOf', args })).toBe(digest)
  })

  test('the digest of an emergency tightening and of an undo equal the contract’s', async () => {
    const address = deployment.contracts.riskStewards
    const domain = domainOf('riskStewards', deployment.chainId, address)
    const at = { address, abi: riskStewardsAbi } as const
    const tightening: EmergencyTightening = {
      scope: 'asset:wETH',
      items: adjustment.items,
      impactNotional: 5n,
      impactAccounts: 1,
      nonce: 4,
      validUntil: genesis,
    }
    const tighten = await local.client.readContract({ ...at, functionName: 'tightenDigest', args: [encodeEmergencyTightening(tightening)] })
    expect(tighten).toBe(emergencyTighteningDigest(tightening, domain))
    const key = [encodeScopeId('market:ETH'), encodeParamId('margin.tailWeight')] as const
    const undo = await local.client.readContract({ ...at, functionName: 'undoDigest', args: [...key, 9] })
    expect(undo).toBe(undoDigest('market:ETH', 'margin.tailWeight', 9, domain))
  })

  test('a key that signs the digest signs the typed data, and ecrecover finds it', async () => {
    const domain = domainOf('controllerMandate', deployment.chainId, deployment.contracts.controllerMandate)
    const digest = adjustmentDigest(adjustment, domain)
    const message = encodeAdjustment(adjustment)
    const signature = await people.engineA.signTypedData({ domain, types: adjustmentTypes, primaryType: 'Adjustment', message })
    expect(await isSignedBy(people.engineA.address, digest, signature)).toBe(true)
    expect(await isSignedBy(people.engineB.address, digest, signature)).toBe(false)
    expect(await isSignedBy(people.engineA.address, digest, '0x1234')).toBe(false)
    const changed = adjustmentDigest({ ...adjustment, impactAccounts: 8 }, domain)
    expect(await isSignedBy(people.engineA.address, changed, signature)).toBe(false)
  })

  test('the digest of a veto is bound to the pending, the voter and the deadline', () => {
    const domain = domainOf('looseningVeto', deployment.chainId, deployment.contracts.looseningVeto)
    const veto: Veto = {
      scope: 'market:ETH',
      id: 'margin.tailWeight',
      createdAt: genesis,
      voter: people.alice.address,
      deadline: genesis + 60,
    }
    const all = [veto, { ...veto, createdAt: genesis + 1 }, { ...veto, voter: people.bob.address }, { ...veto, deadline: genesis }]
    expect(new Set(all.map((one) => vetoDigest(one, domain))).size).toBe(4)
    const message = { ...veto, scope: encodeScopeId(veto.scope), id: encodeParamId(veto.id) }
    expect(vetoDigest(veto, domain)).toBe(hashTypedData({ domain, types: vetoTypes, primaryType: 'Veto', message }))
  })
})
