import { readFileSync, writeFileSync } from 'node:fs'
import { CliError } from '../kit/CliError.ts'
import { formatJson } from '../kit/json.ts'
import type { ChainLog, ContractSignature, ProtocolLog, ProtocolTransaction, StoredEntry, StoredValue } from './ChainLog.ts'

type Header = Omit<ChainLog, 'logs' | 'transactions' | 'contractSignatures' | 'entries' | 'values'>
type Line =
  | ({ readonly record: 'chain'; readonly schema: 'ballast.chainLog'; readonly version: 1 } & Header)
  | ({ readonly record: 'log' } & ProtocolLog)
  | ({ readonly record: 'transaction' } & ProtocolTransaction)
  | ({ readonly record: 'contractSignature' } & ContractSignature)
  | ({ readonly record: 'entry' } & StoredEntry)
  | ({ readonly record: 'value' } & StoredValue)

/** The lines of `chain.ndjson`: first the header, then every record in chain order. */
export function formatChainLog(log: ChainLog): string {
  const { logs, transactions, contractSignatures, entries, values, ...header } = log
  const lines: readonly Line[] = [
    { record: 'chain', schema: 'ballast.chainLog', version: 1, ...header },
    ...logs.map((item) => ({ record: 'log' as const, ...item })),
    ...transactions.map((item) => ({ record: 'transaction' as const, ...item })),
    ...contractSignatures.map((item) => ({ record: 'contractSignature' as const, ...item })),
    ...entries.map((item) => ({ record: 'entry' as const, ...item })),
    ...values.map((item) => ({ record: 'value' as const, ...item })),
  ]
  return lines.map((line) => `${formatJson(line)}\n`).join('')
}

/** Writes `chain.ndjson`. */
export function writeChainLog(file: string, log: ChainLog): void {
  writeFileSync(file, formatChainLog(log))
}

/**
 * Reads `chain.ndjson`.
 *
 * @throws {CliError} A line is not JSON or of no known kind, or the header is missing. The content is judged by the audit, not here.
 */
export function readChainLog(file: string): ChainLog {
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line, i) => parseLine(file, line, i + 1))
  const header = lines.find((line) => line.record === 'chain')
  if (header === undefined) throw new CliError('failure', `${file} has no line with record "chain".`, 'Was it cut short? Export it again.')
  return {
    chainId: header.chainId,
    deployment: header.deployment,
    until: header.until,
    head: header.head,
    specs: header.specs,
    logs: lines.filter((line) => line.record === 'log'),
    transactions: lines.filter((line) => line.record === 'transaction'),
    contractSignatures: lines.filter((line) => line.record === 'contractSignature'),
    entries: lines.filter((line) => line.record === 'entry'),
    values: lines.filter((line) => line.record === 'value'),
  }
}

const records = ['chain', 'log', 'transaction', 'contractSignature', 'entry', 'value']

function parseLine(file: string, text: string, line: number): Line {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch (cause) {
    throw new CliError('failure', `${file} line ${line} is not JSON.`, '', { file, line }, { cause })
  }
  const record = (parsed as { readonly record?: unknown } | null)?.record
  if (typeof record !== 'string' || !records.includes(record)) {
    throw new CliError('failure', `${file} line ${line} is no record of a chain log.`, `Known records: ${records.join(', ')}.`, {
      file,
      line,
    })
  }
  return parsed as Line
}
