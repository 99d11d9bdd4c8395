import { zeroHash } from 'viem'
import { timelockAbi } from '../../chain/generated/index.ts'
import { operationEntity } from '../entities/index.ts'
import { defineHandlers } from './Handler.ts'

/** Operations of the timelock. One that was cancelled can be scheduled again under the same id. */
export const operations = defineHandlers('timelock', timelockAbi, {
  CallScheduled({ id: operation, index, target, value, data, predecessor, delay }, event, { rows }) {
    const call = { target, value: String(value), data }
    const readyAt = event.time + Number(delay)
    const scheduled = { predecessor, scheduledAt: event.time, readyAt, status: 'waiting', endedAt: null } as const
    const known = rows.last(operationEntity, { operation })
    if (known === undefined) return rows.insert(operationEntity, event, { operation, calls: [call], salt: zeroHash, ...scheduled })
    rows.update(operationEntity, known.position, { calls: index === 0n ? [call] : [...known.calls, call], ...scheduled })
  },
  CallSalt({ id: operation, salt }, _event, { rows }) {
    const known = rows.last(operationEntity, { operation })
    if (known !== undefined) rows.update(operationEntity, known.position, { salt })
  },
  CallExecuted({ id: operation }, event, { rows }) {
    const known = rows.last(operationEntity, { operation })
    if (known !== undefined) rows.update(operationEntity, known.position, { status: 'done', endedAt: event.time })
  },
  Cancelled({ id: operation }, event, { rows }) {
    const known = rows.last(operationEntity, { operation })
    if (known !== undefined) rows.update(operationEntity, known.position, { status: 'cancelled', endedAt: event.time })
  },
})
