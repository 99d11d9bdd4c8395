import { join } from 'node:path'
import type { ChainLog } from '../audit/ChainLog.ts'
import { readChainLog } from '../audit/chainLogFile.ts'
import { fetchChainLog } from '../audit/fetchChainLog.ts'
import { usageError } from '../kit/CliError.ts'
import type { CommandContext } from '../kit/defineCommand.ts'
import type { BlockOption, ChainOptions, RunOption } from '../kit/options.ts'
import { runFiles } from '../run/RunManifest.ts'
import { openNode, rpcUrl } from './openNode.ts'
import { runPath } from './runPath.ts'

/** Options of commands that read the history of a chain, live or recorded. */
export type HistoryOptions = ChainOptions & RunOption & BlockOption

/** The history and where it came from, for people. */
export type OpenedLog = { readonly log: ChainLog; readonly origin: string }

/**
 * The chain's history: from a node when `--rpc` is given (or RPC_URL is set and no `--run`), else from the run folder.
 *
 * @throws {CliError} `--block` with a recorded run, or neither a node nor a run.
 */
export async function openChainLog(options: HistoryOptions, context: CommandContext): Promise<OpenedLog> {
  if (readsNode(options, context)) {
    const node = await openNode(options, context)
    const log = await fetchChainLog(node.client, node.deployment, {
      block: options.block,
      signal: context.signal,
      say: context.output.step,
    })
    return { log, origin: `chain ${node.chainId} at block ${log.until.block}` }
  }
  if (options.block !== undefined) throw usageError('--block needs a chain.', 'Give --rpc <url>; a run folder holds one state.')
  const folder = runPath(options, context)
  context.output.step(`reading ${join(folder, runFiles.chain)}`)
  return { log: readChainLog(join(folder, runFiles.chain)), origin: `run ${folder}` }
}

/** Whether a node is asked: `--rpc` always, RPC_URL only without `--run`. */
export function readsNode(options: ChainOptions & RunOption, context: Pick<CommandContext, 'terminal'>): boolean {
  return options.rpc !== undefined || (options.run === undefined && rpcUrl(options, context) !== undefined)
}
