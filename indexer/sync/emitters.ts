import { type AbiEvent, toEventSelector } from 'viem'
import { storeRoles } from '../../chain/ids/index.ts'
import type { Address, Deployment, Hash } from '../../risk/types/index.ts'
import { roleChangeEntity } from '../entities/index.ts'
import { type EmitterKind, type HandlerSet, handlerSets } from '../handlers/index.ts'
import type { Rows } from '../store/rows.ts'

/** Contracts by lower-case address, each with the kinds of events that are taken from it. */
export type Emitters = ReadonlyMap<string, EmitterKind>

/** The contracts of a deployment, with every module that ever held a role by which it can append to the hash chain. */
export function emittersOf({ contracts }: Deployment, modules: readonly Address[]): Emitters {
  const fixed: readonly (readonly [Address | null, EmitterKind])[] = [
    ...modules.map((module) => [module, 'module'] as const),
    [contracts.riskParameters, 'store'],
    [contracts.governor, 'governor'],
    [contracts.timelock, 'timelock'],
    [contracts.token, 'token'],
  ]
  return new Map(fixed.flatMap(([address, kind]) => (address === null ? [] : [[address.toLowerCase(), kind] as const])))
}

const recording: readonly Hash[] = [storeRoles.recorder, storeRoles.mandate]

/** Whether a role lets its holder append to the hash chain. */
export const canAppend = (role: Hash): boolean => recording.includes(role)

/** Modules that the index has seen being granted such a role. */
export const knownModules = (rows: Rows): Address[] => [
  ...new Set(recording.flatMap((roleHash) => rows.find(roleChangeEntity, { roleHash, granted: true }).map(({ holder }) => holder))),
]

type Handled = { readonly event: AbiEvent; readonly handle: HandlerSet['on'][string] }

/** Handlers by kind of emitter and first topic. */
export const handlersByTopic: ReadonlyMap<string, Handled> = new Map(
  handlerSets.flatMap(({ emitter, abi, on }) =>
    abi.flatMap((item) =>
      item.type === 'event' && on[item.name] !== undefined
        ? [[`${emitter} ${toEventSelector(item)}`, { event: item, handle: on[item.name] as Handled['handle'] }] as const]
        : [],
    ),
  ),
)

/** First topics of all events that are handled. */
export const topics: readonly Hash[] = [...new Set([...handlersByTopic.keys()].map((key) => key.split(' ')[1] as Hash))]
