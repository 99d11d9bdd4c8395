import type { PublicClient } from 'viem'
import { withChainErrors } from '../../chain/errors/index.ts'
import {
  type IndexClient,
  type IndexList,
  IndexMovedError,
  type IndexStatus,
  IndexUnavailableError,
  indexLists,
} from '../../chain/index-client/index.ts'
import { assertChain } from '../../chain/read/index.ts'
import type { Deployment } from '../../risk/types/index.ts'
import { readHeader } from '../sync/fetchRange.ts'
import { createComparer } from './createComparer.ts'
import type { IndexContent, IndexFinding } from './VerifyContext.ts'
import { verifyEvents } from './verifyEvents.ts'
import { verifyGovernance } from './verifyGovernance.ts'
import { verifyMandate } from './verifyMandate.ts'
import { verifyParameters } from './verifyParameters.ts'

/** What a comparison of an index with its chain found. */
export type IndexVerdict = {
  readonly status: IndexStatus
  /** Rows of the index, by list. */
  readonly rows: Readonly<Record<IndexList, number>>
  /** Fields that were compared. */
  readonly compared: number
  readonly findings: readonly IndexFinding[]
  readonly agrees: boolean
}

const ATTEMPTS = 5

/**
 * Compares everything an index holds with the chain at the index's own block: every value, rule, lane, proposal, ballot count, operation, delegation
 * and role by the contracts' getters, every link of the history by its log.
 *
 * @throws {IndexUnavailableError} The index has no block yet.
 * @throws {IndexMovedError} The index went on during each of five attempts to read it.
 */
export async function verifyIndex(
  index: IndexClient,
  client: PublicClient,
  deployment: Deployment,
  signal: AbortSignal,
): Promise<IndexVerdict> {
  await assertChain(client, deployment)
  const { status, content } = await readContent(index, signal)
  const number = status.block as number
  const rows = Object.fromEntries(indexLists.map((list) => [list, content[list].length])) as Record<IndexList, number>
  const start = createComparer()
  const header = await readHeader(client, number)
  start.row('status', 'block', status, { blockHash: header.hash, time: header.time })
  const onChain = start.result()
  // Of a block that is not on the chain nothing can be compared.
  if (onChain.findings.length > 0) return { status, rows, ...onChain, agrees: false }
  const context = { client, deployment, content, status, block: BigInt(number), time: header.time, signal }
  const comparisons = await withChainErrors(async () => [
    onChain,
    await verifyMandate(context),
    await verifyParameters(context),
    ...(await verifyGovernance(context)),
    await verifyEvents(context),
  ])
  const findings = comparisons.flatMap((one) => one.findings)
  return { status, rows, compared: comparisons.reduce((sum, one) => sum + one.compared, 0), findings, agrees: findings.length === 0 }
}

async function readContent(index: IndexClient, signal: AbortSignal): Promise<{ status: IndexStatus; content: IndexContent }> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await readOnce(index, signal)
    } catch (error) {
      if (!(error instanceof IndexMovedError) || attempt === ATTEMPTS) throw error
    }
  }
}

async function readOnce(index: IndexClient, signal: AbortSignal): Promise<{ status: IndexStatus; content: IndexContent }> {
  const status = await index.status()
  if (status.block === null) throw new IndexUnavailableError({ host: index.url, detail: status.reasons.join(' ') })
  const read: Partial<Record<IndexList, unknown>> = {}
  for (const list of indexLists) {
    signal.throwIfAborted()
    const page = await index.all(list)
    if (page.status.blockHash !== status.blockHash) throw new IndexMovedError({ list, from: status.block, to: page.status.block })
    read[list] = page.rows
  }
  return { status, content: read as IndexContent }
}
