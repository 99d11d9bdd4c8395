import { keccak256, type PublicClient, TransactionNotFoundError, type TransactionReceipt, TransactionReceiptNotFoundError } from 'viem'
import { ContractRevertError, RoundSupersededError, SubmitterOnlyError, toChainError } from '../../chain/errors/index.ts'
import { simulateCall } from '../../chain/write/index.ts'
import { RetryableError } from '../../risk/errors/index.ts'
import type { Clock, Hash, Seconds } from '../../risk/types/index.ts'
import { FeeCapError } from '../errors/ChainErrors.ts'
import type { Log } from '../log/createLog.ts'
import type { EngineKey } from '../signers/EngineKey.ts'
import type { Attempt, EngineStore, Intent, IntentStage } from '../store/EngineStore.ts'
import { type FeePolicy, nextFees } from './fees.ts'
import { classifySendFault, type SendFault } from './sendFault.ts'

export type SubmitterContext = {
  readonly client: PublicClient
  readonly chainId: number
  readonly key: EngineKey
  readonly store: EngineStore
  readonly clock: Clock
  readonly log: Log
  readonly fees: FeePolicy
  /** Blocks, the one with the transaction included, after which it counts as mined. */
  readonly confirmations: number
  /** Between two looks at the chain. */
  readonly pollSeconds: Seconds
  /** A transaction not mined after this long is replaced with a higher fee. */
  readonly replaceAfterSeconds: Seconds
  /** Seconds on a clock that only rises. */
  readonly elapsed: () => number
  readonly signal: AbortSignal
}

export type SubmitResult =
  | { readonly kind: 'mined'; readonly receipt: TransactionReceipt; readonly attempt: Attempt }
  /** The effect is there, or can no longer be had, through somebody else. */
  | { readonly kind: 'superseded'; readonly detail: string }
  | { readonly kind: 'reverted'; readonly error: ContractRevertError; readonly hash: Hash | null }
  | { readonly kind: 'expired' }

/**
 * Does what an intent says exactly once or not at all, however often this process dies on the way.
 *
 * The intent is stored first, each signed transaction before it is broadcast, so a restart broadcasts the same bytes again. The nonce is the chain's count of mined
 * transactions of this key: one transaction is in flight at a time, a later intent replaces what a dead one left behind, and two transactions with
 * different nonces cannot both have the effect, because the contracts refuse a round number or a pending loosening the second time.
 *
 * @param settled - Looks at the chain: a sentence when the effect is already there or impossible, else null.
 */
export async function submitIntent(
  context: SubmitterContext,
  intent: Intent,
  settled: () => Promise<string | null>,
): Promise<SubmitResult> {
  const { store, log, clock } = context
  if (store.intent(intent.key) === undefined) store.saveIntent(intent)
  log.debug({ intent: intent.key }, 'intent stored')
  const close = (stage: IntentStage, detail: string): void => store.saveIntent({ ...intent, stage, detail })
  const flight: Flight = { sentAt: Number.NEGATIVE_INFINITY, underpriced: false }
  for (;;) {
    context.signal.throwIfAborted()
    try {
      const result = await step(context, intent, settled, flight)
      if (result !== undefined) {
        close(stageOf(result), detailOf(result))
        return result
      }
    } catch (error) {
      const known = toChainError(error)
      if (!isTemporary(known)) throw known
      log.warn({ intent: intent.key, error: known }, 'send waits')
    }
    await clock.sleep(context.pollSeconds, context.signal)
  }
}

type Flight = { sentAt: number; underpriced: boolean }

/** A superseded round is settled at the next look; one that only submitters may send opens to everyone later. */
function isTemporary(error: unknown): boolean {
  return error instanceof RetryableError || error instanceof SubmitterOnlyError || error instanceof RoundSupersededError
}

/** One look at the chain and at most one act. */
async function step(
  context: SubmitterContext,
  intent: Intent,
  settled: () => Promise<string | null>,
  flight: Flight,
): Promise<SubmitResult | undefined> {
  const found = await findMined(context, intent)
  if (found === 'unconfirmed') return undefined
  if (found?.kind === 'mined') return found
  // A transaction that reverted because another one of the same round came first is not a failure.
  const done = await settled()
  if (done !== null) return { kind: 'superseded', detail: done }
  if (found !== undefined) return found
  const head = await context.client.getBlock({ blockTag: 'latest' })
  if (Number(head.timestamp) > intent.validUntil) return { kind: 'expired' }
  const refused = await act(context, intent, flight, head.baseFeePerGas ?? 0n)
  if (refused !== undefined) return refused
  // Chains that mine at once have the receipt already.
  const now = await findMined(context, intent)
  return now !== 'unconfirmed' && now?.kind === 'mined' ? now : undefined
}

