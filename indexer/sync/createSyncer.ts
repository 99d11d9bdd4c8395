import type { PublicClient } from 'viem'
import { MissingDataError, withChainErrors } from '../../chain/errors/index.ts'
import { ballastGovernorAbi } from '../../chain/generated/index.ts'
import { assertChain, mapConcurrently } from '../../chain/read/index.ts'
import type { Hash } from '../../risk/types/index.ts'
import { settle, withoutQuorum } from '../handlers/settle.ts'
import { UntrueNodeError } from '../store/IndexErrors.ts'
import type { IndexedBlock } from '../store/progress.ts'
import { applyRange, decodeRange, type Index, rollBack } from './applyRange.ts'
import { knownModules } from './emitters.ts'
import { assertHash, fetchRange, type Header, readHeader, readHistoryHead } from './fetchRange.ts'

/** What one pass over the chain came to. */
export type SyncResult = {
  /** `current`: the index is at the head it saw. `nodeBehind`: the node is behind the index and agrees with it as far as it goes. */
  readonly outcome: 'current' | 'nodeBehind'
  readonly head: Header
  readonly blocks: number
  readonly events: number
}

export type Syncer = {
  /**
   * Follows the chain to its head. What was written stays when it throws; the next pass goes on from there.
   *
   * @throws {RpcUnavailableError}, {MissingDataError}, {UntrueNodeError} Try again.
   * @throws {WrongChainError} The node serves another chain.
   */
  readonly pass: (signal: AbortSignal) => Promise<SyncResult>
}

export type SyncOptions = {
  /** Called with the head of the node at the start of a pass. */
  readonly onHead?: (head: Header) => void
  /** Called after every range, with the head that is being approached. */
  readonly onRange?: (range: { readonly block: number; readonly head: Header; readonly events: number }) => void
  /** Called before something is taken back; `to` is null when it is everything. */
  readonly onRollback?: (rollback: { readonly from: number; readonly to: number | null; readonly why: string }) => void
}

const FIRST_SPAN = 500
const LARGEST_SPAN = 100_000
/** Logs of a range that hold it small enough to be read, checked and written in about a second. */
const LOGS_PER_RANGE = 4_000

/** Keeps an index at the head of a chain, through restarts and reorganisations of any depth. */
export function createSyncer(client: PublicClient, index: Index, options: SyncOptions = {}): Syncer {
  const { progress, rows, deployment } = index
  let span = FIRST_SPAN
  let chainChecked = false
  /** Hash of the last block up to which the index was found complete. */
  let checked: Hash | null = null

  const goBack = (to: number | null, why: string): void => {
    options.onRollback?.({ from: progress.last()?.number ?? -1, to, why })
    rollBack(index, to)
  }

  /** Goes back to the last block that the node's chain shares with the index. */
  const leaveFork = async (head: Header): Promise<void> => {
    const numbers = progress.numbers().filter((number) => number <= head.number)
    // A block is on the node's chain only with all before it, so the kept ones are shared up to some place, and not from there on.
    let [shared, foreign] = [-1, numbers.length]
    while (foreign - shared > 1) {
      const middle = (shared + foreign) >> 1
      const number = numbers[middle] as number
      const same = (await readHeader(client, number)).hash === progress.blockAt(number)?.hash
      if (same) shared = middle
      else foreign = middle
    }
    goBack(numbers[shared] ?? null, 'the chain was reorganised')
  }

  /** Whether the index is on the node's chain; if not, it is brought there. False when the node is behind. */
  const meet = async (head: Header, last: IndexedBlock): Promise<boolean> => {
    if (head.number >= last.number) {
      if ((await readHeader(client, last.number)).hash !== last.hash) await leaveFork(head)
      return true
    }
    const below = progress
      .numbers()
      .filter((number) => number <= head.number)
      .at(-1)
    if (below === undefined || (await readHeader(client, below)).hash === progress.blockAt(below)?.hash) return false
    await leaveFork(head)
    return true
  }

  /** Reads the quorum of proposals whose voting has begun, on which their states depend. It never changes from then on. */
  const settleQuorums = async (last: IndexedBlock): Promise<void> => {
    const { governor } = deployment.contracts
    const open = withoutQuorum(rows, last.time)
    if (governor === null || open.length === 0) return
    const at = { address: governor, abi: ballastGovernorAbi, functionName: 'quorum', blockNumber: BigInt(last.number) } as const
    const quorums = await mapConcurrently(open, async ({ proposal, voteStart }) => {
      return [proposal, await withChainErrors(() => client.readContract({ ...at, args: [BigInt(voteStart)] }), governor)] as const
    })
    assertHash(last.number, last.hash, (await readHeader(client, last.number)).hash)
    index.file.atomically(() => progress.write(last.number, () => settle(rows, last.time, new Map(quorums))))
  }

  /** Compares the hash chain with the contract's own head. */
  const assertComplete = async (end: IndexedBlock): Promise<void> => {
    const read = progress.history()
    const held = await readHistoryHead(client, deployment, end.number)
    if (held.links === read.links && held.head === read.head) return
    assertHash(end.number, end.hash, (await readHeader(client, end.number)).hash)
    if (held.links > read.links) {
      // The logs that were not delivered lie in the block of the last link or behind it.
      const before = progress.numbers().filter((number) => (progress.blockAt(number)?.links ?? 0) < read.links)
      goBack(before.at(-1) ?? null, 'the node left out logs')
      throw new MissingDataError({ what: `links ${read.links} to ${held.links - 1} of the history`, detail: 'its logs end before them' })
    }
    goBack(null, 'the logs do not make the head of the history')
    throw new UntrueNodeError({ what: 'the head of the history', expected: held.head, got: read.head })
  }

  const readOn = async (head: Header, signal: AbortSignal): Promise<number> => {
    const last = progress.last()
    const from = last === undefined ? Number(deployment.block) : last.number + 1
    const to = Math.min(from + span - 1, head.number)
    const range = await fetchRange(client, deployment, knownModules(rows), from, to, signal)
    if (last !== undefined) assertHash(last.number, last.hash, (await readHeader(client, last.number)).hash)
    signal.throwIfAborted()
    applyRange(index, range, decodeRange(progress.history(), range, deployment))
    const events = range.logs.length
    const fitting = Math.floor((span * LOGS_PER_RANGE) / Math.max(1, events))
    span = Math.max(1, Math.min(fitting, span * 2, LARGEST_SPAN))
    options.onRange?.({ block: to, head, events })
    return events
  }

  return {
    async pass(signal) {
      if (!chainChecked) await assertChain(client, deployment)
      chainChecked = true
      const head = await readHeader(client)
      options.onHead?.(head)
      const before = progress.last()
      if (before !== undefined && !(await meet(head, before))) return { outcome: 'nodeBehind', head, blocks: 0, events: 0 }
      if (head.number < Number(deployment.block))
        throw new MissingDataError({
          what: `block ${deployment.block}, in which the protocol was deployed`,
          detail: `its head is ${head.number}`,
        })
      const start = progress.last()?.number ?? Number(deployment.block) - 1
      let events = 0
      while ((progress.last()?.number ?? -1) < head.number) {
        signal.throwIfAborted()
        events += await readOn(head, signal)
      }
      const last = progress.last() as IndexedBlock
      if (last.hash !== checked) {
        await assertComplete(last)
        await settleQuorums(last)
        checked = last.hash
      }
      return { outcome: 'current', head, blocks: head.number - start, events }
    },
  }
}
