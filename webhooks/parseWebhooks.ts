import { z } from 'zod'
import { assertWebhookUrl } from './assertWebhookUrl.ts'
import { WebhookSettingsError } from './WebhookErrors.ts'
import { type WebhookEventType, webhookEventNames } from './WebhookEvent.ts'

/** Variables that hold the secrets begin with this, and end with the name of the endpoint. */
export const WEBHOOK_SECRET_PREFIX = 'BALLAST_WEBHOOK_SECRET_'

/** Where events go, as written in a configuration; secrets are in the environment. */
export const webhookEndpointsSchema = z
  .array(
    z.strictObject({
      name: z
        .string()
        .regex(/^[a-z][a-z0-9-]{0,30}$/)
        .describe('Names the endpoint; its secret is in BALLAST_WEBHOOK_SECRET_<NAME>.'),
      url: z.url().describe('Receiver: https, or http on this machine.'),
      events: z
        .array(z.enum(webhookEventNames as [WebhookEventType, ...WebhookEventType[]]))
        .min(1)
        .nullable()
        .default(null)
        .describe('Types that are sent; null for all.'),
    }),
  )
  .max(20)

export type WebhookEndpoint = {
  readonly name: string
  readonly url: string
  /** Null for all. */
  readonly events: readonly WebhookEventType[] | null
  /** One or two; the newest first. */
  readonly secrets: readonly Uint8Array[]
}

/**
 * Endpoints with their secrets.
 *
 * @param env - `BALLAST_WEBHOOK_SECRET_<NAME>`: 32 bytes as hex, or two of them with a comma between while they are changed.
 * @throws {WebhookSettingsError} A name is there twice, a URL is not allowed, or a secret is missing or malformed; its value is not shown.
 */
export function parseWebhooks(
  endpoints: z.infer<typeof webhookEndpointsSchema>,
  env: Readonly<Record<string, string | undefined>>,
): WebhookEndpoint[] {
  const names = endpoints.map(({ name }) => name)
  const twice = names.find((name, i) => names.indexOf(name) !== i)
  if (twice !== undefined) throw new WebhookSettingsError({ what: `the webhook name ${twice}`, got: 'there twice', limit: 'unique' })
  return endpoints.map(({ name, url, events }) => {
    assertWebhookUrl(url)
    return { name, url, events, secrets: readSecrets(name, env) }
  })
}

function readSecrets(name: string, env: Readonly<Record<string, string | undefined>>): Uint8Array[] {
  const variable = `${WEBHOOK_SECRET_PREFIX}${name.toUpperCase().replaceAll('-', '_')}`
  const parts = (env[variable] ?? '').split(',').map((part) => part.trim())
  const limit = '32 bytes as hex, or two of them with a comma between'
  if (parts.length > 2) throw new WebhookSettingsError({ what: variable, got: `${parts.length} secrets`, limit })
  if (!parts.every((part) => /^[0-9a-fA-F]{64}$/.test(part)))
    throw new WebhookSettingsError({ what: variable, got: env[variable] === undefined ? 'not set' : 'something else', limit })
  return parts.map((part) => Buffer.from(part, 'hex'))
}
