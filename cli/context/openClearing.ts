import { join, resolve } from 'node:path'
import { type ClearingDeployment, parseClearingDeployment } from '../../chain/clearing/index.ts'
import { WrongChainError } from '../../chain/errors/index.ts'
import type { CommandContext } from '../kit/defineCommand.ts'
import type { ChainOptions } from '../kit/options.ts'
import { openClient } from './openNode.ts'
import { projectRoot } from './projectRoot.ts'
import { readJson } from './readJson.ts'

export type ClearingOptions = ChainOptions & { readonly clearing?: string }

/** A node and the contracts of clearing on its chain. */
export type ClearingNode = Awaited<ReturnType<typeof openClient>> & { readonly deployment: ClearingDeployment }

/**
 * Connects to a node and reads where clearing lives: `--clearing`, else deployments/<chain id>.clearing.json.
 *
 * @throws {CliError} As {@link openClient}, or the file is missing. {WrongChainError} It is of another chain.
 */
export async function openClearing(options: ClearingOptions, context: Pick<CommandContext, 'terminal' | 'output'>): Promise<ClearingNode> {
  const node = await openClient(options, context)
  const file =
    options.clearing === undefined
      ? join(projectRoot, 'deployments', `${node.chainId}.clearing.json`)
      : resolve(context.terminal.folder, options.clearing)
  const hint = 'Name the file of addresses with --clearing.'
  const deployment = parseClearingDeployment(readJson(file, 'ballast.clearingDeployment', 1, hint))
  if (deployment.chainId !== node.chainId) throw new WrongChainError({ got: node.chainId, expected: deployment.chainId })
  return { ...node, deployment }
}
