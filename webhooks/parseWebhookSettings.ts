import { z } from 'zod'
import { parseWebhooks, type WebhookEndpoint, webhookEndpointsSchema } from './parseWebhooks.ts'
import { WebhookSettingsError } from './WebhookErrors.ts'

const settingsSchema = z.strictObject({
  schema: z.literal('ballast.webhooks'),
  version: z.literal(1),
  confirmations: z.int().min(0).max(10_000).default(12).describe('Blocks behind the head at which an event is told.'),
  endpoints: webhookEndpointsSchema.min(1),
})

export type WebhookSettings = { readonly confirmations: number; readonly endpoints: readonly WebhookEndpoint[] }

/**
 * The settings of an index that tells.
 *
 * @throws {WebhookSettingsError} With every problem of the file, or the first of its URLs and secrets.
 */
export function parseWebhookSettings(input: unknown, env: Readonly<Record<string, string | undefined>>): WebhookSettings {
  const parsed = settingsSchema.safeParse(input)
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'the file'}: ${message}`)
    throw new WebhookSettingsError({
      what: 'the webhook settings',
      got: `wrong (${problems.join('; ')})`,
      limit: 'as docs/webhooks.md says',
    })
  }
  const { confirmations, endpoints } = parsed.data
  return { confirmations, endpoints: parseWebhooks(endpoints, env) }
}
