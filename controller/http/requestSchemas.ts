import { z } from 'zod'
import type { Address, Hash, ScopeId } from '../../risk/types/index.ts'
import { surfaceDocument } from '../poster/surfaceDocument.ts'

/** A value that a regular expression decides, with the same expression for the published schema. */
export const matching = <Value extends string>(expression: RegExp, problem: string) =>
  z
    .custom<Value>((value) => typeof value === 'string' && expression.test(value), problem)
    .meta({ type: 'string', pattern: expression.source })

export const hashSchema = matching<Hash>(/^0x[0-9a-f]{64}$/, 'must be 32 bytes as lower-case hex')
export const addressSchema = matching<Address>(/^0x[0-9a-fA-F]{40}$/, 'must be an address')
export const scopeSchema = matching<ScopeId>(/^(protocol|market|asset|group):.{1,31}$/, 'must be a scope')
export const timeSchema = z.int().min(0).describe('Seconds.')
export const signatureSchema = z.strictObject({
  signer: addressSchema,
  data: matching<`0x${string}`>(/^0x([0-9a-f]{2}){1,2000}$/, 'must be hex'),
})

export const signRequestSchema = z.strictObject({
  scope: scopeSchema,
  observedAt: timeSchema,
  snapshot: hashSchema,
  digest: hashSchema,
  engine: hashSchema,
})
export const noticeSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('signed'), scope: scopeSchema, digest: hashSchema, signatures: z.array(signatureSchema).max(32) }),
  z.strictObject({ kind: z.literal('accepted'), scope: scopeSchema, observedAt: timeSchema }),
  z.strictObject({ kind: z.literal('passed'), scope: scopeSchema, observedAt: timeSchema }),
])
export const cosignRequestSchema = z.strictObject({ scope: scopeSchema, digest: hashSchema, cosign: signatureSchema })
export const surfaceRequestSchema = z.strictObject({ surface: surfaceDocument })
