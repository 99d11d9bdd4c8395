import { join } from 'node:path'
import { type Abi, BaseError, ContractFunctionRevertedError, type Hex, keccak256, parseEventLogs, stringToHex, zeroAddress } from 'viem'
import { decodeEntry, decodePending, decodeRule, decodeState, encodeInvariant, encodeRule, encodeSpec } from '../../../chain/codec/index.ts'
import { readArtifact } from '../../../chain/deploy/artifacts.ts'
import { riskParametersAbi } from '../../../chain/generated/index.ts'
import { decodeParamId, decodeScopeId, encodeParamId, encodeScopeId, toCode } from '../../../chain/ids/index.ts'
import { type LocalChain, startLocalChain } from '../../../chain/local/index.ts'
import type { RoundResult } from '../../../risk/rules/index.ts'
import {
  type Catalogue,
  type Item,
  type LiveParameter,
  type ParameterEntry,
  type ParamId,
  type Rejection,
  rejections,
  type ScopeId,
  type UnixSeconds,
  writers,
} from '../../../risk/types/index.ts'
import type { Operation } from './randomRounds.ts'

/** What a call did: the store's own error, or its result. */
export type ContractOutcome =
  | { readonly kind: 'reverted'; readonly error: string; readonly args: readonly (string | number)[] }
  | {
      readonly kind: 'done'
      readonly result: RoundResult | null
      readonly rejected: readonly { readonly id: ParamId; readonly code: Rejection; readonly limit: number }[]
    }

/** The real contract on a chain inside this process, as the differential test drives it. */
export type ContractStore = {
  readonly chain: LocalChain
  readonly call: (operation: Operation, time: UnixSeconds) => Promise<ContractOutcome>
  readonly read: (id: ParamId) => Promise<LiveParameter>
  readonly history: (id: ParamId, length: number) => Promise<ParameterEntry[]>
}

export type StoreSettings = {
  readonly catalogue: Catalogue
  readonly scope: ScopeId
  readonly contents: readonly { readonly id: ParamId; readonly rule: LiveParameter['rule']; readonly value: number }[]
  readonly ruleDelay: number
  readonly undoWindow: number
  readonly executionGrace: number
  readonly genesis: UnixSeconds
}

const artifacts = join(import.meta.dirname, '../../../artifacts')
const GAS = 12_000_000n

