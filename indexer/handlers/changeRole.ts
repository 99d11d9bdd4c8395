import { roleName } from '../../chain/ids/index.ts'
import type { Address, Hash } from '../../risk/types/index.ts'
import { roleChangeEntity, roleEntity } from '../entities/index.ts'
import type { HandlerContext, IndexedEvent } from './Handler.ts'

/** Records that a role of the emitting contract was granted or revoked. */
export function changeRole(
  { rows }: HandlerContext,
  event: IndexedEvent,
  roleHash: Hash,
  holder: Address,
  granted: boolean,
  caller: Address,
): void {
  const contract = event.emitter
  const role = roleName(roleHash)
  rows.insert(roleChangeEntity, event, { contract, role, roleHash, holder, granted, caller })
  const known = rows.last(roleEntity, { contract, roleHash, holder })
  if (known !== undefined) rows.update(roleEntity, known.position, { held: granted, changedAt: event.time })
  else rows.insert(roleEntity, event, { contract, role, roleHash, holder, held: granted, changedAt: event.time })
}
