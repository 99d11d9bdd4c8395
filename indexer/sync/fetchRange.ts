import { getAbiItem, getAddress, type PublicClient, toEventSelector } from 'viem'
import { MissingDataError, withChainErrors } from '../../chain/errors/index.ts'
import { riskParametersAbi } from '../../chain/generated/index.ts'
import { chainedTopics, decodeLink, fetchLogs, mapConcurrently, type RawLog } from '../../chain/read/index.ts'
import type { Address, Deployment, Hash, UnixSeconds } from '../../risk/types/index.ts'
import { UntrueNodeError } from '../store/IndexErrors.ts'
import { canAppend, emittersOf, topics } from './emitters.ts'

/** Number, hash and time of a block as the node gives it. */
export type Header = { readonly number: number; readonly hash: Hash; readonly time: UnixSeconds }

/** The logs of a range of blocks, all of one chain, with the headers of the blocks they are in. */
export type FetchedRange = {
  /** The last block of the range. */
  readonly end: Header
  readonly logs: readonly RawLog[]
  readonly headers: ReadonlyMap<number, Header>
  /** Modules that can append, those of the range included. */
  readonly modules: readonly Address[]
}

/** Topics that are asked for: what is handled, and every link of the hash chain, so that none is missed without notice. */
const asked: readonly Hash[] = [...new Set([...topics, ...chainedTopics])]

const roleChanged = toEventSelector(getAbiItem({ abi: riskParametersAbi, name: 'RoleChanged' }))

/**
 * A block by number, or the latest.
 *
 * @throws {MissingDataError} The node answers null, or a block without number or hash.
 */
export async function readHeader(client: PublicClient, number?: number): Promise<Header> {
  const block = await withChainErrors(() =>
    client
      .getBlock(number === undefined ? { blockTag: 'latest' } : { blockNumber: BigInt(number) })
      .catch((error: Error) => (error.name === 'BlockNotFoundError' ? null : Promise.reject(error))),
  )
  const what = number === undefined ? 'its latest block' : `block ${number}`
  if (block === null) throw new MissingDataError({ what, detail: 'it answered null' })
  if (block.hash === null || block.number === null) throw new MissingDataError({ what, detail: 'it answered a pending block' })
  if (number !== undefined && Number(block.number) !== number)
    throw new UntrueNodeError({ what: `the number of block ${number}`, expected: String(number), got: String(block.number) })
  return { number: Number(block.number), hash: block.hash, time: Number(block.timestamp) }
}

/**
 * Reads the logs of `from` to `to` in such a way that they are of one chain: the last block is the same before and after, and each log's block hash
 * is that of the node's block with this number.
 *
 * @param modules - Modules known before the range.
 * @throws {MissingDataError} The node does not deliver what it says exists.
 * @throws {UntrueNodeError} It contradicts itself, as it does during a reorganisation.
 */
export async function fetchRange(
  client: PublicClient,
  deployment: Deployment,
  modules: readonly Address[],
  from: number,
  to: number,
  signal: AbortSignal,
): Promise<FetchedRange> {
  const end = await readHeader(client, to)
  const fetch = (addresses: readonly string[]): Promise<RawLog[]> =>
    fetchLogs(client, {
      addresses: addresses as readonly Address[],
      topics: asked,
      fromBlock: BigInt(from),
      toBlock: BigInt(to),
      span: BigInt(to - from + 1),
      signal,
    })
  const logs = await fetch([...emittersOf(deployment, modules).keys()])
  const known = [...modules]
  // A module that a vote installs inside the range appends from then on: its events have to be fetched, too, and may install another.
  for (let fresh = grantedIn(deployment, logs, known); fresh.length > 0; fresh = grantedIn(deployment, logs, known)) {
    known.push(...fresh)
    const asKnown = new Set([...emittersOf(deployment, modules).keys()])
    const unread = fresh.filter((module) => !asKnown.has(module.toLowerCase()))
    if (unread.length > 0) logs.push(...(await fetch(unread)))
  }
  const sorted = logs
    .map((log) => ({ ...log, address: getAddress(log.address) }))
    .sort((a, b) => Number(a.blockNumber - b.blockNumber) || a.logIndex - b.logIndex)
  const outside = sorted.find(({ blockNumber }) => blockNumber < from || blockNumber > to)
  if (outside !== undefined)
    throw new UntrueNodeError({ what: 'the block of a log', expected: `from ${from} to ${to}`, got: String(outside.blockNumber) })
  const numbers = [...new Set(sorted.map(({ blockNumber }) => Number(blockNumber)))]
  const headers = new Map(await mapConcurrently(numbers, async (number) => [number, await readHeader(client, number)] as const))
  for (const { blockNumber, blockHash } of sorted) assertHash(Number(blockNumber), headers.get(Number(blockNumber))?.hash, blockHash)
  assertHash(to, end.hash, (await readHeader(client, to)).hash)
  return { end, logs: sorted, headers, modules: known }
}

function grantedIn({ contracts }: Deployment, logs: readonly RawLog[], known: readonly Address[]): Address[] {
  const grants = logs
    .filter(({ address, topics: [topic] }) => topic === roleChanged && address.toLowerCase() === contracts.riskParameters.toLowerCase())
    .map(decodeLink)
    .filter(({ args }) => args['granted'] === true && canAppend(args['role'] as Hash))
  const holders = grants.map(({ args }) => getAddress(args['account'] as Address))
  return [...new Set(holders)].filter((holder) => !known.includes(holder))
}

/** @throws {UntrueNodeError} */
export function assertHash(number: number, expected: Hash | undefined, got: Hash): void {
  if (expected !== got) throw new UntrueNodeError({ what: `the hash of block ${number}`, expected: String(expected), got })
}

/** Head of the hash chain at a block. */
export async function readHistoryHead(client: PublicClient, deployment: Deployment, block: number): Promise<{ links: number; head: Hash }> {
  const { riskParameters } = deployment.contracts
  const [head, links] = await withChainErrors(() =>
    client.readContract({ address: riskParameters, abi: riskParametersAbi, functionName: 'head', blockNumber: BigInt(block) }),
  )
  return { links, head }
}
