import type { PublicClient } from 'viem'
import { type ClearingDeployment, type GroupState, readGroupState } from '../../chain/clearing/index.ts'
import { MissingDataError } from '../../chain/errors/index.ts'
import { encodeScopeId } from '../../chain/ids/index.ts'
import { readBlock } from '../../chain/read/index.ts'
import { groupParameters } from '../../risk/decide/index.ts'
import type { Address, Hash, ScopeId } from '../../risk/types/index.ts'
import { createExclusive } from '../engine/createExclusive.ts'
import { followClearing } from '../monitor/followClearing.ts'
import type { MonitorStore } from '../monitor/MonitorStore.ts'
import { type GroupDocuments, groupDocuments } from './groupDocuments.ts'

export type ClearingSourceOptions = {
  readonly client: PublicClient
  readonly deployment: ClearingDeployment
  /** The store of parameters that clearing reads. */
  readonly riskParameters: Address
  readonly group: ScopeId
  readonly store: MonitorStore
}

/** The accounts of a deployed margin group. */
export type ClearingSource = {
  /**
   * What the group's contracts say at a block, for an engine of `market` and `scope`.
   *
   * @throws {RetryableError} The node does not have the block's events or state yet, or no longer; or the chain was reorganised during the reads.
   */
  readonly fetchGroup: (block: bigint, about: { readonly market: string; readonly scope: ScopeId }) => Promise<GroupDocuments>
  /** Chains of a market in which somebody held a position when events were read last. */
  readonly openChains: () => ReadonlySet<number>
}

/** Blocks whose state is kept: one that was proposed, and one that is reviewed. */
const KEPT = 2

/**
 * Accounts by their events, holdings by the ledger's own word: events say who was ever there, and the ledger at the block says what each holds, tear-ups and settlements
 * that nobody has booked yet included. So an engine that reads the same block later has the same accounts, however far its own events have gone on.
 */
export function createClearingSource({ client, deployment, riskParameters, group, store }: ClearingSourceOptions): ClearingSource {
  const exclusive = createExclusive()
  const scope = encodeScopeId(group)
  const states = new Map<Hash, GroupState>()

  const readState = async (block: bigint, hash: Hash): Promise<GroupState> => {
    const known = states.get(hash)
    if (known !== undefined) return known
    const cursor = await followClearing({ client, deployment, store, confirmations: 1 })
    if (cursor === null || cursor.block < block)
      throw new MissingDataError({
        what: `the events of clearing up to block ${block}`,
        detail: `they are known up to ${cursor?.block ?? 'none'}`,
      })
    const candidates = store
      .accounts()
      .filter((each) => each.group === scope)
      .map(({ account }) => account)
    const state = await readGroupState(client, deployment, riskParameters, { group, candidates, marketIds: groupParameters, block })
    if ((await readBlock(client, block)).hash !== hash)
      throw new MissingDataError({ what: `one state of block ${block}`, detail: 'the chain was reorganised during the reads' })
    states.set(hash, state)
    for (const oldest of states.keys()) {
      if (states.size <= KEPT) break
      states.delete(oldest)
    }
    return state
  }

  return {
    fetchGroup: (block, about) =>
      exclusive(async () => {
        const { hash, time } = await readBlock(client, block)
        return groupDocuments(await readState(block, hash), { ...about, group, time })
      }),
    openChains: () =>
      new Set(store.accounts().flatMap(({ positions }) => [...positions.keys()].map((instrument) => Number(instrument >> 32n)))),
  }
}
