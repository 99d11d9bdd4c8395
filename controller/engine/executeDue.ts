import { buildExecuteLoosening } from '../../chain/write/index.ts'
import type { LiveParameter, ScopeReading, UnixSeconds } from '../../risk/types/index.ts'
import { submitIntent } from '../submitter/submitIntent.ts'
import type { EngineContext } from './EngineContext.ts'

/**
 * Executes the pending loosenings of the scope that are due. Members of a coupling group go together, so the chain is read again after each. What the rules refuse now, for
 * example in a cooldown, stays pending and is tried again with the next tick.
 *
 * @returns How many were executed.
 */
export async function executeDue(context: EngineContext, observedAt: UnixSeconds): Promise<number> {
  const { identity, deployment, chain, log, metrics } = context
  const tried = new Set<string>()
  let executed = 0
  for (;;) {
    const reading = await chain.fetchReading()
    const due = reading.parameters.find((live) => isDue(live, reading) && !tried.has(live.id))
    if (due?.pending == null) return executed
    const { id, pending } = due
    tried.add(id)
    const intent = {
      key: `loosen:${identity.scope}:${id}:${pending.historyLength}:${observedAt}`,
      stage: 'open',
      ...buildExecuteLoosening(deployment, identity.scope, id),
      validUntil: pending.expiry,
      detail: '',
    } as const
    const result = await submitIntent(context.submitter, intent, async () => {
      const live = (await chain.fetchReading()).parameters.find((each) => each.id === id)
      return live?.pending?.createdAt === pending.createdAt ? null : 'the loosening is no longer pending'
    })
    metrics.transactions.inc({ purpose: 'loosening', outcome: result.kind })
    if (result.kind === 'mined') executed++
    const fields = { scope: identity.scope, id, target: pending.target, outcome: result.kind }
    if (result.kind === 'reverted') log.info({ ...fields, reason: result.error.message }, 'loosening not executable yet')
    else log.info(fields, 'loosening executed')
  }
}

/** Due, not void through a later write, and of the present epoch, in a lane that executes. */
function isDue({ pending, state }: LiveParameter, { time, lane }: ScopeReading): boolean {
  if (pending === null || !lane.powers.executes) return false
  return pending.eta <= time && time <= pending.expiry && pending.historyLength === state.historyLength && pending.epoch === lane.epoch
}
