import type { PublicClient } from 'viem'
import { decodeSpec } from '../../chain/codec/index.ts'
import { withChainErrors } from '../../chain/errors/index.ts'
import { riskParametersAbi } from '../../chain/generated/index.ts'
import { decodeParamId, decodeScopeId, storeRoles } from '../../chain/ids/index.ts'
import {
  assertChain,
  chainedTopics,
  decodeLink,
  fetchLogs,
  type RawLog,
  readBlock,
  readEntries,
  readParameter,
} from '../../chain/read/index.ts'
import { RetryableError } from '../../risk/errors/index.ts'
import type { Address, Deployment, Hash, Hex, ParamId, ScopeId, UnixSeconds } from '../../risk/types/index.ts'
import type { ChainLog, ContractSignature, ProtocolLog, ProtocolTransaction, StoredEntry, StoredValue } from './ChainLog.ts'
import { submittedRound } from './checkRound.ts'
import { recoverSigners } from './recoverSigners.ts'

/**
 * Reads everything an audit needs from a node, pinned at one block.
 *
 * @param block - The latest when absent.
 * @param say - Told what is being read.
 * @throws {WrongChainError} The node serves another chain.
 * @throws {RpcUnavailableError} It does not answer.
 */
export async function fetchChainLog(
  client: PublicClient,
  deployment: Deployment,
  options: { readonly block?: bigint | undefined; readonly signal: AbortSignal; readonly say: (text: string) => void },
): Promise<ChainLog> {
  const { signal, say } = options
  await assertChain(client, deployment)
  const pinned = await readBlock(client, options.block)
  const { riskParameters } = deployment.contracts
  const query = { topics: chainedTopics, fromBlock: BigInt(deployment.block), toBlock: pinned.number, signal }
  say(`reading events from block ${deployment.block} to ${pinned.number}`)
  const own = await fetchLogs(client, { ...query, addresses: [riskParameters] })
  const recorders = recordersOf(own)
  const modules = recorders.length === 0 ? [] : await fetchLogs(client, { ...query, addresses: recorders })
  const raw = [...own, ...modules].sort((a, b) => Number(a.blockNumber - b.blockNumber) || a.logIndex - b.logIndex)
  say(`reading the blocks and transactions of ${raw.length} events`)
  const times = await readTimes(client, raw, signal)
  const logs = raw.map((log): ProtocolLog => toProtocolLog(log, times))
  const links = raw.map(decodeLink)
  const roundTransactions = [...new Set(links.filter(({ event }) => event === 'RoundAccepted').map(({ transaction }) => transaction))]
  const transactions = await inTurn(roundTransactions, signal, (hash) => readTransaction(client, hash))
  const keys = parametersOf(links)
  say(`reading the entries of ${keys.length} parameters`)
  const store = { address: riskParameters, abi: riskParametersAbi, blockNumber: pinned.number } as const
  const [[hash, count], catalogue] = await withChainErrors(() =>
    Promise.all([client.readContract({ ...store, functionName: 'head' }), client.readContract({ ...store, functionName: 'catalogue' })]),
  )
  const read = await inTurn(keys, signal, async ({ scope, id }) => {
    const [entries, { state }] = await Promise.all([
      readEntries(client, deployment, scope, id, pinned.number),
      readParameter(client, deployment, scope, id, pinned.number),
    ])
    return {
      entries: entries.map((entry, index): StoredEntry => ({ scope, id, index, entry })),
      value: { scope, id, value: state.value, effective: state.effective } as StoredValue,
    }
  })
  return {
    chainId: deployment.chainId,
    deployment,
    until: { block: Number(pinned.number), hash: pinned.hash, time: pinned.time },
    head: { hash, count },
    specs: catalogue.map(decodeSpec),
    logs,
    transactions,
    contractSignatures: await judgeContractSignatures(client, deployment, transactions, signal),
    entries: read.flatMap(({ entries }) => entries),
    values: read.map(({ value }) => value),
  }
}

/** Contracts that were ever allowed to append links, by the store's own events. */
function recordersOf(logs: readonly RawLog[]): Address[] {
  const granted = logs
    .map(decodeLink)
    .filter(({ event, args }) => event === 'RoleChanged' && args['role'] === storeRoles.recorder && args['granted'] === true)
  return [...new Set(granted.map(({ args }) => args['account'] as Address))]
}

