import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { type ClearingDeployment, parseClearingDeployment } from '../../chain/clearing/index.ts'
import { WrongChainError } from '../../chain/errors/index.ts'
import type { CommandContext } from '../kit/defineCommand.ts'
import { projectRoot } from './projectRoot.ts'
import { readJson } from './readJson.ts'

/**
 * Clearing on top of a protocol: `--clearing`, else `<chain id>.clearing.json` beside the protocol's addresses; null without either.
 *
 * @throws {CliError} The file that was named is missing or malformed. {WrongChainError} It is of another chain.
 */
export function findClearing(
  { clearing, deployment }: { readonly clearing?: string; readonly deployment?: string },
  chainId: number,
  { terminal }: Pick<CommandContext, 'terminal'>,
): ClearingDeployment | null {
  const folder = deployment === undefined ? join(projectRoot, 'deployments') : dirname(resolve(terminal.folder, deployment))
  const file = clearing === undefined ? join(folder, `${chainId}.clearing.json`) : resolve(terminal.folder, clearing)
  if (clearing === undefined && !existsSync(file)) return null
  const found = parseClearingDeployment(readJson(file, 'ballast.clearingDeployment', 1))
  if (found.chainId !== chainId) throw new WrongChainError({ got: chainId, expected: found.chainId })
  return found
}
