import { pino } from 'pino'

/** Constant messages with fields; units are in the names of the fields. */
export type Log = {
  readonly debug: (fields: object, message: string) => void
  readonly info: (fields: object, message: string) => void
  readonly warn: (fields: object, message: string) => void
  readonly error: (fields: object, message: string) => void
}
export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent'

/**
 * One line of JSON per message, on stderr, written before the call returns: what a killed process had said is not lost.
 *
 * @param bound - Fields that every line carries, for example the engine's address.
 */
export function createLog(level: LogLevel, bound: object = {}): Log {
  const options = {
    level,
    base: bound,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
  }
  return pino({ ...options, serializers: { error: describeError } }, pino.destination({ dest: 2, sync: true }))
}

/** Name, sentence, facts and causes of what was thrown. */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return { message: String(error) }
  const context = 'context' in error ? { context: plain(error.context) } : {}
  return { name: error.name, message: error.message, ...context, ...(error.cause !== undefined && { cause: describeError(error.cause) }) }
}

/** Facts as JSON: big integers as decimal strings. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (_key, each: unknown) => (typeof each === 'bigint' ? each.toString() : each)) ?? 'null')
}