async function readTimes(client: PublicClient, logs: readonly RawLog[], signal: AbortSignal): Promise<ReadonlyMap<bigint, UnixSeconds>> {
  const blocks = [...new Set(logs.map(({ blockNumber }) => blockNumber))]
  return new Map(await inTurn(blocks, signal, async (block) => [block, (await readBlock(client, block)).time] as const))
}

function toProtocolLog(log: RawLog, times: ReadonlyMap<bigint, UnixSeconds>): ProtocolLog {
  return {
    address: log.address,
    topics: log.topics,
    data: log.data,
    block: Number(log.blockNumber),
    blockHash: log.blockHash,
    time: times.get(log.blockNumber) ?? 0,
    transaction: log.transactionHash,
    logIndex: log.logIndex,
  }
}

async function readTransaction(client: PublicClient, hash: Hash): Promise<ProtocolTransaction> {
  const { from, to, input, blockNumber } = await withChainErrors(() => client.getTransaction({ hash }))
  return { hash, block: Number(blockNumber), from, to, input }
}

const erc1271 = [
  {
    type: 'function',
    name: 'isValidSignature',
    stateMutability: 'view',
    inputs: [{ type: 'bytes32' }, { type: 'bytes' }],
    outputs: [{ type: 'bytes4' }],
  },
] as const
const erc1271Answer = '0x1626ba7e'

/** Asks every signer that did not sign by key itself whether it accepts the signature, in the block of the round. */
async function judgeContractSignatures(
  client: PublicClient,
  deployment: Deployment,
  transactions: readonly ProtocolTransaction[],
  signal: AbortSignal,
): Promise<ContractSignature[]> {
  const claims: { readonly digest: Hash; readonly signer: Address; readonly data: Hex; readonly block: number }[] = []
  for (const transaction of transactions) {
    const { block } = transaction
    const submitted = submittedRound({ deployment, chainId: deployment.chainId }, transaction)
    for (const { signer, data } of submitted?.signatures ?? []) {
      if (submitted !== undefined) claims.push({ digest: submitted.digest, signer, data, block })
    }
  }
  const recovered = await recoverSigners(claims, signal)
  const asked = claims.filter(({ signer }, i) => recovered[i] !== signer.toLowerCase())
  return inTurn(asked, signal, async ({ digest, signer, data, block }) => ({
    digest,
    signer,
    valid: await accepts(client, signer, digest, data, block),
  }))
}

async function accepts(client: PublicClient, signer: Address, digest: Hash, data: Hex, block: number): Promise<boolean> {
  try {
    const call = {
      address: signer,
      abi: erc1271,
      functionName: 'isValidSignature',
      args: [digest, data],
      blockNumber: BigInt(block),
    } as const
    return (await withChainErrors(() => client.readContract(call))) === erc1271Answer
  } catch (error) {
    // No code, or a refusal: not accepted. A node that does not answer is no verdict.
    if (error instanceof RetryableError) throw error
    return false
  }
}

/** Every parameter that was ever written, in the order of its first write. */
function parametersOf(
  links: readonly { readonly event: string; readonly args: Readonly<Record<string, unknown>> }[],
): { scope: ScopeId; id: ParamId }[] {
  const keys = new Map<string, { scope: ScopeId; id: ParamId }>()
  for (const { event, args } of links) {
    if (event !== 'ParameterUpdated') continue
    const scope = decodeScopeId(args['scope'] as Hex)
    const id = decodeParamId(args['id'] as Hex)
    keys.set(`${scope} ${id}`, { scope, id })
  }
  return [...keys.values()]
}

const atOnce = 16

/** Maps a list with a few requests at a time, so that a public node is not flooded. */
async function inTurn<Item, Result>(items: readonly Item[], signal: AbortSignal, work: (item: Item) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = []
  for (let i = 0; i < items.length; i += atOnce) {
    signal.throwIfAborted()
    results.push(...(await Promise.all(items.slice(i, i + atOnce).map(work))))
  }
  return results
}
