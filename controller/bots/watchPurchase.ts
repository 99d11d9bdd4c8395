import { TransactionReceiptNotFoundError } from 'viem'
import { parsePurchase, readOffer } from '../../chain/clearing/index.ts'
import type { Intent } from '../store/EngineStore.ts'
import type { LiquidatorContext } from './LiquidatorContext.ts'

/**
 * What the submitter asks before every send of a purchase: whether all of it is still on offer. The contract cuts a purchase to what is left, and a part might not pay for the gas. For any other intent, nothing.
 *
 * @returns As {@link submitIntent} takes it: a sentence when the purchase is to be dropped.
 */
export function watchPurchase(
  { deployment, submitter: { client, store } }: Pick<LiquidatorContext, 'deployment' | 'submitter'>,
  intent: Pick<Intent, 'key' | 'to' | 'data'>,
): () => Promise<string | null> {
  const order = parsePurchase(deployment, intent)
  if (order === null) return async () => null
  const isMined = async (): Promise<boolean> => {
    for (const { hash } of store.attempts(intent.key)) {
      try {
        await client.getTransactionReceipt({ hash })
        return true
      } catch (error) {
        if (!(error instanceof TransactionReceiptNotFoundError)) throw error
      }
    }
    return false
  }
  return async () => {
    const offer = await readOffer(client, deployment.contracts.vault, order.account, order.token)
    if (offer !== null && offer.amount >= order.amount) return null
    // What is missing may be what this very purchase took.
    return (await isMined()) ? null : 'Less is on offer than the purchase asks for.'
  }
}
