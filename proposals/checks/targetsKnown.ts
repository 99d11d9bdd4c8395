import { decodeFunctionData, zeroHash } from 'viem'
import { postConditionsAbi } from '../../chain/generated/index.ts'
import { flattenCalls } from '../decode/index.ts'
import type { Check, CheckInput } from './Check.ts'

/** Every target is one we know, has code, and its code is pinned by the post-conditions: what voters read is what runs. */
export const targetsKnown: Check = {
  name: 'targets-known',
  title: 'Every target is known, and the proposal pins its code.',
  check: (input) => {
    const { calls, directory, simulation, postConditions } = input
    const pinned = pinnedCode(input)
    const unknown = calls.flatMap(flattenCalls).filter(({ target, data }) => data !== '0x' && !directory.has(target.toLowerCase()))
    const codes = simulation.codeHashes.filter(({ target }) => target !== postConditions.address)
    const withCode = codes.filter(({ target }) => calls.some((call) => call.target === target && call.data !== '0x'))
    return {
      info: codes.map(
        ({ target, codeHash }) => `${directory.get(target.toLowerCase())?.name ?? target} at ${target} has code ${codeHash}.`,
      ),
      warnings: withCode
        .filter(({ target }) => !pinned.has(target.toLowerCase()))
        .map(({ target }) => `The code of ${target} is not pinned: it may be another when the proposal is executed.`),
      errors: [
        ...unknown.map(
          ({ target }) => `${target} is none of the contracts of this protocol, and the draft names neither its interface nor its code.`,
        ),
        ...withCode.filter(({ codeHash }) => codeHash === zeroHash).map(({ target }) => `${target} has no code.`),
        ...withCode
          .filter(({ target, codeHash }) => pinned.has(target.toLowerCase()) && pinned.get(target.toLowerCase()) !== codeHash)
          .map(
            ({ target, codeHash }) => `The proposal pins code ${pinned.get(target.toLowerCase())} at ${target}, where ${codeHash} stands.`,
          ),
      ],
    }
  },
}

function pinnedCode({ calls, postConditions }: CheckInput): ReadonlyMap<string, string> {
  const last = calls.at(-1)
  if (last?.target !== postConditions.address || last.functionName !== 'requireAll') return new Map()
  const { args } = decodeFunctionData({ abi: postConditionsAbi, data: last.data })
  return new Map(args[1].map(({ target, codeHash }) => [target.toLowerCase(), codeHash]))
}
