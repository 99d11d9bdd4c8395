import type { StateChange } from '../state/index.ts'
import type { Check } from './Check.ts'

const sentence = ({ path, before, after }: StateChange): string => `${path}: ${before ?? 'none'} becomes ${after ?? 'none'}`

/** What the simulation changed is exactly what the calls say; a proposal that changes nothing is an error, not a small one. */
export const stateDiff: Check = {
  name: 'state-diff',
  title: 'The simulated change of state is exactly the stated one.',
  check: ({ simulation, expectation }) => {
    if (simulation.failure !== null)
      return { info: [], warnings: [], errors: ['It was not executed, so there is no change of state to compare.'] }
    const stated = new Map(expectation.changes.map((each) => [each.path, each]))
    const found = new Map(simulation.changes.map((each) => [each.path, each]))
    const unstated = simulation.changes.filter(({ path, after }) => !stated.has(path) || stated.get(path)?.after !== after)
    const missing = expectation.changes.filter(({ path }) => !found.has(path))
    return {
      info: [`${simulation.changes.length} changes.`],
      warnings: [],
      errors: [
        ...(simulation.changes.length === 0 ? ['Nothing changes: the proposal is empty, or its effect is where nobody looks.'] : []),
        ...unstated.map((each) => `${sentence(each)}; stated: ${stated.get(each.path)?.after ?? 'no change'}.`),
        ...missing.map((each) => `${sentence(each)} is stated, and does not happen.`),
        ...expectation.unknown.map(
          ({ contract, target, signature }) => `Nothing we know tells what ${contract ?? target} ${signature ?? 'bytes'} does.`,
        ),
      ],
    }
  },
}
