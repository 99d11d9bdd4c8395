import { encodeFunctionData, type LocalAccount } from 'viem'
import { tradingAbi } from '../../chain/generated/index.ts'
import type { LocalChain } from '../../chain/local/index.ts'
import { domainOf, orderDigest } from '../../chain/typed-data/index.ts'
import type { UnixSeconds } from '../../risk/types/index.ts'
import type { ClearingChain } from './openClearingChain.ts'

/** One side of a trade: an account and the key of its owner. */
export type Trader = { readonly owner: LocalAccount; readonly account: bigint }

const HIGHEST_FEE = 10_000n
const LIFETIME = 3_600
let nonce = 0n

/**
 * Has both sides sign an order of the same size at the same price, and the owner of the chain submit them.
 *
 * @param lots - The taker's, ten-thousandths of a contract; negative sells.
 * @param price - USD per contract with 18 decimals, of a future its price.
 * @throws {ContractRevertError} The venue refuses the trade.
 */
export async function tradeOnChain(
  local: LocalChain,
  { clearing, send }: Pick<ClearingChain, 'clearing' | 'send'>,
  submitter: LocalAccount,
  trade: { readonly taker: Trader; readonly maker: Trader; readonly instrument: bigint; readonly lots: bigint; readonly price: bigint },
): Promise<void> {
  const now: UnixSeconds = await local.time()
  const { trading } = clearing.contracts
  const domain = domainOf('trading', clearing.chainId, trading)
  const signed = async ({ owner, account }: Trader, lots: bigint) => {
    nonce += 1n
    const order = {
      account,
      instrument: trade.instrument,
      lots,
      limitPrice: trade.price,
      maxFee: HIGHEST_FEE,
      nonce: BigInt(now) * 1_000_000n + nonce,
      expiry: now + LIFETIME,
    }
    return [order, (await owner.sign?.({ hash: orderDigest(order, domain) })) ?? '0x'] as const
  }
  const [maker, makerSignature] = await signed(trade.maker, -trade.lots)
  const [taker, takerSignature] = await signed(trade.taker, trade.lots)
  const size = trade.lots < 0n ? -trade.lots : trade.lots
  const args = [maker, taker, size, makerSignature, takerSignature] as const
  await send(submitter, trading, encodeFunctionData({ abi: tradingAbi, functionName: 'trade', args }))
}
