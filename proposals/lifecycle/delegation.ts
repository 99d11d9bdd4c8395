import { encodeFunctionData, type LocalAccount, type PublicClient, parseSignature } from 'viem'
import { withChainErrors } from '../../chain/errors/index.ts'
import { ballastTokenAbi } from '../../chain/generated/index.ts'
import { readDomain } from '../../chain/typed-data/index.ts'
import type { Call } from '../../chain/write/index.ts'
import type { Address, Hex, UnixSeconds } from '../../risk/types/index.ts'

/** A delegation that its holder signed, and anybody may send. */
export type SignedDelegation = {
  readonly holder: Address
  readonly delegatee: Address
  /** The holder's next nonce on the token. */
  readonly nonce: bigint
  /** Last second in which it counts. */
  readonly expiry: UnixSeconds
  readonly signature: Hex
}

const types = {
  Delegation: [
    { name: 'delegatee', type: 'address' },
    { name: 'nonce', type: 'uint256' },
    { name: 'expiry', type: 'uint256' },
  ],
} as const

/** Makes the caller's tokens count for `delegatee`; without it tokens do not vote. */
export function buildDelegate(token: Address, delegatee: Address): Call {
  return { to: token, data: encodeFunctionData({ abi: ballastTokenAbi, functionName: 'delegate', args: [delegatee] }) }
}

/** Signs a delegation without sending it: the holder needs no ether. */
export async function signDelegation(
  client: PublicClient,
  token: Address,
  holder: LocalAccount,
  delegatee: Address,
  expiry: UnixSeconds,
): Promise<SignedDelegation> {
  const [domain, nonce] = await Promise.all([
    readDomain(client, token),
    withChainErrors(() => client.readContract({ address: token, abi: ballastTokenAbi, functionName: 'nonces', args: [holder.address] })),
  ])
  const message = { delegatee, nonce, expiry: BigInt(expiry) }
  const signature = await holder.signTypedData({ domain, types, primaryType: 'Delegation', message })
  return { holder: holder.address, delegatee, nonce, expiry, signature }
}

/** Sends somebody's signed delegation. The token takes the holder from the signature: a forged one delegates for nobody we know. */
export function buildDelegateBySig(token: Address, { delegatee, nonce, expiry, signature }: SignedDelegation): Call {
  const { r, s, yParity } = parseSignature(signature)
  const args = [delegatee, nonce, BigInt(expiry), 27 + yParity, r, s] as const
  return { to: token, data: encodeFunctionData({ abi: ballastTokenAbi, functionName: 'delegateBySig', args }) }
}
