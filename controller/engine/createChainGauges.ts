import { formatEther } from 'viem'
import { withChainErrors } from '../../chain/errors/index.ts'
import { controllerMandateAbi } from '../../chain/generated/index.ts'
import { encodeScopeId } from '../../chain/ids/index.ts'
import { tightenBudget } from '../../risk/rules/index.ts'
import { type LiveParameter, laneModes, type ScopeId, type ScopeReading, type Seconds } from '../../risk/types/index.ts'
import type { Endpoints } from '../submitter/endpoints.ts'
import type { EngineContext } from './EngineContext.ts'
import { endpointStates } from './primeMetrics.ts'
import { lastAccepted } from './priorState.ts'

/** Scrapes that follow each other faster share one reading of the chain. */
const FRESH_SECONDS: Seconds = 15

/**
 * What the chain says of each scope as gauges, read when they are asked for. A scope that cannot be read keeps its values; the age of
 * `ballast_chain_head_timestamp_seconds` tells how old they are.
 *
 * @returns Brings the gauges up to date; never fails.
 */
export function createChainGauges(contexts: ReadonlyMap<ScopeId, EngineContext>, endpoints: Endpoints): () => Promise<void> {
  let readAt = Number.NEGATIVE_INFINITY
  let reading: Promise<unknown> = Promise.resolve()
  return async () => {
    const { elapsed, metrics } = [...contexts.values()][0] as EngineContext
    if (elapsed() - readAt >= FRESH_SECONDS) {
      readAt = elapsed()
      reading = Promise.all([...contexts.values()].map(refresh))
    }
    await reading
    for (const { host, state } of endpoints.health())
      for (const each of endpointStates) metrics.rpcState.set({ host, state: each }, each === state ? 1 : 0)
  }
}

async function refresh(context: EngineContext): Promise<void> {
  const { identity, metrics, log, chain, client, deployment, key } = context
  const { scope } = identity
  const last = lastAccepted(context)
  if (last !== undefined) metrics.lastGoodTick.set({ scope }, last.observedAt)
  try {
    const reading = await chain.fetchReading()
    const { controllerMandate: address } = deployment.contracts
    const at = { address, abi: controllerMandateAbi, blockNumber: reading.block, args: [encodeScopeId(scope)] } as const
    const [settings, balance] = await withChainErrors(
      () => Promise.all([client.readContract({ ...at, functionName: 'settingsOf' }), client.getBalance({ address: key.address })]),
      address,
    )
    show(context, reading)
    metrics.laneExpiry.set({ scope }, settings.expiresAt)
    metrics.balance.set({ address: key.address }, Number(formatEther(balance)))
    metrics.chainHead.set({ scope }, reading.time)
  } catch (error) {
    log.warn({ scope, error }, 'gauges not read')
  }
}

function show({ identity: { scope }, metrics }: EngineContext, reading: ScopeReading): void {
  for (const mode of laneModes) metrics.laneMode.set({ scope, mode }, mode === reading.lane.mode ? 1 : 0)
  metrics.pendingLoosenings.set({ scope }, reading.parameters.filter((live) => waits(live, reading)).length)
  for (const { id, rule, state } of reading.parameters) {
    const budgets = {
      loosen: { used: state.loosenBudgetUsedBps, all: rule.loosenBudgetBps },
      tighten: { used: state.tightenBudgetUsed, all: tightenBudget(state.tightenBudgetBase, rule) },
    }
    for (const [budget, { used, all }] of Object.entries(budgets)) if (all > 0) metrics.budgetUsed.set({ scope, id, budget }, used / all)
  }
}

/** A later write, a new epoch and its expiry each void what pends, but leave it in the store. */
function waits({ pending, state }: LiveParameter, { lane, time }: ScopeReading): boolean {
  return pending !== null && pending.historyLength === state.historyLength && pending.epoch === lane.epoch && time <= pending.expiry
}
