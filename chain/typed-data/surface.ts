import { hashTypedData } from 'viem'
import type { Hash, Hex, ScopeId, UnixSeconds } from '../../risk/types/index.ts'
import { encodeScopeId } from '../ids/index.ts'
import type { Domain } from './domain.ts'

/** EIP-712 types of a volatility surface, field by field as in the Solidity structs. */
export const surfaceTypes = {
  Surface: [
    { name: 'market', type: 'bytes32' },
    { name: 'epoch', type: 'uint32' },
    { name: 'version', type: 'uint32' },
    { name: 'asOf', type: 'uint48' },
    { name: 'validUntil', type: 'uint48' },
    { name: 'spot', type: 'uint128' },
    { name: 'slices', type: 'Slice[]' },
  ],
  Slice: [
    { name: 'expiry', type: 'uint48' },
    { name: 'a', type: 'int256' },
    { name: 'b', type: 'int256' },
    { name: 'rho', type: 'int256' },
    { name: 'm', type: 'int256' },
    { name: 'sigma', type: 'int256' },
    { name: 'forwardRatio', type: 'uint256' },
  ],
} as const

/** EIP-712 types of a ladder that is posted without proof. */
export const ladderTypes = {
  Ladder: [
    { name: 'chain', type: 'uint32' },
    { name: 'epoch', type: 'uint32' },
    { name: 'version', type: 'uint32' },
    { name: 'words', type: 'bytes' },
  ],
} as const

/** One expiry of a surface to sign: raw SVI and forward over spot, 18 decimals. */
export type SliceToSign = {
  readonly expiry: UnixSeconds
  readonly a: bigint
  readonly b: bigint
  readonly rho: bigint
  readonly m: bigint
  readonly sigma: bigint
  readonly forwardRatio: bigint
}

/** A surface to sign; USD with 18 decimals, expiries strictly ascending. */
export type SurfaceToSign = {
  readonly market: ScopeId
  readonly epoch: number
  readonly version: number
  readonly asOf: UnixSeconds
  readonly validUntil: UnixSeconds
  readonly spot: bigint
  readonly slices: readonly SliceToSign[]
}

/** The surface as the contract reads it. */
export function encodeSurface(surface: SurfaceToSign) {
  return { ...surface, market: encodeScopeId(surface.market) }
}

/** Digest that surface signers sign; equals `SurfaceOracle.digestOf`. */
export function surfaceDigest(surface: SurfaceToSign, domain: Domain): Hash {
  return hashTypedData({ domain, types: surfaceTypes, primaryType: 'Surface', message: encodeSurface(surface) })
}

/** Digest that surface signers sign for a ladder; equals `Chains.digestOf` while `epoch` is the oracle's. */
export function ladderDigest(chain: number, epoch: number, version: number, words: Hex, domain: Domain): Hash {
  return hashTypedData({ domain, types: ladderTypes, primaryType: 'Ladder', message: { chain, epoch, version, words } })
}