async function act(context: SubmitterContext, intent: Intent, flight: Flight, baseFee: bigint): Promise<SubmitResult | undefined> {
  const { store, client, key, chainId } = context
  const nonce = await client.getTransactionCount({ address: key.address, blockTag: 'latest' })
  const latest = store.attempts(intent.key).at(-1)
  const inFlight = latest !== undefined && latest.nonce >= nonce
  if (inFlight && flight.sentAt === Number.NEGATIVE_INFINITY) {
    // After a restart the same bytes go out once more before anything is replaced.
    flight.sentAt = context.elapsed()
    return noteFault(flight, await broadcast(context, latest))
  }
  if (inFlight && !flight.underpriced && context.elapsed() - flight.sentAt < context.replaceAfterSeconds) {
    return noteFault(flight, await rebroadcastIfDropped(context, latest))
  }
  let gas: bigint
  try {
    await simulateCall(client, intent, key.address)
    // At the latest block: a node's pending state may hold the very transaction that is to be replaced.
    gas = ((await client.estimateGas({ account: key.address, to: intent.to, data: intent.data, blockTag: 'latest' })) * 5n) / 4n
  } catch (error) {
    const known = toChainError(error)
    if (known instanceof ContractRevertError && !isTemporary(known)) return { kind: 'reverted', error: known, hash: null }
    throw known
  }
  let fees: ReturnType<typeof nextFees>
  try {
    fees = nextFees(baseFee, store.attemptsAt(chainId, key.address, nonce), context.fees)
  } catch (error) {
    if (!(error instanceof FeeCapError) || !inFlight) throw error
    context.log.warn({ intent: intent.key, error }, 'fee cap reached')
    return noteFault(flight, await rebroadcastIfDropped(context, latest))
  }
  const raw = await key.signTransaction({
    type: 'eip1559',
    chainId,
    nonce,
    to: intent.to,
    data: intent.data,
    gas,
    maxFeePerGas: fees.maxFee,
    maxPriorityFeePerGas: fees.priorityFee,
  })
  const attempt: Attempt = { hash: keccak256(raw), intent: intent.key, chainId, sender: key.address, nonce, raw, ...fees }
  store.saveAttempt(attempt)
  context.log.debug({ intent: intent.key, transaction: attempt.hash, nonce }, 'transaction stored')
  flight.sentAt = context.elapsed()
  return noteFault(flight, await broadcast(context, attempt))
}

function noteFault(flight: Flight, fault: SendFault | null): undefined {
  flight.underpriced = fault === 'underpriced'
}

async function broadcast(context: SubmitterContext, attempt: Attempt): Promise<SendFault | null> {
  const { intent, hash, nonce, maxFee } = attempt
  try {
    await context.client.sendRawTransaction({ serializedTransaction: attempt.raw })
    context.log.info({ intent, transaction: hash, nonce, maxFeeWei: maxFee.toString() }, 'transaction sent')
    return null
  } catch (error) {
    const fault = classifySendFault(error)
    if (fault === 'insufficientFunds') context.log.error({ intent, account: attempt.sender }, 'account lacks the fee')
    else if (fault !== 'known') context.log.warn({ intent, transaction: hash, fault }, 'node refused the transaction')
    return fault
  }
}

async function rebroadcastIfDropped(context: SubmitterContext, attempt: Attempt): Promise<SendFault | null> {
  try {
    await context.client.getTransaction({ hash: attempt.hash })
    return null
  } catch (error) {
    if (!(error instanceof TransactionNotFoundError)) throw error
    context.log.warn({ intent: attempt.intent, transaction: attempt.hash }, 'transaction dropped')
    return broadcast(context, attempt)
  }
}

/** The mined attempt of an intent: the result once it has its confirmations. */
async function findMined(context: SubmitterContext, intent: Intent): Promise<SubmitResult | 'unconfirmed' | undefined> {
  const { client, store } = context
  for (const attempt of store.attempts(intent.key)) {
    const receipt = await receiptOf(client, attempt.hash)
    if (receipt === undefined) continue
    const head = await client.getBlockNumber({ cacheTime: 0 })
    if (head - receipt.blockNumber + 1n < BigInt(context.confirmations)) return 'unconfirmed'
    if (receipt.status === 'success') return { kind: 'mined', receipt, attempt }
    return { kind: 'reverted', error: await revertReason(context, intent, receipt), hash: attempt.hash }
  }
  return undefined
}

async function receiptOf(client: PublicClient, hash: Hash): Promise<TransactionReceipt | undefined> {
  try {
    return await client.getTransactionReceipt({ hash })
  } catch (error) {
    if (error instanceof TransactionReceiptNotFoundError) return undefined
    throw error
  }
}

/** A receipt does not say why; executing the same call on the block before does. */
async function revertReason(
  { client, key }: SubmitterContext,
  { to, data }: Intent,
  receipt: TransactionReceipt,
): Promise<ContractRevertError> {
  try {
    await simulateCall(client, { to, data }, key.address, receipt.blockNumber)
  } catch (error) {
    if (error instanceof ContractRevertError) return error
  }
  return new ContractRevertError({
    to,
    errorName: null,
    args: {},
    data: '0x',
    sentence: 'It reverted where it was mined, and would succeed now.',
  })
}

function stageOf({ kind }: SubmitResult): IntentStage {
  switch (kind) {
    case 'mined':
      return 'mined'
    case 'superseded':
      return 'superseded'
    case 'reverted':
    case 'expired':
      return 'failed'
  }
}

function detailOf(result: SubmitResult): string {
  switch (result.kind) {
    case 'mined':
      return result.receipt.transactionHash
    case 'superseded':
      return result.detail
    case 'reverted':
      return result.error.message
    case 'expired':
      return 'not mined in its time'
  }
}
