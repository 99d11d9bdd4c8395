import { hashTypedData, recoverAddress } from 'viem'
import type { Address, Adjustment, Hash, Hex, Item, ScopeId, UnixSeconds } from '../../risk/types/index.ts'
import { encodeAdjustment, encodeItem } from '../codec/index.ts'
import { encodeParamId, encodeScopeId } from '../ids/index.ts'
import type { Domain } from './domain.ts'

const itemType = [
  { name: 'id', type: 'bytes32' },
  { name: 'expected', type: 'uint64' },
  { name: 'value', type: 'uint64' },
] as const

/** EIP-712 types of a signed round, field by field as in the Solidity struct. */
export const adjustmentTypes = {
  Adjustment: [
    { name: 'scope', type: 'bytes32' },
    { name: 'epoch', type: 'uint32' },
    { name: 'round', type: 'uint32' },
    { name: 'observedAt', type: 'uint48' },
    { name: 'validUntil', type: 'uint48' },
    { name: 'items', type: 'Item[]' },
    { name: 'impactNotional', type: 'uint128' },
    { name: 'impactAccounts', type: 'uint32' },
    { name: 'snapshot', type: 'bytes32' },
    { name: 'engine', type: 'bytes32' },
    { name: 'configuration', type: 'bytes32' },
    { name: 'report', type: 'bytes32' },
  ],
  Item: itemType,
} as const

/** EIP-712 types of a steward's emergency tightening. */
export const emergencyTighteningTypes = {
  EmergencyTightening: [
    { name: 'scope', type: 'bytes32' },
    { name: 'items', type: 'Item[]' },
    { name: 'impactNotional', type: 'uint128' },
    { name: 'impactAccounts', type: 'uint32' },
    { name: 'nonce', type: 'uint32' },
    { name: 'validUntil', type: 'uint48' },
  ],
  Item: itemType,
} as const

/** EIP-712 types of the repair of a bad tightening, signed by a steward and the guardian. */
export const undoTypes = {
  Undo: [
    { name: 'scope', type: 'bytes32' },
    { name: 'id', type: 'bytes32' },
    { name: 'entry', type: 'uint32' },
  ],
} as const

/** A steward's emergency tightening; USD with 18 decimals. */
export type EmergencyTightening = {
  readonly scope: ScopeId
  readonly items: readonly Item[]
  readonly impactNotional: bigint
  readonly impactAccounts: number
  readonly nonce: number
  readonly validUntil: UnixSeconds
}

/** Digest that engines and co-signers sign; equals `ControllerMandate.digestOf`. */
export function adjustmentDigest(adjustment: Adjustment, domain: Domain): Hash {
  return hashTypedData({ domain, types: adjustmentTypes, primaryType: 'Adjustment', message: encodeAdjustment(adjustment) })
}

/** The emergency tightening as the contract reads it. */
export function encodeEmergencyTightening(tightening: EmergencyTightening) {
  return { ...tightening, scope: encodeScopeId(tightening.scope), items: tightening.items.map(encodeItem) }
}

/** Digest that the guardian signs above the impact limit; equals `RiskStewards.tightenDigest`. */
export function emergencyTighteningDigest(tightening: EmergencyTightening, domain: Domain): Hash {
  return hashTypedData({
    domain,
    types: emergencyTighteningTypes,
    primaryType: 'EmergencyTightening',
    message: encodeEmergencyTightening(tightening),
  })
}

/** Digest that steward and guardian sign; equals `RiskStewards.undoDigest`. */
export function undoDigest(scope: ScopeId, id: string, entry: number, domain: Domain): Hash {
  const message = { scope: encodeScopeId(scope), id: encodeParamId(id), entry }
  return hashTypedData({ domain, types: undoTypes, primaryType: 'Undo', message })
}

/** Whether `signer`'s key made this ECDSA signature of `digest`; false for a contract wallet's signature, which only the chain can judge. */
export async function isSignedBy(signer: Address, digest: Hash, signature: Hex): Promise<boolean> {
  try {
    return (await recoverAddress({ hash: digest, signature })).toLowerCase() === signer.toLowerCase()
  } catch {
    return false
  }
}
