import { createHash } from 'node:crypto'
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Catalogue, Hash } from '../../risk/types/index.ts'
import { formatCsv } from '../kit/csv.ts'
import { isoTime } from '../kit/time.ts'
import { exportCsv } from '../parameters/exportCsv.ts'
import { parameterWrites } from '../parameters/foldParameters.ts'
import { runFiles } from '../run/RunManifest.ts'
import type { ChainLog } from './ChainLog.ts'
import { formatChainLog } from './chainLogFile.ts'
import type { AcceptedRound } from './foldHistory.ts'

/** One file of an export. */
export type ExportedFile = { readonly name: string; readonly bytes: number; readonly sha256: string }

/** `manifest.json`: what was exported, up to which block, and the hash of every file. */
export type ExportManifest = {
  readonly schema: 'ballast.export'
  readonly version: 1
  readonly chainId: number
  readonly fromBlock: string
  readonly toBlock: number
  readonly toBlockHash: Hash
  readonly head: ChainLog['head']
  readonly files: readonly ExportedFile[]
}

/**
 * Writes history and rounds as CSV, the chain log as NDJSON, and a manifest with SHA-256 of every file. With a run folder its stores and configuration come
 * along, so that explain and audit work on the export.
 */
export function writeExport(
  folder: string,
  log: ChainLog,
  rounds: readonly AcceptedRound[],
  catalogue: Catalogue,
  run: string | null,
): ExportManifest {
  mkdirSync(folder, { recursive: true })
  const write = (name: string, text: string): void => writeFileSync(join(folder, name), text)
  write('history.csv', exportCsv(parameterWrites(log), catalogue))
  write('rounds.csv', roundsCsv(rounds))
  write(runFiles.chain, formatChainLog(log))
  if (run !== null) copyRun(run, folder)
  const manifest: ExportManifest = {
    schema: 'ballast.export',
    version: 1,
    chainId: log.chainId,
    fromBlock: log.deployment.block,
    toBlock: log.until.block,
    toBlockHash: log.until.hash,
    head: log.head,
    files: filesOf(folder),
  }
  write('manifest.json', `${JSON.stringify(manifest, null, 2)}\n`)
  return manifest
}

const roundColumns = [
  'scope',
  'round',
  'epoch',
  'observed_at_unix',
  'observed_at_iso',
  'accepted_at_unix',
  'applied',
  'pended',
  'rejected',
  'digest',
  'snapshot',
  'engine',
  'configuration',
  'report',
  'block',
  'transaction',
]

function roundsCsv(rounds: readonly AcceptedRound[]): string {
  const rows = rounds.map((round) => [
    round.scope,
    String(round.round),
    String(round.epoch),
    String(round.observedAt),
    isoTime(round.observedAt),
    String(round.link.time),
    String(round.applied),
    String(round.pended),
    String(round.rejected),
    round.digest,
    round.snapshot,
    round.engine,
    round.configuration,
    round.report,
    round.link.block.toString(),
    round.link.transaction,
  ])
  return formatCsv(roundColumns, rows)
}

/** Everything of a run folder but its logs and locks. The chain log was written afresh. */
function copyRun(run: string, folder: string): void {
  for (const name of listFiles(run)) {
    if (name === runFiles.chain || /\.(log|lock|sqlite-shm)$/.test(name) || existsSync(join(folder, name))) continue
    mkdirSync(join(folder, name, '..'), { recursive: true })
    copyFileSync(join(run, name), join(folder, name))
  }
}

function filesOf(folder: string): ExportedFile[] {
  return listFiles(folder)
    .filter((name) => name !== 'manifest.json')
    .map((name) => {
      const content = readFileSync(join(folder, name))
      return { name, bytes: content.length, sha256: createHash('sha256').update(content).digest('hex') }
    })
}

function listFiles(folder: string, prefix = ''): string[] {
  return readdirSync(join(folder, prefix), { withFileTypes: true })
    .flatMap((entry) => (entry.isDirectory() ? listFiles(folder, `${prefix}${entry.name}/`) : [`${prefix}${entry.name}`]))
    .sort()
}
