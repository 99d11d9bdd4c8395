import type { Address, Hex, ParamId, ScopeId } from '../../risk/types/index.ts'

/** How a protocol adopts parameters: it reads them, it is shown them, or they are written into it. */
export type AdapterKind = 'pull' | 'mirror' | 'push'

/** A parameter under the name and in the unit of another protocol. @see contracts/interfaces/IParameterAdapter.sol */
export type AdapterBinding = {
  /** The other protocol's name, at most 31 ASCII characters. */
  readonly key: string
  readonly scope: ScopeId
  readonly id: ParamId
  /** `target` is what new risk sees, `effective` what open positions see. */
  readonly reading: 'target' | 'effective'
  /** The other protocol's number is `value * mul / div`, rounded to the tight side. */
  readonly mul: bigint
  readonly div: bigint
  /** Zero, or the whole of which the number is the rest. */
  readonly complementOf: bigint
  /** Largest number that the other protocol can hold. */
  readonly maximum: bigint
}

/** Where the protocol shows a number: word `word` of what `target` answers to `input`. */
export type AdapterProbe = { readonly target: Address; readonly word: number; readonly input: Hex }

/** How the protocol takes a number: a call of `target` with `prefix`, then the number as the last word. */
export type AdapterSetter = { readonly target: Address; readonly prefix: Hex }

/** What an adapter is made from: for each binding the expected number (pull), a probe (mirror), or a probe and a setter (push). */
export type AdapterPlan =
  | { readonly kind: 'pull'; readonly bindings: readonly AdapterBinding[]; readonly expected: readonly bigint[] }
  | { readonly kind: 'mirror'; readonly bindings: readonly AdapterBinding[]; readonly probes: readonly AdapterProbe[] }
  | {
      readonly kind: 'push'
      readonly bindings: readonly AdapterBinding[]
      readonly probes: readonly AdapterProbe[]
      readonly setters: readonly AdapterSetter[]
    }

/** One binding as an adapter shows it, both numbers in the other protocol's unit. */
export type AdapterReading = {
  readonly key: string
  readonly wanted: bigint
  /** What the protocol has in force; null when it does not answer, and for a pull adapter, which does not ask. */
  readonly actual: bigint | null
  /** The protocol's number against the store's; null for a pull adapter. */
  readonly relation: AdapterRelation | null
}

export const adapterRelations = ['unreadable', 'equal', 'tighter', 'looser', 'different'] as const
export type AdapterRelation = (typeof adapterRelations)[number]
