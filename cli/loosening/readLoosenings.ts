import { maxUint256 } from 'viem'
import { withChainErrors } from '../../chain/errors/index.ts'
import { looseningVetoAbi } from '../../chain/generated/index.ts'
import { encodeParamId, encodeScopeId } from '../../chain/ids/index.ts'
import { createChainReader, mapConcurrently } from '../../chain/read/index.ts'
import { isStanding } from '../../risk/rules/index.ts'
import type { ParameterSpec, PendingLoosening, ScopeId, UnixSeconds } from '../../risk/types/index.ts'
import type { ActNode } from '../act/openActNode.ts'
import { specOf } from '../context/openCatalogue.ts'

/** What a pending loosening is now: `void` after a write to its parameter or a change of epoch. */
export type LooseningState = 'waits' | 'due' | 'expired' | 'void'

/** A pending loosening with the votes against it; `needed` is null where only the guardian vetoes. Votes in token units. */
export type Loosening = {
  readonly scope: ScopeId
  readonly spec: ParameterSpec
  readonly value: number
  readonly pending: PendingLoosening
  readonly state: LooseningState
  readonly votes: bigint
  readonly needed: bigint | null
  /** Minutes for which a veto bars the next one. */
  readonly cooldown: number
  readonly time: UnixSeconds
}

/** Every loosening that pends in a scope, also one that can no longer be executed. */
export async function readLoosenings(node: ActNode, scope: ScopeId): Promise<Loosening[]> {
  const { client, deployment, catalogue } = node
  const { lane, time, block, parameters } = await createChainReader(client, deployment, catalogue).readScope(scope)
  const at = { address: deployment.contracts.looseningVeto, abi: looseningVetoAbi, blockNumber: block } as const
  const waiting = parameters.flatMap(({ pending, ...rest }) => (pending === null ? [] : [{ ...rest, pending }]))
  return mapConcurrently(waiting, async ({ id, state, rule, pending }) => {
    const args = [encodeScopeId(scope), encodeParamId(id)] as const
    const [votes, needed] = await withChainErrors(
      () =>
        Promise.all([
          client.readContract({ ...at, functionName: 'tally', args }),
          client.readContract({ ...at, functionName: 'threshold', args }),
        ]),
      at.address,
    )
    return {
      scope,
      spec: specOf(catalogue, id),
      value: state.value,
      pending,
      state: stateOf(pending, state.historyLength, lane.epoch, time),
      votes,
      needed: needed === maxUint256 ? null : needed,
      cooldown: rule.loosenCooldown,
      time,
    }
  })
}

function stateOf(pending: PendingLoosening, historyLength: number, epoch: number, time: UnixSeconds): LooseningState {
  if (time > pending.expiry) return 'expired'
  if (pending.epoch !== epoch || !isStanding(pending, historyLength, time)) return 'void'
  return time < pending.eta ? 'waits' : 'due'
}

/** Those that execute and fall with it: of its coupling group, made in the same second. */
export function matesOf(all: readonly Loosening[], { spec, pending }: Loosening): Loosening[] {
  return all.filter((each) => each.spec.id !== spec.id && each.spec.group === spec.group && each.pending.createdAt === pending.createdAt)
}
