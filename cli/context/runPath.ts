import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { notFoundError } from '../kit/CliError.ts'
import type { CommandContext } from '../kit/defineCommand.ts'
import type { RunOption } from '../kit/options.ts'
import { latestRun } from '../run/latestRun.ts'
import { runFiles } from '../run/RunManifest.ts'
import { projectRoot } from './projectRoot.ts'

/**
 * The run folder a command works on: `--run`, else the last run.
 *
 * @throws {CliError} There is none.
 */
export function runPath({ run }: RunOption, { terminal }: Pick<CommandContext, 'terminal'>): string {
  const folder = run === undefined ? latestRun(projectRoot) : resolve(terminal.folder, run)
  if (folder === undefined)
    throw notFoundError('There is no run yet.', 'Start one with `npm start -- --once`, or name a folder with --run or a chain with --rpc.')
  if (!existsSync(join(folder, runFiles.manifest)))
    throw notFoundError(
      `${run ?? folder} is no run folder: it has no ${runFiles.manifest}.`,
      'A run folder is what `npm start` leaves in var/runs.',
    )
  return folder
}
