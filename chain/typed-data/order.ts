import { hashTypedData } from 'viem'
import type { Hash, UnixSeconds } from '../../risk/types/index.ts'
import type { Domain } from './domain.ts'

/** EIP-712 types of an order that a trader signs, field by field as in the Solidity struct. */
export const orderTypes = {
  Order: [
    { name: 'account', type: 'uint256' },
    { name: 'instrument', type: 'uint64' },
    { name: 'lots', type: 'int256' },
    { name: 'limitPrice', type: 'uint256' },
    { name: 'maxFee', type: 'uint64' },
    { name: 'nonce', type: 'uint256' },
    { name: 'expiry', type: 'uint40' },
  ],
} as const

/** An order to sign. */
export type OrderToSign = {
  /** Owner's address and sub-account: {@link encodeAccountId}. */
  readonly account: bigint
  readonly instrument: bigint
  /** Ten-thousandths of a contract, all that may be filled; negative sells. */
  readonly lots: bigint
  /** USD per contract, 18 decimals, of a future its price: most when buying, least when selling. */
  readonly limitPrice: bigint
  /** Highest `trading.fee` accepted, hundredths of a basis point of notional. */
  readonly maxFee: bigint
  /** Once an order with it is filled or cancelled, no other can use it. */
  readonly nonce: bigint
  /** Last second. */
  readonly expiry: UnixSeconds
}

/** Digest that the account's owner signs; equals `Trading.digestOf`. */
export function orderDigest(order: OrderToSign, domain: Domain): Hash {
  return hashTypedData({ domain, types: orderTypes, primaryType: 'Order', message: order })
}
