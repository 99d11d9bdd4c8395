import { dirname, resolve } from 'node:path'
import type { Address, Catalogue } from '../../risk/types/index.ts'
import { openCatalogue } from '../context/openCatalogue.ts'
import { type Node, openNode } from '../context/openNode.ts'
import type { CommandContext } from '../kit/defineCommand.ts'
import type { ChainOptions } from '../kit/options.ts'

/** A node with what acts are told in; `token` is null where the DAO has no votes of its own. */
export type ActNode = Node & { readonly token: Address | null; readonly catalogue: Catalogue }

/** @throws {CliError} No file holds the catalogue of the deployment. */
export async function openActNode(options: ChainOptions, context: Pick<CommandContext, 'terminal' | 'output'>): Promise<ActNode> {
  const node = await openNode(options, context)
  const beside = options.deployment === undefined ? [] : [dirname(resolve(context.terminal.folder, options.deployment))]
  return { ...node, token: node.deployment.contracts.token, catalogue: openCatalogue(node.deployment, beside) }
}
