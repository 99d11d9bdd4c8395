import type { LocalAccount } from 'viem'
import type { LocalChain } from '../../chain/local/index.ts'
import { createChainReader } from '../../chain/read/index.ts'
import { adjustmentDigest, domainOf } from '../../chain/typed-data/index.ts'
import { createChainWriter } from '../../chain/write/index.ts'
import type { Adjustment, Deployment, Hash, ParamId, Receipt, RoundSignature, ScopeId } from '../../risk/types/index.ts'
import { catalogue, people, value } from './support.ts'

const hashOf = (n: number): Hash => `0x${n.toString(16).padStart(64, '0')}`

/** The next round of a scope with these moves, observed now. */
export async function nextRound(
  local: LocalChain,
  deployment: Deployment,
  scope: ScopeId,
  moves: Readonly<Record<ParamId, number>>,
  other: Partial<Adjustment> = {},
): Promise<Adjustment> {
  const { lane, time, parameters } = await createChainReader(local.client, deployment, catalogue).readScope(scope)
  const items = Object.keys(moves)
    .sort()
    .map((id) => ({ id, expected: parameters.find((p) => p.id === id)?.state.value ?? value(0), value: value(moves[id] as number) }))
  return {
    scope,
    epoch: lane.epoch,
    round: lane.round + 1,
    observedAt: time,
    validUntil: time + 900,
    items,
    impactNotional: 0n,
    impactAccounts: 0,
    snapshot: hashOf(1),
    engine: hashOf(2),
    configuration: hashOf(3),
    report: hashOf(4),
    ...other,
  }
}

export function signRound(deployment: Deployment, adjustment: Adjustment, engines: readonly LocalAccount[]): Promise<RoundSignature[]> {
  const digest = adjustmentDigest(adjustment, domainOf('controllerMandate', deployment.chainId, deployment.contracts.controllerMandate))
  return Promise.all(
    engines.map(async (engine) => ({ signer: engine.address, data: (await engine.sign?.({ hash: digest })) ?? ('0x' as const) })),
  )
}

/** Signs with two engines and submits from the first. */
export async function submit(
  local: LocalChain,
  deployment: Deployment,
  scope: ScopeId,
  moves: Readonly<Record<ParamId, number>>,
  other: Partial<Adjustment> = {},
): Promise<Receipt> {
  const adjustment = await nextRound(local, deployment, scope, moves, other)
  const signatures = await signRound(deployment, adjustment, [people.engineA, people.engineB])
  const writer = createChainWriter({ client: local.client, wallet: local.wallet(people.engineA), deployment })
  return writer.submitRound(adjustment, signatures, null)
}
