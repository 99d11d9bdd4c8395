import { describeCall, flattenCalls } from '../decode/index.ts'
import type { Check } from './Check.ts'

/** Every call, also inside timelock batches, multicalls and Safe transactions, is understood from its first to its last byte. */
export const callsDecode: Check = {
  name: 'calls-decode',
  title: 'Every call is decoded, to the innermost.',
  check: ({ calls }) => {
    const all = calls.flatMap(flattenCalls)
    return {
      info: calls.map((call, i) => `${i + 1}. ${describeCall(call)}`),
      warnings: [],
      errors: [
        ...all.flatMap((call) => call.faults.map((fault) => `${describeCall(call).slice(0, 200)}: ${fault}`)),
        ...all.filter(({ delegatecall }) => delegatecall).map(({ target }) => `A delegatecall gives ${target} the caller's own powers.`),
      ],
    }
  },
}
