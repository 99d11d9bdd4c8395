import { encodeErrorResult, HttpRequestError, TimeoutError } from 'viem'
import { describe, expect, test } from 'vitest'
import {
  ContractRevertError,
  CosignRequiredError,
  decodeRevert,
  EpochChangedError,
  findRevertData,
  LaneNotOpenError,
  LooseningNotExecutableError,
  RoundExpiredError,
  RoundSupersededError,
  RpcUnavailableError,
  SubmitterOnlyError,
  toChainError,
} from '../../../chain/errors/index.ts'
import { controllerMandateAbi, riskParametersAbi } from '../../../chain/generated/index.ts'
import { encodeParamId, encodeScopeId } from '../../../chain/ids/index.ts'
import { RetryableError } from '../../../risk/errors/index.ts'
import { catalogue, genesis } from '../support.ts'

const scope = encodeScopeId('market:ETH')
const id = encodeParamId('margin.priceScanRange')
const outOfBounds = encodeErrorResult({
  abi: riskParametersAbi,
  errorName: 'RiskParameters_OutOfBounds',
  args: [scope, id, 9000n, 1200n, 5000n],
})

describe('decodeRevert', () => {
  test('names the number that was wrong, its limits, and their unit', () => {
    const error = decodeRevert(outOfBounds, null, catalogue)
    expect(error).toBeInstanceOf(ContractRevertError)
    expect(error.context.errorName).toBe('RiskParameters_OutOfBounds')
    expect(error.context.args).toMatchObject({ value: 9000n, floor: 1200n, ceiling: 5000n })
    expect(error.message).toBe(
      'RiskParameters refused: out of bounds (scope market:ETH, id margin.priceScanRange, value 9000 bps, floor 1200 bps, ceiling 5000 bps).',
    )
  })

  test('shows times as dates and rejections by name', () => {
    const data = encodeErrorResult({
      abi: riskParametersAbi,
      errorName: 'RiskParameters_LooseningRejected',
      args: [scope, id, 9, 2500n],
    })
    expect(decodeRevert(data).message).toContain('code budget')
    const due = encodeErrorResult({ abi: riskParametersAbi, errorName: 'RiskParameters_LooseningNotDue', args: [scope, id, genesis] })
    expect(decodeRevert(due).message).toContain('eta 2020-02-01T00:00:00Z')
  })

  const mandate = (errorName: string, args: readonly unknown[]) =>
    encodeErrorResult({ abi: controllerMandateAbi, errorName, args } as unknown as Parameters<typeof encodeErrorResult>[0])
  test.each([
    [mandate('ControllerMandate_RoundNotNext', [7, 7]), RoundSupersededError],
    [mandate('ControllerMandate_ObservationNotNewer', [genesis, genesis]), RoundSupersededError],
    [mandate('ControllerMandate_Expired', [genesis, genesis + 1]), RoundExpiredError],
    [mandate('ControllerMandate_SubmitterOnly', [`0x${'11'.repeat(20)}`, genesis]), SubmitterOnlyError],
    [mandate('ControllerMandate_CosignRequired', [scope]), CosignRequiredError],
    [mandate('ControllerMandate_LanePaused', [scope]), LaneNotOpenError],
    [mandate('ControllerMandate_MandateExpired', [scope, genesis]), LaneNotOpenError],
    [mandate('ControllerMandate_UnknownEpoch', [1, 2]), EpochChangedError],
    [
      encodeErrorResult({ abi: riskParametersAbi, errorName: 'RiskParameters_LooseningVoid', args: [scope, id] }),
      LooseningNotExecutableError,
    ],
  ])('gives the loop a class to match on (%#)', (data, expected) => {
    expect(decodeRevert(data)).toBeInstanceOf(expected)
  })

  test('keeps bytes that nobody knows, and says so', () => {
    const error = decodeRevert('0xdeadbeef')
    expect(error.context).toMatchObject({ errorName: null, data: '0xdeadbeef' })
    expect(decodeRevert('0x').message).toBe('The contract refused without a reason.')
  })

  test('explains Solidity’s own errors', () => {
    const reason = encodeErrorResult({
      abi: [{ type: 'error', name: 'Error', inputs: [{ name: 'message', type: 'string' }] }],
      args: ['no'],
    })
    expect(decodeRevert(reason).context.errorName).toBe('Error')
  })
})

describe('toChainError', () => {
  test('finds revert bytes however deep the node has put them', () => {
    expect(findRevertData({ cause: { cause: { data: { message: 'x', data: outOfBounds } } } })).toBe(outOfBounds)
    expect(findRevertData(new Error('no'))).toBeUndefined()
  })
  test('an unreachable node is retryable', () => {
    for (const cause of [
      new HttpRequestError({ url: 'http://node.example' }),
      new TimeoutError({ body: {}, url: 'http://node.example' }),
    ]) {
      const error = toChainError(cause)
      expect(error).toBeInstanceOf(RpcUnavailableError)
      expect(error).toBeInstanceOf(RetryableError)
      expect((error as Error).message).not.toContain('node.example')
    }
  })
  test('leaves what it does not understand as it is', () => {
    const error = new Error('something else')
    expect(toChainError(error)).toBe(error)
  })
})
