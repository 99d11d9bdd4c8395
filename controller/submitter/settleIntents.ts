import { TransactionReceiptNotFoundError } from 'viem'
import type { SubmitterContext } from './submitIntent.ts'

/**
 * Closes intents that a former process left open, when the chain already shows how they ended: mined or reverted, or past the time in which they could
 * have had an effect. The others stay open for the tick that they belong to.
 */
export async function settleIntents({ client, store, log }: Pick<SubmitterContext, 'client' | 'store' | 'log'>): Promise<void> {
  const open = store.openIntents()
  if (open.length === 0) return
  const { timestamp } = await client.getBlock({ blockTag: 'latest' })
  for (const intent of open) {
    let status: 'success' | 'reverted' | undefined
    for (const { hash } of store.attempts(intent.key)) {
      try {
        status = (await client.getTransactionReceipt({ hash })).status
        break
      } catch (error) {
        if (!(error instanceof TransactionReceiptNotFoundError)) throw error
      }
    }
    const stage = status === 'success' ? 'mined' : status === 'reverted' || Number(timestamp) > intent.validUntil ? 'failed' : 'open'
    if (stage !== 'open') store.saveIntent({ ...intent, stage, detail: 'settled at the start of a later process' })
    log.info({ intent: intent.key, stage }, 'intent found')
  }
}
