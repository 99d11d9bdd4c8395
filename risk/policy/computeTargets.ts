import type { Signals } from '../signals/index.ts'
import type { EngineConfiguration, LiveParameter, ParamId, UnixSeconds } from '../types/index.ts'
import type { Policy, Target } from './Policy.ts'
import { policies } from './policies.ts'

/** No policy moves this parameter: the DAO does. */
const governed: Target = { target: null, hold: 'governance', terms: [], flags: [] }

/**
 * Unclipped targets of all parameters of a scope, in the order given. A parameter without a policy holds with reason `governance`.
 *
 * @throws {InvalidInputError} The configuration lacks a constant that a policy names.
 */
export function computeTargets(
  signals: Signals,
  parameters: readonly LiveParameter[],
  configuration: Pick<EngineConfiguration, 'policy'>,
  time: UnixSeconds,
): ReadonlyMap<ParamId, Target> {
  const known = new Map<ParamId, LiveParameter>(parameters.map((live) => [live.id, live]))
  const targets = new Map<ParamId, Target>()
  const computeOnce = (id: ParamId): Target => {
    const done = targets.get(id)
    if (done !== undefined) return done
    const policy: Policy | undefined = policies.get(id)
    const live = known.get(id)
    const target =
      policy === undefined || live === undefined
        ? governed
        : policy.compute({
            time,
            signals,
            live,
            constants: configuration.policy[id] ?? {},
            targetOf: (other) => computeOnce(other).target,
          })
    targets.set(id, target)
    return target
  }
  return new Map(parameters.map(({ id }) => [id, computeOnce(id)]))
}
