import { join, resolve } from 'node:path'
import { createPublicClient, http, type PublicClient } from 'viem'
import { RpcUnavailableError, WrongChainError } from '../../chain/errors/index.ts'
import type { Deployment } from '../../risk/types/index.ts'
import { CliError, usageError } from '../kit/CliError.ts'
import type { CommandContext } from '../kit/defineCommand.ts'
import type { ChainOptions } from '../kit/options.ts'
import { projectRoot } from './projectRoot.ts'
import { readJson } from './readJson.ts'

/** A node and the protocol's addresses on its chain. */
export type Node = { readonly client: PublicClient; readonly url: string; readonly chainId: number; readonly deployment: Deployment }

const TIMEOUT_MILLISECONDS = 10_000
/** Chain id of local chains, whose node signs for anybody and whose clock can be moved. */
export const LOCAL = 31_337
const LOCAL_TIMEOUT_MILLISECONDS = 120_000

/** How long one request may take. A local chain may be a copy of another one, which fetches every word of its state when it is first read. */
export function requestTimeoutOf(chainId: number): number {
  return chainId === LOCAL ? LOCAL_TIMEOUT_MILLISECONDS : TIMEOUT_MILLISECONDS
}

/** The endpoint asked for: `--rpc`, else RPC_URL. */
export function rpcUrl(options: ChainOptions, { terminal }: Pick<CommandContext, 'terminal'>): string | undefined {
  return options.rpc ?? (terminal.environment['RPC_URL'] || undefined)
}

/**
 * Connects to a node.
 *
 * @throws {CliError} No endpoint was named, it is no URL, or it serves another chain than `--chain` or CHAIN_ID says.
 * @throws {RpcUnavailableError} It does not answer.
 */
export async function openClient(
  options: ChainOptions,
  context: Pick<CommandContext, 'terminal' | 'output'>,
): Promise<{ readonly client: PublicClient; readonly url: string; readonly chainId: number }> {
  const url = rpcUrl(options, context)
  if (url === undefined) throw usageError('No chain was named.', 'Give --rpc <url> or set RPC_URL.')
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw usageError(`--rpc is ${JSON.stringify(url)}; it must be an http or https URL.`)
  const connect = (timeout: number): PublicClient => createPublicClient({ transport: http(url, { retryCount: 1, timeout }), cacheTime: 0 })
  let chainId: number
  try {
    chainId = await connect(TIMEOUT_MILLISECONDS).getChainId()
  } catch (cause) {
    throw new RpcUnavailableError({ method: 'eth_chainId', detail: `${new URL(url).host} cannot be reached` }, { cause })
  }
  const wanted = options.chain ?? chainFromEnvironment(context.terminal.environment['CHAIN_ID'])
  if (wanted !== undefined && wanted !== chainId) throw new WrongChainError({ got: chainId, expected: wanted })
  context.output.step(`connected to ${new URL(url).host}, chain ${chainId}`)
  return { client: connect(requestTimeoutOf(chainId)), url, chainId }
}

/** As {@link openClient}, with the deployment on that chain. */
export async function openNode(options: ChainOptions, context: Pick<CommandContext, 'terminal' | 'output'>): Promise<Node> {
  const { client, url, chainId } = await openClient(options, context)
  return { client, url, chainId, deployment: readDeployment(options, context, chainId) }
}

/**
 * The protocol's addresses on a chain: `--deployment`, else deployments/<chain id>.json.
 *
 * @throws {CliError} The file is missing. {WrongChainError} It is of another chain.
 */
export function readDeployment(options: ChainOptions, { terminal }: Pick<CommandContext, 'terminal'>, chainId: number): Deployment {
  const file =
    options.deployment === undefined ? join(projectRoot, 'deployments', `${chainId}.json`) : resolve(terminal.folder, options.deployment)
  const deployment = readJson<Deployment>(
    file,
    'ballast.deployment',
    1,
    'Name the file of addresses with --deployment, or deploy first: `ballast deploy plan`.',
  )
  if (deployment.chainId !== chainId) throw new WrongChainError({ got: chainId, expected: deployment.chainId })
  return deployment
}

function chainFromEnvironment(text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value <= 0) throw new CliError('usage', `CHAIN_ID is ${JSON.stringify(text)}; it must be a chain id.`)
  return value
}