/** Deploys the store with one account as the DAO and all modules, and activates the scope at `genesis`. */
export async function deployContractStore(settings: StoreSettings): Promise<ContractStore> {
  const chain = await startLocalChain({ initialTime: settings.genesis - 1 })
  const wallet = chain.wallet()
  const { abi, bytecode } = readArtifact(artifacts, 'RiskParameters')
  await chain.mine(settings.genesis)
  const { catalogue, ruleDelay, undoWindow, executionGrace } = settings
  const deployment = await wallet.deployContract({
    abi: abi as Abi,
    bytecode: bytecode as Hex,
    args: [
      wallet.account.address,
      catalogue.parameters.map(encodeSpec),
      catalogue.invariants.map(encodeInvariant),
      ruleDelay,
      undoWindow,
      executionGrace,
    ],
    gas: 16_000_000n,
  })
  const address = (await chain.client.getTransactionReceipt({ hash: deployment })).contractAddress ?? zeroAddress
  const scope = encodeScopeId(settings.scope)

  const send = async (functionName: string, args: readonly unknown[]): Promise<ContractOutcome> => {
    const request = { address, abi: riskParametersAbi as Abi, functionName, args, account: wallet.account, gas: GAS }
    try {
      const { result } = await chain.client.simulateContract(request)
      const hash = await wallet.writeContract({ ...request, chain: chain.chain })
      const { logs, status } = await chain.client.getTransactionReceipt({ hash })
      if (status !== 'success') throw new Error(`${functionName} succeeded in simulation and reverted on chain`)
      const rejected = parseEventLogs({ abi: riskParametersAbi, logs, eventName: 'ItemRejected' }).map(({ args: { id, code, limit } }) => ({
        id: decodeParamId(id),
        code: rejections[code]!,
        limit: Number(limit),
      }))
      return { kind: 'done', result: functionName === 'applyRound' ? (result as RoundResult) : null, rejected }
    } catch (error) {
      const reverted = error instanceof BaseError ? error.walk((each) => each instanceof ContractFunctionRevertedError) : null
      if (!(reverted instanceof ContractFunctionRevertedError) || reverted.data === undefined) throw error
      const { errorName, args: errorArgs = [], abiItem } = reverted.data
      const inputs = abiItem.type === 'error' ? abiItem.inputs : []
      return { kind: 'reverted', error: errorName, args: errorArgs.map((arg, i) => plain(inputs[i]?.name ?? '', arg)) }
    }
  }
  const must = async (functionName: string, args: readonly unknown[]): Promise<void> => {
    const outcome = await send(functionName, args)
    if (outcome.kind === 'reverted') throw new Error(`${functionName} reverted: ${outcome.error}(${outcome.args.join(', ')})`)
  }
  for (const role of ['MANDATE_ROLE', 'STEWARDS_ROLE', 'VETO_ROLE'])
    await must('grantRole', [keccak256(stringToHex(role)), wallet.account.address])
  await must('activateScope', [
    scope,
    settings.contents.map(({ id }) => encodeParamId(id)),
    settings.contents.map(({ rule }) => encodeRule(rule)),
    settings.contents.map(({ value }) => BigInt(value)),
  ])

  // Naming the block makes a read run at that block's time.
  const read = async (functionName: 'stateOf' | 'ruleOf' | 'pendingOf', id: ParamId): Promise<never> => {
    const blockNumber = await chain.client.getBlockNumber()
    return chain.client.readContract({
      address,
      abi: riskParametersAbi,
      functionName,
      args: [scope, encodeParamId(id)],
      blockNumber,
    }) as Promise<never>
  }
  return {
    chain,
    call: async (operation, time) => {
      await chain.mine(time)
      return send(...encodeOperation(operation, scope))
    },
    read: async (id) => ({
      id,
      rule: decodeRule(await read('ruleOf', id)),
      state: decodeState(await read('stateOf', id)),
      pending: decodePending(await read('pendingOf', id)),
    }),
    history: (id, length) =>
      Promise.all(
        Array.from({ length }, async (_, i) =>
          decodeEntry(
            await chain.client.readContract({
              address,
              abi: riskParametersAbi,
              functionName: 'entry',
              args: [scope, encodeParamId(id), i],
            }),
          ),
        ),
      ),
  }
}

function encodeOperation(operation: Operation, scope: Hex): [string, readonly unknown[]] {
  switch (operation.kind) {
    case 'round':
      return [
        'applyRound',
        [scope, operation.items.map(encodeItem), { ...operation.context, writer: toCode(writers, operation.context.writer) }],
      ]
    case 'setValues':
      return ['setValues', [scope, operation.values.map(({ id }) => encodeParamId(id)), operation.values.map(({ value }) => BigInt(value))]]
    case 'setRules':
      return [
        'setRules',
        [
          scope,
          operation.settings.map(({ id }) => encodeParamId(id)),
          operation.settings.map(({ rule }) => encodeRule(rule)),
          operation.settings.map(({ value }) => BigInt(value)),
        ],
      ]
    case 'restrict':
      return ['restrict', [scope, encodeParamId(operation.id), encodeRule(operation.rule)]]
    case 'undo':
      return ['undo', [scope, encodeParamId(operation.id), operation.entry]]
    case 'execute':
      return ['executeLoosening', [scope, encodeParamId(operation.id), operation.epoch]]
    case 'veto':
      return ['veto', [scope, encodeParamId(operation.id), zeroAddress]]
    case 'walk':
    case 'activateRule':
    case 'cancelRule':
      return [operation.kind, [scope, encodeParamId(operation.id)]]
  }
}

function encodeItem({ id, expected, value }: Item): object {
  return { id: encodeParamId(id), expected: BigInt(expected), value: BigInt(value) }
}

/** An argument of an error as the twin shows it. */
function plain(name: string, arg: unknown): string | number {
  if (name === 'scope') return decodeScopeId(arg as Hex)
  if (name === 'id' || name === 'previous') return /^0x0+$/.test(String(arg)) ? '' : decodeParamId(arg as Hex)
  if (name === 'code') return rejections[Number(arg)]!
  return Number(arg)
}
