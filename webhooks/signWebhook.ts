import { createHmac } from 'node:crypto'

/** Names of the headers of a delivery. */
export const webhookHeaders = {
  id: 'ballast-webhook-id',
  timestamp: 'ballast-webhook-timestamp',
  signature: 'ballast-webhook-signature',
} as const

/** HMAC-SHA256 over id, timestamp and body, joined by dots: none of them can be exchanged. */
export function webhookDigest(secret: Uint8Array, id: string, timestamp: number, body: string): Buffer {
  return createHmac('sha256', secret).update(`${id}.${timestamp}.${body}`).digest()
}

/**
 * Headers that prove a delivery: one signature for each live secret, so that sender and receivers can change secrets at different times.
 *
 * @param timestamp - Seconds; that of the attempt, so that a late retry is still young.
 */
export function signWebhook(secrets: readonly Uint8Array[], id: string, timestamp: number, body: string): Record<string, string> {
  return {
    [webhookHeaders.id]: id,
    [webhookHeaders.timestamp]: String(timestamp),
    [webhookHeaders.signature]: secrets.map((secret) => `v1=${webhookDigest(secret, id, timestamp, body).toString('hex')}`).join(' '),
  }
}
