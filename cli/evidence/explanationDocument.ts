import type { Document } from '../kit/json.ts'
import { bothTimes } from '../kit/time.ts'
import { humanValue } from '../kit/values.ts'
import type { Explanation } from './Explanation.ts'

/** The JSON form of an explanation: times in both forms, values raw and human. */
export function explanationDocument(explanation: Explanation): Document {
  const { unit, history, closes, against, policy, steps, entry, at, ...rest } = explanation
  const both = (raw: number | null): Document => (raw === null ? null : { raw, human: humanValue(raw, unit) })
  return {
    ...rest,
    unit,
    at: bothTimes(at),
    value: both(rest.value),
    previous: both(rest.previous),
    floor: both(rest.floor),
    ceiling: both(rest.ceiling),
    entry: { ...entry, time: bothTimes(entry.time) },
    policy:
      policy === null
        ? null
        : { ...policy, observedAt: bothTimes(policy.observedAt), target: both(policy.target), proposed: both(policy.proposed) },
    steps: steps as unknown as Document,
    history: history.map((point) => ({ ...point, time: bothTimes(point.time) })),
    closes: closes.map((point) => ({ ...point, time: bothTimes(point.time) })),
    against: against === null ? null : { ...against, from: bothTimes(against.from), to: bothTimes(against.to) },
  }
}
