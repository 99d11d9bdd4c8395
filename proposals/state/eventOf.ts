import type { AbiEvent } from 'viem'

/** @throws {TypeError} The ABI has no event of this name. */
export function eventOf(abi: readonly { readonly type: string; readonly name?: string }[], name: string): AbiEvent {
  const found = abi.find((item) => item.type === 'event' && item.name === name)
  if (found === undefined) throw new TypeError(`The ABI has no event ${name}.`)
  return found as AbiEvent
}
