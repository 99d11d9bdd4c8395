import type { ScopeId } from '../../risk/types/index.ts'
import { type Component, component, describeEndpoints } from '../http/readiness.ts'
import type { StatusOfScope } from '../http/statusPage.ts'
import type { Endpoints } from '../submitter/endpoints.ts'
import { checkDeployment } from './checkDeployment.ts'
import type { EngineContext } from './EngineContext.ts'
import { lastAccepted } from './priorState.ts'

/** Health is the age of the last good tick; before the first one, a process that answers is healthy. */
export function healthOf(contexts: ReadonlyMap<ScopeId, EngineContext>): { healthy: boolean; body: object } {
  const scopes = [...contexts.values()].map((context) => {
    const { clock, identity } = context
    const last = lastAccepted(context)
    const ageSeconds = last === undefined ? null : clock.now() - last.observedAt
    // Two ticks and their time to be accepted: one may be missed.
    const limitSeconds = 2 * identity.configuration.tickSeconds + identity.configuration.validitySeconds
    return {
      scope: identity.scope,
      lastGoodTick: last?.observedAt ?? null,
      ageSeconds,
      limitSeconds,
      healthy: ageSeconds === null || ageSeconds <= limitSeconds,
    }
  })
  return { healthy: scopes.every(({ healthy }) => healthy), body: { healthy: scopes.every(({ healthy }) => healthy), scopes } }
}

/** Each part of the process, whether it works, and what it says. */
export async function componentsOf(contexts: ReadonlyMap<ScopeId, EngineContext>, endpoints: Endpoints): Promise<Component[]> {
  const all = [...contexts.values()]
  const { client, deployment, identity, engines, peers, store, key, threshold } = all[0] as EngineContext
  return Promise.all([
    component('chain', async () => {
      await endpoints.probe()
      return describeEndpoints(endpoints.health())
    }),
    component('contracts', async () => {
      await checkDeployment(client, deployment, identity.catalogue, engines)
      return 'addresses, catalogue, bounds and engines match'
    }),
    ...all.map((context) =>
      component(`lane ${context.identity.scope}`, async () => {
        const { lane } = await context.chain.fetchReading()
        if (!lane.powers.submit) throw new TypeError(`the lane is ${lane.mode} and takes no round`)
        return `${lane.mode}, round ${lane.round}`
      }),
    ),
    component('engine', () => {
      for (const { identity: each } of all) if (each.mismatch !== null) throw each.mismatch
      return `build ${identity.build}`
    }),
    component('store', () => {
      store.lastRound(identity.scope)
      return 'reads and writes'
    }),
    component('signer', () => key.address),
    component('peers', () => {
      const lost = peers.reachable().filter(({ reachable }) => reachable === false)
      if (1 + peers.addresses.length - lost.length < threshold)
        throw new TypeError(`too few answer: ${lost.map(({ address }) => address).join(', ')} do not`)
      return lost.length === 0 ? 'all answered when last asked' : `${lost.map(({ address }) => address).join(', ')} did not answer`
    }),
  ])
}

/** What the status page shows of one scope. */
export async function statusOf(context: EngineContext): Promise<StatusOfScope> {
  const { store, identity, chain } = context
  const latest = store.lastRound(identity.scope)?.observedAt ?? 0
  const rounds = store.rounds(identity.scope, latest - 24 * identity.configuration.tickSeconds, latest).toReversed()
  try {
    return { scope: identity.scope, reading: await chain.fetchReading(), fault: null, rounds }
  } catch (error) {
    return { scope: identity.scope, reading: null, fault: error instanceof Error ? error.message : String(error), rounds }
  }
}
