import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  ContractRevertError,
  LaneNotOpenError,
  LooseningNotExecutableError,
  RoundExpiredError,
  RoundSupersededError,
  SubmitterOnlyError,
} from '../../../chain/errors/index.ts'
import { encodeParamId, encodeScopeId } from '../../../chain/ids/index.ts'
import type { LocalChain } from '../../../chain/local/index.ts'
import { createChainReader } from '../../../chain/read/index.ts'
import { domainOf, undoDigest, vetoTypes } from '../../../chain/typed-data/index.ts'
import {
  buildGuardianStop,
  buildSubmitRound,
  buildUndo,
  buildVeto,
  buildVetoBySig,
  createChainWriter,
  decodeAcceptedRounds,
  decodeReceipt,
  sendCall,
  simulateCall,
} from '../../../chain/write/index.ts'
import type { Deployment, RoundSignature } from '../../../risk/types/index.ts'
import { ratified } from '../../proposals/support.ts'
import { nextRound, signRound, submit } from '../rounds.ts'
import { catalogue, deployed, people } from '../support.ts'

const scope = 'market:ETH'
const id = 'margin.priceScanRange'
const fee = 'liquidation.fee'

describe('createChainWriter', () => {
  let local: LocalChain
  let deployment: Deployment
  let start: `0x${string}`
  beforeAll(async () => {
    ;({ local, deployment } = await deployed())
    await ratified(local, deployment)
    await local.mine((await local.time()) + 3600)
    start = await local.snapshot()
  })
  afterAll(() => local.close())
  // Every test begins right after the ratification.
  const fresh = async (): Promise<void> => {
    await local.revert(start)
    start = await local.snapshot()
  }
  const writerOf = (who: 'engineA' | 'stranger') =>
    createChainWriter({ client: local.client, wallet: local.wallet(people[who]), deployment })
  const state = async (name: string) =>
    (await createChainReader(local.client, deployment, catalogue).readScope(scope)).parameters.find((p) => p.id === name)
  const wait = async (seconds: number): Promise<void> => local.mine((await local.time()) + seconds)

  test('tells of each item whether it was applied, pended or rejected, with numbers', async () => {
    await fresh()
    const { outcomes, block } = await submit(local, deployment, scope, { [id]: 2_500, [fee]: 290, 'market.openInterestCap': 60_000_000 })
    expect(block).toBe(await local.client.getBlockNumber())
    expect(outcomes).toHaveLength(3)
    expect(outcomes).toEqual(
      expect.arrayContaining([
        { kind: 'applied', id, previous: 2_100, value: 2_500 },
        { kind: 'pended', id: fee, previous: 300, target: 290, eta: (await local.time()) + 24 * 3600 },
        { kind: 'rejected', id: 'market.openInterestCap', current: 50_000, proposed: 60_000_000, code: 'ceiling', limit: 100_000 },
      ]),
    )
  })

  test('takes signatures in any order and an empty round as a heartbeat', async () => {
    await fresh()
    const adjustment = await nextRound(local, deployment, scope, {})
    const signatures = await signRound(deployment, adjustment, [people.engineA, people.engineB, people.engineC])
    const receipt = await sendCall(
      local.client,
      local.wallet(people.engineA),
      buildSubmitRound(deployment, adjustment, signatures.reverse(), null),
    )
    expect(decodeReceipt(deployment, receipt).outcomes).toEqual([])
    expect(decodeAcceptedRounds(deployment, receipt.logs)).toMatchObject([{ scope, round: 1, applied: 0, pended: 0, rejected: 0 }])
  })

  test('executes a due loosening, and says before it is due when it will be', async () => {
    await fresh()
    await submit(local, deployment, scope, { [fee]: 290 })
    const { eta } = (await state(fee))?.pending ?? { eta: 0 }
    await expect(writerOf('stranger').executeLoosening(scope, fee)).rejects.toMatchObject({
      name: 'LooseningNotExecutableError',
      context: { errorName: 'RiskParameters_LooseningNotDue', args: { eta } },
    })
    await wait(23 * 3600)
    await submit(local, deployment, scope, {})
    await wait(3600)
    const { outcomes } = await writerOf('stranger').executeLoosening(scope, fee)
    expect(outcomes).toEqual([{ kind: 'applied', id: fee, previous: 300, value: 290 }])
    await expect(writerOf('stranger').executeLoosening(scope, fee)).rejects.toThrow(LooseningNotExecutableError)
  })

  test('gives each envelope fault its class, and sends nothing', async () => {
    await fresh()
    const adjustment = await nextRound(local, deployment, scope, { [id]: 2_500 })
    const sign = (engines = [people.engineA, people.engineB], round = adjustment): Promise<RoundSignature[]> =>
      signRound(deployment, round, engines)
    const nonce = await local.client.getTransactionCount({ address: people.engineA.address })
    const submitOf = async (who: 'engineA' | 'stranger', round = adjustment, signatures?: RoundSignature[]) =>
      writerOf(who).submitRound(round, signatures ?? (await sign(undefined, round)), null)

    await expect(submitOf('stranger')).rejects.toThrow(SubmitterOnlyError)
    await expect(submitOf('engineA', adjustment, await sign([people.engineA]))).rejects.toMatchObject({
      context: { errorName: 'ControllerMandate_TooFewSignatures', args: { given: 1n, threshold: 2n } },
    })
    await expect(submitOf('engineA', adjustment, await sign([people.engineA, people.stranger]))).rejects.toMatchObject({
      context: { errorName: 'ControllerMandate_NotAnEngine' },
    })
    await expect(submitOf('engineA', { ...adjustment, round: 0 })).rejects.toThrow(RoundSupersededError)
    const old = { ...adjustment, observedAt: adjustment.observedAt - 1_000, validUntil: adjustment.observedAt - 100 }
    await expect(submitOf('engineA', old)).rejects.toThrow(RoundExpiredError)
    const garbage = (await sign()).map((signature) => ({ ...signature, data: `0x${'11'.repeat(65)}` as const }))
    await expect(submitOf('engineA', adjustment, garbage)).rejects.toThrow(ContractRevertError)
    expect(await local.client.getTransactionCount({ address: people.engineA.address })).toBe(nonce)
  })

  test('a round that was accepted is superseded when sent again', async () => {
    await fresh()
    const adjustment = await nextRound(local, deployment, scope, { [id]: 2_500 })
    const signatures = await signRound(deployment, adjustment, [people.engineA, people.engineB])
    await writerOf('engineA').submitRound(adjustment, signatures, null)
    await expect(writerOf('engineA').submitRound(adjustment, signatures, null)).rejects.toThrow(RoundSupersededError)
  })

  test('the guardian’s pause closes the lane for rounds', async () => {
    await fresh()
    const stranger = simulateCall(local.client, buildGuardianStop(deployment, scope, 'pause'), people.stranger.address)
    await expect(stranger).rejects.toMatchObject({ context: { errorName: 'ControllerMandate_NotGuardian' } })
    await sendCall(local.client, local.wallet(people.guardian), buildGuardianStop(deployment, scope, 'pause'))
    await expect(submit(local, deployment, scope, {})).rejects.toThrow(LaneNotOpenError)
  })

  test('steward and guardian undo a bad tightening', async () => {
    await fresh()
    await submit(local, deployment, scope, { [id]: 2_500 })
    const digest = undoDigest(scope, id, 1, domainOf('riskStewards', deployment.chainId, deployment.contracts.riskStewards))
    const signature = async (who: 'steward' | 'guardian') => ({
      signer: people[who].address,
      data: (await people[who].sign?.({ hash: digest })) ?? ('0x' as const),
    })
    const call = buildUndo(deployment, scope, id, 1, await signature('steward'), await signature('guardian'))
    const receipt = await sendCall(local.client, local.wallet(people.stranger), call)
    expect(decodeReceipt(deployment, receipt).outcomes).toEqual([{ kind: 'applied', id, previous: 2_500, value: 2_100 }])
  })

  test('the guardian alone, or a holder by signature, vetoes a pending loosening', async () => {
    await fresh()
    await submit(local, deployment, scope, { [fee]: 290 })
    await sendCall(local.client, local.wallet(people.guardian), buildVeto(deployment, scope, fee))
    expect((await state(fee))?.pending).toBeNull()

    await fresh()
    await submit(local, deployment, scope, { [fee]: 290 })
    const createdAt = (await state(fee))?.pending?.createdAt ?? 0
    const veto = { scope, id: fee, createdAt, voter: people.alice.address, deadline: createdAt + 600 } as const
    const domain = domainOf('looseningVeto', deployment.chainId, deployment.contracts.looseningVeto)
    const message = { ...veto, scope: encodeScopeId(scope), id: encodeParamId(fee) }
    const signature = await people.alice.signTypedData({ domain, types: vetoTypes, primaryType: 'Veto', message })
    await sendCall(local.client, local.wallet(people.stranger), buildVetoBySig(deployment, veto, signature))
    expect((await state(fee))?.pending).toBeNull()
    expect((await state(fee))?.state.vetoedUntil).toBeGreaterThan(createdAt)
  })

  test('the caller chooses nonce and fees', async () => {
    await fresh()
    const adjustment = await nextRound(local, deployment, scope, { [id]: 2_500 })
    const signatures = await signRound(deployment, adjustment, [people.engineA, people.engineB])
    const nonce = await local.client.getTransactionCount({ address: people.engineA.address })
    const maxFeePerGas = 30_000_000_000n
    const nextOptions = async () => ({ nonce, maxFeePerGas, maxPriorityFeePerGas: 2n, gas: 2_000_000n })
    const writer = createChainWriter({ client: local.client, wallet: local.wallet(people.engineA), deployment, nextOptions })
    const { hash } = await writer.submitRound(adjustment, signatures, null)
    expect(await local.client.getTransaction({ hash })).toMatchObject({ nonce, maxFeePerGas, maxPriorityFeePerGas: 2n, gas: 2_000_000n })
  })
})
