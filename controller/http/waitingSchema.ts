import { z } from 'zod'
import { addressSchema, hashSchema, matching, scopeSchema, signatureSchema, timeSchema } from './requestSchemas.ts'

const count = z
  .int()
  .min(0)
  .max(2 ** 32 - 1)
const value = z.int().min(0).describe('Stored value, in the unit of the parameter.')

const adjustmentSchema = z.strictObject({
  scope: scopeSchema,
  epoch: count,
  round: count,
  observedAt: timeSchema,
  validUntil: timeSchema,
  items: z
    .array(z.strictObject({ id: matching<string>(/^[!-~]{1,31}$/, 'must be the id of a parameter'), expected: value, value }))
    .max(16),
  impactNotional: matching<string>(/^\d{1,39}$/, 'must be a whole number').describe('USD with 18 decimals.'),
  impactAccounts: count,
  snapshot: hashSchema,
  engine: hashSchema,
  configuration: hashSchema,
  report: hashSchema,
})

/** Text for a terminal: no control characters, which could draw over what stands there. */
const words = z
  .string()
  .max(80)
  .regex(/^\P{Cc}*$/u)
/** The report, as far as a reader of the list needs it. */
const reportSchema = z.looseObject({
  recommendations: z.array(
    z.looseObject({
      id: words,
      target: value.nullable(),
      terms: z.array(z.strictObject({ name: words, value: z.number(), unit: words })),
      outcome: z.looseObject({ kind: z.enum(['move', 'hold']) }),
      clips: z.array(z.looseObject({ bound: words, to: value })),
    }),
  ),
})

/** What `GET /v1/rounds/waiting` answers: every round that this engine holds back for a steward, with all that the digest is made of. */
export const waitingSchema = z.strictObject({
  engine: addressSchema.describe('Who answers; requests for documents are signed for it.'),
  rounds: z.array(
    z.strictObject({
      adjustment: adjustmentSchema,
      digest: hashSchema,
      signatures: z.array(signatureSchema).max(32).describe('Of the engines.'),
      need: z.enum(['lane', 'impact']).describe('The lane is on probation, or the stated impact is above its limit.'),
      waitSeconds: z.number().min(0).describe('How much longer this engine waits; the round may be sent until `validUntil`.'),
      report: reportSchema.describe('The document behind `adjustment.report`: targets with their terms, clips, impact.'),
    }),
  ),
})
/** The answer as JSON has it. */
export type WaitingAnswer = z.infer<typeof waitingSchema>
