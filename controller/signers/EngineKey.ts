import type { TransactionSerializableEIP1559 } from 'viem'
import type { Hex, Signer } from '../../risk/types/index.ts'

/** The key of one engine: signs rounds and peer requests by digest, and its own transactions. It never shows the key itself. */
export type EngineKey = Signer & { readonly signTransaction: (transaction: TransactionSerializableEIP1559) => Promise<Hex> }
