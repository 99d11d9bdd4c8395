import { timingSafeEqual } from 'node:crypto'
import { webhookDigest, webhookHeaders } from './signWebhook.ts'
import { WebhookRefusedError } from './WebhookErrors.ts'
import { type WebhookEvent, webhookEventSchema } from './WebhookEvent.ts'

export type VerifyOptions = {
  /** By lower-case name, as Node gives them. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  /** The bytes as they came, as text; parsed and printed again it would be another body. */
  readonly body: string
  /** Secrets that are in force here: one, and two while they are changed. */
  readonly secrets: readonly Uint8Array[]
  /** Wall clock, seconds. */
  readonly now: number
  /** How old or early a delivery may be, seconds. */
  readonly toleranceSeconds?: number
  /** Whether this id was taken before; without it only the age of a delivery limits a replay. */
  readonly alreadySeen?: (id: string) => boolean
}

const TOLERANCE_SECONDS = 300

/**
 * What a receiver calls before it believes a delivery: the signature is by one of the secrets, over this id, timestamp and body; the timestamp is young; the id was not seen before.
 *
 * @throws {WebhookRefusedError} `code` says which does not hold. `repeated` is answered with 200: the event has arrived.
 */
export function verifyWebhook({ headers, body, secrets, now, toleranceSeconds, alreadySeen }: VerifyOptions): WebhookEvent {
  const header = (name: string): string => {
    const value = headers[name]
    if (typeof value !== 'string') throw new WebhookRefusedError({ code: 'headers', detail: `it has not one header ${name}` })
    return value
  }
  const id = header(webhookHeaders.id)
  const time = header(webhookHeaders.timestamp)
  const signatures = [...header(webhookHeaders.signature).matchAll(/(?:^| )v1=([0-9a-f]{64})(?= |$)/g)].map(([, hex = '']) =>
    Buffer.from(hex, 'hex'),
  )
  if (!/^\d{1,12}$/.test(time)) throw new WebhookRefusedError({ code: 'headers', detail: 'its timestamp is not a number of seconds' })
  const age = Math.abs(now - Number(time))
  const limit = toleranceSeconds ?? TOLERANCE_SECONDS
  if (!(age <= limit))
    throw new WebhookRefusedError({ code: 'clock', detail: `its timestamp is ${age} s from this clock, and the limit is ${limit} s` })
  const good = secrets.some((secret) => {
    const digest = webhookDigest(secret, id, Number(time), body)
    return signatures.some((signature) => timingSafeEqual(signature, digest))
  })
  if (!good) throw new WebhookRefusedError({ code: 'signature', detail: 'no signature is by a secret in force here' })
  const event = parse(body)
  if (event.id !== id) throw new WebhookRefusedError({ code: 'body', detail: `its body is event ${event.id}, its header says ${id}` })
  if (alreadySeen?.(id) === true) throw new WebhookRefusedError({ code: 'repeated', detail: `event ${id} was taken before` })
  return event
}

function parse(body: string): WebhookEvent {
  try {
    return webhookEventSchema.parse(JSON.parse(body))
  } catch (cause) {
    throw new WebhookRefusedError({ code: 'body', detail: 'its body is no event of version 1' }, { cause })
  }
}
