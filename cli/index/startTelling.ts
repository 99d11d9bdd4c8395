import { existsSync, readFileSync } from 'node:fs'
import type { Index } from '../../indexer/sync/applyRange.ts'
import { collectEvents } from '../../indexer/webhooks/collectEvents.ts'
import { createDeliverer, openOutbox, parseWebhookSettings, type WebhookSettings } from '../../webhooks/index.ts'
import { CliError, notFoundError } from '../kit/CliError.ts'
import type { CommandContext } from '../kit/defineCommand.ts'
import type { Terminal } from '../kit/Terminal.ts'

/** An index that tells endpoints what happens. */
export type Telling = {
  /** Puts what the index has learnt into the outbox. */
  readonly collect: () => void
  /** Ends after the attempts that are on their way. */
  readonly stop: () => Promise<void>
}

const INTERVAL_MILLISECONDS = 1_000

/** @throws {CliError} The file is missing or not JSON. @throws {WebhookSettingsError} */
export function readWebhookSettings(file: string, { environment }: Pick<Terminal, 'environment'>): WebhookSettings {
  if (!existsSync(file)) throw notFoundError(`There is no file ${file}.`, 'docs/webhooks.md shows one.')
  let input: unknown
  try {
    input = JSON.parse(readFileSync(file, 'utf8'))
  } catch (cause) {
    throw new CliError('configuration', `${file} is not JSON.`, '', { file }, { cause })
  }
  return parseWebhookSettings(input, environment)
}

/**
 * Opens the outbox and delivers it until the signal.
 *
 * @throws {OutboxError} It cannot be opened.
 */
export function startTelling(
  index: Index,
  { endpoints, confirmations }: WebhookSettings,
  path: string,
  { output, signal }: Pick<CommandContext, 'output' | 'signal'>,
): Telling {
  const outbox = openOutbox(path)
  const deliverer = createDeliverer({
    outbox,
    endpoints,
    now: () => Math.floor(Date.now() / 1_000),
    onFailure: ({ endpoint, event, why, nextAt }) =>
      output.warn(`webhook ${endpoint}: ${event}: ${why}; ${nextAt === null ? 'given up' : 'tried again later'}`),
  })
  const stopping = new AbortController()
  // A full disk must not stop the index; what it has not told it finds again from its mark.
  const failed = (error: unknown): void => output.warn(`webhooks: ${error instanceof Error ? error.message : String(error)}`)
  const running = deliverer
    .run({ signal: AbortSignal.any([signal, stopping.signal]), intervalMilliseconds: INTERVAL_MILLISECONDS })
    .catch(failed)
  return {
    collect: () => {
      try {
        collectEvents({ index, outbox, endpoints, confirmations })
      } catch (error) {
        failed(error)
      }
    },
    async stop() {
      stopping.abort()
      await running
      outbox.close()
    },
  }
}
