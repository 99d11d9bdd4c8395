import { type Abi, BaseError, decodeErrorResult, HttpRequestError, LimitExceededRpcError, TimeoutError, toFunctionSelector } from 'viem'
import { BallastError } from '../../risk/errors/index.ts'
import type { Address, Catalogue, Hex } from '../../risk/types/index.ts'
import * as generated from '../generated/index.ts'
import {
  ContractRevertError,
  CosignRequiredError,
  EpochChangedError,
  LaneNotOpenError,
  LooseningNotExecutableError,
  type RevertContext,
  RoundExpiredError,
  RoundSupersededError,
  SubmitterOnlyError,
} from './ContractRevertError.ts'
import { describeRevert } from './describeRevert.ts'
import { RpcUnavailableError } from './NetworkErrors.ts'

type RevertClass = new (context: RevertContext, options?: ErrorOptions) => ContractRevertError

const classes: Readonly<Record<string, RevertClass>> = {
  ControllerMandate_RoundNotNext: RoundSupersededError,
  ControllerMandate_ObservationNotNewer: RoundSupersededError,
  ControllerMandate_Expired: RoundExpiredError,
  ControllerMandate_SubmitterOnly: SubmitterOnlyError,
  ControllerMandate_CosignRequired: CosignRequiredError,
  ControllerMandate_LaneClosed: LaneNotOpenError,
  ControllerMandate_LanePaused: LaneNotOpenError,
  ControllerMandate_MandateExpired: LaneNotOpenError,
  ControllerMandate_UnknownEpoch: EpochChangedError,
  ControllerMandate_NotLive: LooseningNotExecutableError,
  ControllerMandate_HeartbeatStale: LooseningNotExecutableError,
  RiskParameters_NoPendingLoosening: LooseningNotExecutableError,
  RiskParameters_LooseningNotDue: LooseningNotExecutableError,
  RiskParameters_LooseningExpired: LooseningNotExecutableError,
  RiskParameters_LooseningVoid: LooseningNotExecutableError,
  RiskParameters_LooseningRejected: LooseningNotExecutableError,
}

/** The custom errors of all our contracts, each once. */
const errorsAbi: Abi = [
  ...new Map(
    Object.values(generated)
      .flatMap((abi) => [...(abi as Abi)])
      .filter((item) => item.type === 'error')
      .map((item) => [toFunctionSelector(`${item.name}(${item.inputs.map(typeOf).join(',')})`), item] as const),
  ).values(),
]

function typeOf(input: { readonly type: string; readonly components?: readonly unknown[] }): string {
  if (input.components === undefined) return input.type
  return `(${input.components.map((inner) => typeOf(inner as Parameters<typeof typeOf>[0])).join(',')})${input.type.replace('tuple', '')}`
}

/**
 * Revert bytes as a typed error.
 *
 * @param to - Contract that was called, when known.
 * @param catalogue - Gives parameter values their unit in the sentence.
 */
export function decodeRevert(data: Hex, to: Address | null = null, catalogue?: Catalogue, options?: ErrorOptions): ContractRevertError {
  if (data === '0x')
    return new ContractRevertError({ to, errorName: null, args: {}, data, sentence: 'The contract refused without a reason.' }, options)
  try {
    const { errorName, args = [], abiItem } = decodeErrorResult({ abi: errorsAbi, data })
    const inputs = abiItem.type === 'error' ? abiItem.inputs : []
    const named = Object.fromEntries(inputs.map((input, i) => [input.name ?? String(i), args[i]]))
    const context = { to, errorName, args: named, data, sentence: describeRevert(errorName, inputs, args, catalogue) }
    return new (classes[errorName] ?? ContractRevertError)(context, options)
  } catch {
    return new ContractRevertError(
      {
        to,
        errorName: null,
        args: {},
        data,
        sentence: `The contract refused with bytes that no known error explains: ${data.slice(0, 74)}.`,
      },
      options,
    )
  }
}

/** Revert bytes anywhere in the chain of causes of what viem or a node threw; undefined when it is no revert. */
export function findRevertData(error: unknown): Hex | undefined {
  for (let at: unknown = error; typeof at === 'object' && at !== null; at = (at as { cause?: unknown }).cause) {
    const data = (at as { data?: unknown }).data
    if (typeof data === 'string' && /^0x([0-9a-f]{2})*$/i.test(data)) return data as Hex
    const inner = (data as { data?: unknown } | undefined)?.data
    if (typeof inner === 'string' && /^0x([0-9a-f]{2})*$/i.test(inner)) return inner as Hex
  }
  return undefined
}

/** What was thrown while speaking to the chain, as one of our errors: a decoded revert, an unreachable node, or the thing itself. */
export function toChainError(error: unknown, to: Address | null = null, catalogue?: Catalogue): unknown {
  if (error instanceof BallastError) return error
  const data = findRevertData(error)
  if (data !== undefined) return decodeRevert(data, to, catalogue, { cause: error })
  if (!(error instanceof BaseError)) return error
  const network = error.walk(
    (cause) => cause instanceof HttpRequestError || cause instanceof TimeoutError || cause instanceof LimitExceededRpcError,
  )
  if (network === null) return error
  const body = (network as { body?: unknown }).body as { method?: string } | undefined
  return new RpcUnavailableError({ method: body?.method ?? 'a request', detail: (network as BaseError).shortMessage }, { cause: error })
}

/** Runs `act` and throws what {toChainError} makes of its failure. */
export async function withChainErrors<Result>(
  act: () => Promise<Result>,
  to: Address | null = null,
  catalogue?: Catalogue,
): Promise<Result> {
  try {
    return await act()
  } catch (error) {
    throw toChainError(error, to, catalogue)
  }
}
