import { TRANSACTION_GAS_LIMIT } from '../encode/index.ts'
import type { Check } from './Check.ts'

/** The proposal can be submitted, passed, queued and executed on a copy of the chain, within the gas of a transaction. */
export const simulationPasses: Check = {
  name: 'simulation',
  title: 'On a copy of the chain it is submitted, passed, queued and executed.',
  check: ({ simulation }) => {
    const heavy = simulation.steps.filter(({ gasUsed }) => gasUsed > BigInt(TRANSACTION_GAS_LIMIT))
    const failing = innerErrors(simulation.calls)
    return {
      info: [
        ...simulation.steps.map(({ step, by, gasUsed }) => `${step} by ${by}: ${gasUsed} gas.`),
        ...simulation.keptFresh.map((source) => `On the copy ${source} goes on with its last answer, as if it were updated.`),
      ],
      warnings: failing.map((each) => `A call inside fails and is ignored: ${each}.`),
      errors: [
        ...(simulation.failure === null ? [] : [`It stops at "${simulation.failure.step}": ${simulation.failure.sentence}`]),
        ...heavy.map(({ step, gasUsed }) => `"${step}" needs ${gasUsed} gas; a transaction has at most ${TRANSACTION_GAS_LIMIT}.`),
      ],
    }
  },
}

function innerErrors(node: Parameters<Check['check']>[0]['simulation']['calls']): string[] {
  if (node === null) return []
  const own = node.error === null ? [] : [`${node.contract ?? node.target} ${node.functionName ?? node.selector}: ${node.error}`]
  return [...own, ...node.children.flatMap(innerErrors)]
}
