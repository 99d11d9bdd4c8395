import { z } from 'zod'

/** Everything that is told, and what each kind means. Those of an engine come from its daemon, all others from the index. */
export const webhookEventTypes = {
  'parameter.changed': 'A value was written: by a round, a vote, a steward, the dead-man, or an undo.',
  'rule.changed': 'A rule came into force, began to wait, or was cancelled.',
  'loosening.pending': 'A loosening waits for its veto window.',
  'loosening.executed': 'A loosening that waited is in force.',
  'loosening.vetoed': 'A loosening that waited was vetoed.',
  'loosening.ended': 'A loosening that waited ended otherwise: voided, replaced, overwritten, revoked or expired; `status` says which.',
  'round.accepted': 'The mandate accepted a round; `outcome` says what became of it.',
  'item.rejected': 'An item of a round or of an emergency tightening was rejected; `code` and `limit` say why.',
  'lane.changed': 'A lane was opened, changed its mode or settings, was held, or got a meter.',
  'mandate.expiring': 'The mandate of a scope ends within 21 days.',
  'mandate.expired': 'The mandate of a scope has ended: its rounds revert.',
  'engines.changed': 'Other engines sign, or the epoch was revoked.',
  'steward.acted': 'A steward tightened, undid or restricted.',
  'guardian.appointed': 'The guardian or its term changed.',
  'role.changed': 'A role was granted or revoked.',
  'proposal.created': 'A proposal was submitted.',
  'proposal.queued': 'A proposal passed and waits in the timelock.',
  'proposal.executed': 'A proposal was executed.',
  'proposal.ended': 'A proposal ended without execution: canceled, defeated or expired; `state` says which.',
  'chain.reorganised':
    'Blocks that were told of were taken back: events of this chain after block `to` are void, and are told anew where they happened again.',
  'engine.missed': 'A tick of an engine led to no accepted round.',
  'engine.halted': 'An engine held its work: stale data, a stopped lane, or a mandate that has ended.',
  'engine.recovered': 'The first accepted round of an engine after a tick that was missed or halted.',
} as const

export type WebhookEventType = keyof typeof webhookEventTypes
export const webhookEventNames = Object.keys(webhookEventTypes) as WebhookEventType[]

/** Body of a webhook. */
export const webhookEventSchema = z.strictObject({
  schema: z.literal('ballast.event'),
  version: z.literal(1),
  id: z.string().min(1).max(200).describe('The same in every delivery of this event: receivers drop what they have seen.'),
  type: z.enum(webhookEventNames as [WebhookEventType, ...WebhookEventType[]]),
  chain: z
    .string()
    .regex(/^eip155:\d+$/)
    .describe('CAIP-2.'),
  /** When it happened: chain time, or the engine's tick. */
  time: z.int().min(0).describe('Seconds.'),
  block: z.int().min(0).nullable().describe('Block of the event, or by which it was known; null for what is told of a clock or an engine.'),
  transaction: z
    .string()
    .regex(/^0x[0-9a-f]{64}$/)
    .nullable(),
  data: z.record(z.string(), z.json()).describe('Fields by type; docs/webhooks.md. Integers beyond 2^53 are decimal text.'),
})

export type WebhookEvent = z.infer<typeof webhookEventSchema>
