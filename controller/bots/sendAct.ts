import { ContractRevertError } from '../../chain/errors/index.ts'
import { type Call, simulateCall } from '../../chain/write/index.ts'
import type { Seconds, UnixSeconds, Usd } from '../../risk/types/index.ts'
import { submitIntent } from '../submitter/submitIntent.ts'
import type { LiquidatorAct, LiquidatorContext } from './LiquidatorContext.ts'

/** Seconds in which a transaction is worth mining. */
export const LIFETIME: Seconds = 90

/** Simulates a call, and sends it unless the context says otherwise: stored first, under a key of what it does and when. */
export async function sendAct(
  { client, submitter, send }: LiquidatorContext,
  kind: LiquidatorAct['kind'],
  account: bigint,
  call: Call,
  now: UnixSeconds,
  expectedProfit: Usd | null = null,
): Promise<LiquidatorAct> {
  const about = { kind, account, expectedProfit }
  try {
    await simulateCall(client, call, submitter.key.address)
  } catch (error) {
    if (!(error instanceof ContractRevertError)) throw error
    return { ...about, outcome: 'refused', detail: error.message }
  }
  if (!send) return { ...about, outcome: 'dryRun', detail: 'the simulation succeeds' }
  const intent = { key: `${kind}:${account}:${now}`, stage: 'open', ...call, validUntil: now + LIFETIME, detail: '' } as const
  const result = await submitIntent(submitter, intent, async () => null)
  switch (result.kind) {
    case 'mined':
      return { ...about, outcome: 'sent', detail: result.attempt.hash }
    case 'superseded':
      return { ...about, outcome: 'superseded', detail: result.detail }
    case 'reverted':
      return { ...about, outcome: 'refused', detail: result.error.message }
    case 'expired':
      return { ...about, outcome: 'expired', detail: 'not mined in its time' }
  }
}

/** Intents of a process that was stopped: sent on under their own keys, so that nothing is done twice. */
export async function resumeOpen({ submitter }: Pick<LiquidatorContext, 'submitter'>): Promise<void> {
  for (const intent of submitter.store.openIntents()) await submitIntent(submitter, intent, async () => null)
}
