import type { Abi, ContractEventName, GetEventArgs } from 'viem'
import type { Address, Deployment } from '../../risk/types/index.ts'
import type { Origin } from '../entities/index.ts'
import type { Rows } from '../store/rows.ts'

/** An event as handlers see it. */
export type IndexedEvent = Origin & {
  readonly emitter: Address
  /** Position in the hash chain; -1 for events that are no links of it. */
  readonly link: number
}

/** What a handler works with. */
export type HandlerContext = { readonly rows: Rows; readonly deployment: Deployment }

type Arguments<Events extends Abi, Name extends ContractEventName<Events>> = GetEventArgs<
  Events,
  Name,
  { EnableUnion: false; IndexedOnly: false; Required: true }
>
type Handlers<Events extends Abi> = {
  readonly [Name in ContractEventName<Events>]?: (args: Arguments<Events, Name>, event: IndexedEvent, context: HandlerContext) => void
}

/** Whose events a handler takes: `module` is every contract that ever could append to the hash chain. */
export type EmitterKind = 'store' | 'module' | 'governor' | 'timelock' | 'token'

/** Handlers of one contract's events. */
export type HandlerSet = {
  readonly emitter: EmitterKind
  readonly abi: Abi
  readonly on: Readonly<Record<string, (args: never, event: IndexedEvent, context: HandlerContext) => void>>
}

/**
 * Declares what happens to the index on some events of a contract. Events that are not named are not asked for.
 *
 * @param on - Handlers by event name; arguments are typed from the ABI.
 */
export function defineHandlers<const Events extends Abi>(emitter: EmitterKind, abi: Events, on: Handlers<Events>): HandlerSet {
  return { emitter, abi, on: on as HandlerSet['on'] }
}
