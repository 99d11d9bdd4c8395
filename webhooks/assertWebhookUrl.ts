import { WebhookSettingsError } from './WebhookErrors.ts'

const loopback = new Set(['localhost', '127.0.0.1', '[::1]'])

/**
 * Events leave this machine encrypted only, and a URL that ends up in logs carries no password.
 *
 * @throws {WebhookSettingsError} It is neither https nor on this machine, or holds a user, a password or a fragment.
 */
export function assertWebhookUrl(text: string): void {
  const refuse = (limit: string): never => {
    throw new WebhookSettingsError({ what: 'the URL of a webhook', got: URL.canParse(text) ? `on ${new URL(text).host}` : 'no URL', limit })
  }
  if (!URL.canParse(text)) refuse('an https URL')
  const { protocol, hostname, username, password, hash } = new URL(text)
  if (protocol !== 'https:' && !(protocol === 'http:' && loopback.has(hostname))) refuse('https, or http on this machine')
  if (username !== '' || password !== '') refuse('without user and password: the signature proves the sender')
  if (hash !== '') refuse('without a fragment, which is never sent')
}
