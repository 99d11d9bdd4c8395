import { type AbiEvent, encodeAbiParameters, encodeEventTopics, encodeFunctionData, getAbiItem, type Hex, keccak256, toHex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { computeHead } from '../../../chain/audit/index.ts'
import { encodeAdjustment, encodeRule } from '../../../chain/codec/index.ts'
import { controllerMandateAbi, riskParametersAbi } from '../../../chain/generated/index.ts'
import { encodeParamId, encodeScopeId } from '../../../chain/ids/index.ts'
import { adjustmentDigest, domainOf } from '../../../chain/typed-data/index.ts'
import type { ChainLog, ProtocolLog, ProtocolTransaction, StoredEntry } from '../../../cli/audit/ChainLog.ts'
import { decodeHistory } from '../../../cli/audit/decodeHistory.ts'
import {
  type Address,
  type Adjustment,
  type Hash,
  type ParameterRule,
  type ParameterValue,
  reasons,
  rejections,
  writers,
} from '../../../risk/types/index.ts'
import { catalogue } from '../../controller/support/market.ts'

const CHAIN_ID = 31_337
const STORE: Address = '0x1111111111111111111111111111111111111111'
const MANDATE: Address = '0x2222222222222222222222222222222222222222'
const NOBODY: Address = '0x0000000000000000000000000000000000000000'
const SCOPE = 'market:ETH'
const IDS = ['market.depth', 'market.openInterestCap', 'market.vegaDepth']
const REJECTED = 'margin.tailWeight'
const START = 1_600_000_000
const HOUR = 3_600
const FIRST_VALUE = 1_000_000_000
const rule = {
  floor: 1,
  ceiling: 2_000_000_000,
  baseline: FIRST_VALUE,
  tightenStepBps: 2_500,
  tightenStepFloor: 1,
  loosenStepBps: 1_000,
  tightenCooldown: 50,
  loosenCooldown: 1_440,
  tightenBudgetBps: 10_000,
  loosenBudgetBps: 2_500,
  loosenWindow: 168,
  vetoHours: 24,
  emergencyStepBps: 2_500,
  emergencyCooldown: 50,
  rampPerHour: 0,
} as ParameterRule

/**
 * A chain log that verifies: one scope, its activation, then `rounds` rounds of three tightenings by two of three engines; in every tenth a fourth item is rejected.
 */
export async function writeHistory(rounds: number): Promise<ChainLog> {
  const engines = [1, 2, 3]
    .map((n) => privateKeyToAccount(toHex(n, { size: 32 })))
    .sort((a, b) => (a.address.toLowerCase() < b.address.toLowerCase() ? -1 : 1))
  const scope = encodeScopeId(SCOPE)
  const logs: ProtocolLog[] = []
  const transactions: ProtocolTransaction[] = []
  const entries: StoredEntry[] = []
  const values = new Map(IDS.map((id) => [id, FIRST_VALUE]))
  const emit = (
    abi: typeof riskParametersAbi | typeof controllerMandateAbi,
    address: Address,
    eventName: string,
    args: Record<string, unknown>,
    block: number,
  ): void => {
    const item = getAbiItem({ abi, name: eventName } as never) as AbiEvent
    const indexed = item.inputs.filter((input) => input.indexed === true)
    const data = item.inputs.filter((input) => input.indexed !== true)
    const all = { ...args, index: logs.length }
    logs.push({
      address,
      topics: [
        ...encodeEventTopics({
          abi: [item],
          eventName,
          args: Object.fromEntries(indexed.map(({ name }) => [name, args[name ?? '']])),
        } as never),
      ] as Hash[],
      data: encodeAbiParameters(
        data,
        data.map(({ name }) => (all as Record<string, unknown>)[name ?? '']),
      ),
      block,
      blockHash: keccak256(toHex(block)),
      time: START + block * HOUR,
      transaction: keccak256(toHex(`transaction ${block}`)),
      logIndex: logs.length,
    })
  }
  const update = (id: string, value: number, block: number, round: number): void => {
    const [previous, writer, reason] = [
      round === 0 ? 0 : values.get(id)!,
      round === 0 ? 'governance' : 'controller',
      round === 0 ? 'activation' : 'round',
    ] as const
    emit(
      riskParametersAbi,
      STORE,
      'ParameterUpdated',
      {
        scope,
        id: encodeParamId(id),
        previous: BigInt(previous),
        value: BigInt(value),
        writer: writers.indexOf(writer),
        reason: reasons.indexOf(reason),
        round,
        caller: MANDATE,
      },
      block,
    )
    values.set(id, value)
    entries.push({
      scope: SCOPE,
      id,
      index: round,
      entry: {
        value: value as ParameterValue,
        time: START + block * HOUR,
        cumulativeLoosenBps: 0,
        cumulativeTighten: FIRST_VALUE - value,
        cumulativeStewardTighten: 0,
        round,
        writer,
        reason,
      },
    } as StoredEntry)
  }
  emit(riskParametersAbi, STORE, 'ScopeActivated', { scope, caller: STORE }, 1)
  for (const id of IDS) {
    emit(riskParametersAbi, STORE, 'RuleSet', { scope, id: encodeParamId(id), rule: encodeRule(rule), caller: STORE }, 1)
    update(id, FIRST_VALUE, 1, 0)
  }
  emit(controllerMandateAbi, MANDATE, 'EnginesChanged', { epoch: 1, threshold: 2, engines: engines.map(({ address }) => address) }, 1)
  for (let round = 1; round <= rounds; round++) {
    const block = round + 1
    const hash = (what: string): Hash => keccak256(toHex(`${what} ${round}`))
    const items = IDS.map((id) => ({ id, expected: values.get(id)! as ParameterValue, value: (values.get(id)! - 1) as ParameterValue }))
    const rejected = round % 10 === 0 ? [{ id: REJECTED, expected: 7_700 as ParameterValue, value: 20_000 as ParameterValue }] : []
    const adjustment: Adjustment = {
      scope: SCOPE,
      epoch: 1,
      round,
      observedAt: START + block * HOUR - 60,
      validUntil: START + block * HOUR + 840,
      items: [...items, ...rejected].sort((a, b) => (a.id < b.id ? -1 : 1)),
      impactNotional: 0n,
      impactAccounts: 0,
      snapshot: hash('snapshot'),
      engine: hash('engine'),
      configuration: hash('configuration'),
      report: hash('report'),
    }
    const digest = adjustmentDigest(adjustment, domainOf('controllerMandate', CHAIN_ID, MANDATE))
    const signatures = await Promise.all(
      engines.slice(0, 2).map(async (engine) => ({ signer: engine.address, data: await engine.sign({ hash: digest }) })),
    )
    for (const id of IDS) update(id, values.get(id)! - 1, block, round)
    if (rejected.length > 0)
      emit(
        riskParametersAbi,
        STORE,
        'ItemRejected',
        {
          scope,
          id: encodeParamId(REJECTED),
          round,
          current: 7_700n,
          proposed: 20_000n,
          code: rejections.indexOf('ceiling'),
          limit: 10_000n,
        },
        block,
      )
    emit(
      controllerMandateAbi,
      MANDATE,
      'RoundAccepted',
      { ...adjustment, scope, digest, applied: IDS.length, pended: 0, rejected: rejected.length, submitter: STORE, cosigner: NOBODY },
      block,
    )
    transactions.push({
      hash: keccak256(toHex(`transaction ${block}`)),
      block,
      from: STORE,
      to: MANDATE,
      input: encodeFunctionData({
        abi: controllerMandateAbi,
        functionName: 'submitRound',
        args: [encodeAdjustment(adjustment), signatures, { signer: NOBODY, data: '0x' as Hex }],
      }),
    })
  }
  const until = { block: rounds + 1, hash: keccak256(toHex(rounds + 1)), time: START + (rounds + 1) * HOUR }
  const log = {
    chainId: CHAIN_ID,
    deployment: {
      schema: 'ballast.deployment',
      version: 1,
      chainId: CHAIN_ID,
      block: '0',
      catalogue: keccak256('0x'),
      contracts: { riskParameters: STORE, controllerMandate: MANDATE },
    } as unknown as ChainLog['deployment'],
    until,
    specs: catalogue.parameters.map(({ unit: _unit, description: _description, ...spec }) => spec),
    logs,
    transactions,
    contractSignatures: [],
    entries,
    values: IDS.map((id) => ({ scope: SCOPE, id, value: values.get(id)!, effective: values.get(id)! })) as ChainLog['values'],
  }
  return { ...log, head: { hash: computeHead(decodeHistory(logs)), count: logs.length } } as ChainLog
}
