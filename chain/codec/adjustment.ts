import type { ContractFunctionArgs } from 'viem'
import type { Adjustment, Hex, Item, RoundSignature } from '../../risk/types/index.ts'
import type { controllerMandateAbi } from '../generated/index.ts'
import { encodeParamId, encodeScopeId } from '../ids/index.ts'
import { encodeInteger } from './values.ts'

/** `Adjustment` as viem writes it, in calls and in typed data. */
export type AdjustmentStruct = ContractFunctionArgs<typeof controllerMandateAbi, 'view', 'digestOf'>[0]
export type ItemStruct = { readonly id: Hex; readonly expected: bigint; readonly value: bigint }
export type SignatureStruct = { readonly signer: Hex; readonly data: Hex }

export function encodeItem(item: Item): ItemStruct {
  return { id: encodeParamId(item.id), expected: encodeInteger(item.expected), value: encodeInteger(item.value) }
}

/** The signed round, field by field in the order of the Solidity struct. */
export function encodeAdjustment(adjustment: Adjustment): AdjustmentStruct {
  return {
    scope: encodeScopeId(adjustment.scope),
    epoch: adjustment.epoch,
    round: adjustment.round,
    observedAt: adjustment.observedAt,
    validUntil: adjustment.validUntil,
    items: adjustment.items.map(encodeItem),
    impactNotional: adjustment.impactNotional,
    impactAccounts: adjustment.impactAccounts,
    snapshot: adjustment.snapshot,
    engine: adjustment.engine,
    configuration: adjustment.configuration,
    report: adjustment.report,
  }
}

const absent: SignatureStruct = { signer: '0x0000000000000000000000000000000000000000', data: '0x' }

/** A signature for a call; a zero signer where there is none. */
export function encodeSignature(signature: RoundSignature | null): SignatureStruct {
  return signature === null ? absent : { signer: signature.signer, data: signature.data }
}

/** Signatures with signers ascending, as the contract wants them. */
export function encodeSignatures(signatures: readonly RoundSignature[]): SignatureStruct[] {
  return [...signatures].sort((a, b) => (a.signer.toLowerCase() < b.signer.toLowerCase() ? -1 : 1)).map(encodeSignature)
}
