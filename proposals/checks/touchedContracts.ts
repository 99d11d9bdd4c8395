import type { Address } from '../../risk/types/index.ts'
import type { CallNode } from '../simulate/index.ts'
import type { Check } from './Check.ts'

/** Storage and code change only in contracts that the proposal calls, or that these are known to write to. */
export const touchedContracts: Check = {
  name: 'touched-contracts',
  title: 'Nothing else is written to.',
  check: ({ simulation, calls, deployment, directory }) => {
    const { governor, timelock, riskParameters } = deployment.contracts
    // The Governor and the timelock keep their books; modules append to the history of the store.
    const expected = new Set([governor, timelock, riskParameters, ...calls.map(({ target }) => target)].map((each) => each?.toLowerCase()))
    const successors = simulation.after.slice(1).map((each) => each.deployment.contracts.riskParameters.toLowerCase())
    const created = creations(simulation.calls).filter(({ by }) => directory.has(by.toLowerCase()))
    const strange = simulation.touched.filter(({ address, slots, codeChanged }) => {
      if (created.some(({ target }) => target === address)) return false
      const known = expected.has(address.toLowerCase()) || successors.includes(address.toLowerCase())
      return codeChanged || (slots > 0 && !known)
    })
    return {
      info: [
        ...simulation.touched.map(({ address, contract, slots }) => `${contract ?? address}: ${slots} slots.`),
        ...created.map(({ target, by }) => `${directory.get(by.toLowerCase())?.name ?? by} creates ${target}.`),
      ],
      warnings: [],
      errors: strange.map(({ address, contract, slots, codeChanged }) =>
        codeChanged
          ? `The code at ${address} changes.`
          : `${contract ?? address} is written to (${slots} slots), although no call names it.`,
      ),
    }
  },
}

/** Contracts that were created, and by whom. */
function creations(node: CallNode | null): { readonly target: Address; readonly by: Address }[] {
  if (node === null) return []
  return node.children.flatMap((child) => [
    ...(child.type.startsWith('CREATE') && child.error === null ? [{ target: child.target, by: node.target }] : []),
    ...creations(child),
  ])
}
