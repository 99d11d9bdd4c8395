import { CommanderError } from 'commander'
import { ContractRevertError } from '../../chain/errors/index.ts'
import { ConfigError } from '../../controller/errors/ConfigError.ts'
import { BallastError } from '../../risk/errors/index.ts'
import type { Json } from '../../risk/types/index.ts'
import { CliError, type FailureKind } from './CliError.ts'
import { coloursFor } from './colours.ts'
import { type ExitCode, exitCodes } from './exitCodes.ts'
import { type Document, formatJson, toJson } from './json.ts'
import type { Terminal } from './Terminal.ts'

/** The JSON form of a failure, the last line of stderr with `--json`. */
export type ErrorDocument = {
  readonly schema: 'ballast.error'
  readonly version: 1
  readonly error: { readonly code: FailureKind; readonly message: string; readonly hint: string; readonly details: Json }
}

/** Names of errors of lower layers that have an exit code of their own; a subclass of a revert is found by its class. */
const kinds: Readonly<Record<string, FailureKind>> = {
  AbortError: 'interrupted',
  ConfigurationError: 'configuration',
  ConfigError: 'configuration',
  MissingSecretError: 'configuration',
  NoRecordingError: 'notFound',
  UnknownProposalError: 'notFound',
  DraftError: 'checkFailed',
  RpcUnavailableError: 'unavailable',
  MissingDataError: 'unavailable',
  WrongChainError: 'unavailable',
  StaleHeadError: 'unavailable',
  UnavailableError: 'unavailable',
  StaleFeedError: 'unavailable',
  RevertedError: 'reverted',
  TransactionRevertedError: 'reverted',
  RolesNotHandedOverError: 'checkFailed',
  DeploymentMismatchError: 'checkFailed',
  EngineMismatchError: 'checkFailed',
  StoreLockedError: 'locked',
  IndexLockedError: 'locked',
  IndexVersionError: 'configuration',
  OtherIndexError: 'configuration',
  WebhookSettingsError: 'configuration',
  IndexUnavailableError: 'unavailable',
  IndexMovedError: 'unavailable',
  UntrueNodeError: 'unavailable',
}

/** Turns whatever was thrown into a failure with a kind, a message and facts. */
export function toCliError(error: unknown): CliError {
  if (error instanceof CliError) return error
  if (error instanceof CommanderError) {
    const [message = '', suggestion = 'See --help.'] = error.message.split('\n')
    return new CliError('usage', `${capitalised(message.replace(/^error: /, ''))}.`, suggestion.replace(/^\(|\)$/g, ''))
  }
  if (error instanceof ConfigError) return configFailure(error)
  const kind = error instanceof ContractRevertError ? 'reverted' : error instanceof Error ? (kinds[error.name] ?? 'failure') : 'failure'
  return new CliError(kind, error instanceof Error ? error.message : String(error), '', contextOf(error), { cause: error })
}

/**
 * Writes a failure on stderr, for people or, with `--json` or `--ndjson` among the arguments, as one line of JSON.
 *
 * @returns The exit code.
 */
export function reportError(terminal: Terminal, args: readonly string[], error: unknown): ExitCode {
  const failure = toCliError(error)
  if (args.includes('--json') || args.includes('--ndjson')) {
    const document: ErrorDocument = {
      schema: 'ballast.error',
      version: 1,
      error: { code: failure.kind, message: failure.message, hint: failure.hint, details: failure.context },
    }
    terminal.writeError(`${formatJson(document)}\n`)
    return failure.exitCode
  }
  const colours = coloursFor(terminal.errorsAreTerminal, terminal.environment, !args.includes('--no-color'))
  terminal.writeError(`${colours.bad('error:')} ${failure.message}\n`)
  if (failure.hint !== '') terminal.writeError(`${failure.hint}\n`)
  if (args.includes('--verbose')) {
    for (const cause of causes(failure.cause)) terminal.writeError(`${colours.dim(cause.stack ?? `${cause.name}: ${cause.message}`)}\n`)
  }
  return exitCodes[failure.kind]
}

/** All problems of a configuration, a line each. */
function configFailure(error: ConfigError): CliError {
  const { problems } = error.context
  const count = `${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}`
  return new CliError(
    'configuration',
    `The configuration has ${count}.`,
    problems.map(({ path, problem }) => `  ${path}: ${problem}`).join('\n'),
    contextOf(error),
    { cause: error },
  )
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

/** An error and everything that caused it, outermost first. */
function causes(error: unknown): Error[] {
  return error instanceof Error ? [error, ...causes(error.cause)] : []
}

function contextOf(error: unknown): { readonly [key: string]: Json } {
  if (!(error instanceof BallastError)) return {}
  const plain = Object.entries(error.context).map(([key, value]) => [key, plainValue(value)] as const)
  return Object.fromEntries(plain)
}

function plainValue(value: unknown): Json {
  if (value === null || ['string', 'number', 'boolean', 'bigint', 'object'].includes(typeof value)) return toJson(value as Document)
  return String(value)
}
