import { encodeFunctionData } from 'viem'
import type { Address, Hex, RoundSignature } from '../../risk/types/index.ts'
import { encodeSignatures } from '../codec/index.ts'
import { chainsAbi, surfaceOracleAbi } from '../generated/index.ts'
import { encodeSurface, type SurfaceToSign } from '../typed-data/index.ts'
import type { Call } from '../write/index.ts'

/** Anyone, with k signatures. */
export function buildPostSurface(surfaceOracle: Address, surface: SurfaceToSign, signatures: readonly RoundSignature[]): Call {
  const args = [encodeSurface(surface), encodeSignatures(signatures)] as const
  return { to: surfaceOracle, data: encodeFunctionData({ abi: surfaceOracleAbi, functionName: 'post', args }) }
}

/** Without proof: whoever has lodged the bond, with k signatures. */
export function buildPostLadder(chains: Address, chain: number, words: Hex, signatures: readonly RoundSignature[]): Call {
  const args = [chain, words, encodeSignatures(signatures)] as const
  return { to: chains, data: encodeFunctionData({ abi: chainsAbi, functionName: 'post', args }) }
}

/** Anyone: posts a ladder and proves its first `entries` entries. */
export function buildPostAndProve(chains: Address, chain: number, words: Hex, entries: number): Call {
  return { to: chains, data: encodeFunctionData({ abi: chainsAbi, functionName: 'postAndProve', args: [chain, words, BigInt(entries)] }) }
}

/** Anyone: goes on with a proof. */
export function buildProve(chains: Address, blob: Address, entries: number): Call {
  return { to: chains, data: encodeFunctionData({ abi: chainsAbi, functionName: 'prove', args: [blob, BigInt(entries)] }) }
}

/** Anyone: strikes a live ladder out that has a false word. */
export function buildChallenge(chains: Address, chain: number, entry: number, word: number): Call {
  const args = [chain, BigInt(entry), BigInt(word)] as const
  return { to: chains, data: encodeFunctionData({ abi: chainsAbi, functionName: 'challenge', args }) }
}
