import type { PublicClient } from 'viem'
import type { Deployment, Hash, UnixSeconds } from '../../risk/types/index.ts'
import { withChainErrors } from '../errors/index.ts'
import { readHistory } from '../read/index.ts'
import { compareStorage } from './compareStorage.ts'
import { type HistoryFinding, isRangeFinding } from './findings.ts'
import { rebuildHistory } from './rebuild.ts'
import { verifyChain } from './verifyChain.ts'

/** What an audit of the whole history found, from the chain alone. */
export type HistoryVerdict = {
  readonly chainId: number
  readonly block: bigint
  readonly blockHash: Hash
  readonly time: UnixSeconds
  /** 28 bytes. */
  readonly head: `0x${string}`
  readonly links: number
  readonly updates: number
  readonly parameters: number
  /** The log is complete and unchanged, and storage is what it leads to. */
  readonly historyVerified: boolean
  /** Every value lay inside the rule in force at its time. */
  readonly rangesRespected: boolean
  readonly findings: readonly HistoryFinding[]
}

export type VerifyOptions = {
  /** The latest when absent. */
  readonly block?: bigint
  readonly signal?: AbortSignal
}

/**
 * Proves, reading nothing but the chain, that the log of changes is complete, that storage follows from it, and that every value respected its rule.
 *
 * @throws {WrongChainError}, {MissingDataError}, {RpcUnavailableError} The chain could not be read; this is no verdict.
 */
export async function verifyHistory(client: PublicClient, deployment: Deployment, options: VerifyOptions = {}): Promise<HistoryVerdict> {
  const history = await readHistory(client, deployment, options.block, options.signal)
  const findings = verifyChain(history.links, history.head)
  const rebuilt = rebuildHistory(history.links)
  findings.push(...rebuilt.findings)
  options.signal?.throwIfAborted()
  findings.push(
    ...(await withChainErrors(() => compareStorage(client, deployment, rebuilt, history.block), deployment.contracts.riskParameters)),
  )
  return {
    chainId: deployment.chainId,
    block: history.block,
    blockHash: history.blockHash,
    time: history.time,
    head: history.head.hash,
    links: history.links.length,
    updates: rebuilt.parameters.reduce((sum, { updates }) => sum + updates.length, 0),
    parameters: rebuilt.parameters.length,
    historyVerified: findings.every(isRangeFinding),
    rangesRespected: !findings.some(isRangeFinding),
    findings,
  }
}
