import { controllerMandateAbi } from '../../chain/generated/index.ts'
import type { Address } from '../../risk/types/index.ts'
import { engineSetEntity, looseningEntity } from '../entities/index.ts'
import { expired, isExpired } from './closeLoosening.ts'
import { defineHandlers, type HandlerContext, type IndexedEvent } from './Handler.ts'

/** Epochs and their engines. A new epoch voids what waits from the one before. */
export const engines = defineHandlers('module', controllerMandateAbi, {
  EnginesChanged(args, event, context) {
    const { epoch, threshold } = args
    context.rows.insert(engineSetEntity, event, { link: event.link, epoch, threshold, engines: args.engines, revokedBy: null })
    revokeLoosenings(context, event, null)
  },
  EpochRevoked(args, event, context) {
    const { epoch, by } = args
    context.rows.insert(engineSetEntity, event, { link: event.link, epoch, threshold: 0, engines: [], revokedBy: by })
    revokeLoosenings(context, event, by)
  },
})

function revokeLoosenings({ rows }: HandlerContext, event: IndexedEvent, by: Address | null): void {
  for (const waiting of rows.find(looseningEntity, { status: 'pending' }))
    rows.update(
      looseningEntity,
      waiting.position,
      isExpired(waiting, event.time) ? expired(waiting) : { status: 'revoked', closedAt: event.time, closedBy: by },
    )
}
