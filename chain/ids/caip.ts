import { getAddress, isAddress } from 'viem'
import { InvalidInputError } from '../../risk/errors/index.ts'
import type { Address } from '../../risk/types/index.ts'

/** A chain by CAIP-2, for example `eip155:1`. */
export const formatChainId = (chainId: number): string => `eip155:${chainId}`

/** An account by CAIP-10, for example `eip155:1:0x…`. */
export const formatAccountId = (chainId: number, address: Address): string => `${formatChainId(chainId)}:${address}`

/** A token by CAIP-19, for example `eip155:1/erc20:0x…`. */
export const formatTokenId = (chainId: number, address: Address): string => `${formatChainId(chainId)}/erc20:${address}`

/**
 * The address in a CAIP-10 account of this chain, checksummed.
 *
 * @throws {InvalidInputError} It is malformed or of another chain.
 */
export function parseAccountId(chainId: number, text: string): Address {
  const prefix = `${formatChainId(chainId)}:`
  const address = text.slice(prefix.length)
  if (!text.startsWith(prefix) || !isAddress(address, { strict: false }))
    throw new InvalidInputError({ argument: 'account', got: text, limit: `a CAIP-10 account of this chain, ${prefix}0x…` })
  return getAddress(address)
}
