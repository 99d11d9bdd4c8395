import type { Address, UnixSeconds } from '../../risk/types/index.ts'
import { type LooseningStatus, looseningEntity, type Row } from '../entities/index.ts'
import type { HandlerContext, IndexedEvent } from './Handler.ts'

/** Ends the loosening of a parameter that still waits, if there is one; one that had expired before stays expired. Returns it. */
export function closeLoosening(
  { rows }: HandlerContext,
  key: { readonly scope: string; readonly parameter: string },
  event: IndexedEvent,
  status: LooseningStatus,
  by: Address | null,
): Row<typeof looseningEntity> | undefined {
  const waiting = rows.last(looseningEntity, { ...key, status: 'pending' })
  if (waiting === undefined) return undefined
  rows.update(
    looseningEntity,
    waiting.position,
    isExpired(waiting, event.time) ? expired(waiting) : { status, closedAt: event.time, closedBy: by },
  )
  return waiting
}

/** Execution is possible in the second of `expiry`, not after it. */
export const isExpired = ({ expiry }: { readonly expiry: UnixSeconds }, time: UnixSeconds): boolean => expiry < time

export const expired = ({ expiry }: { readonly expiry: UnixSeconds }) => ({ status: 'expired', closedAt: expiry, closedBy: null }) as const
