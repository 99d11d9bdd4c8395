import { formatChainId } from '../../chain/ids/index.ts'
import type { UnixSeconds } from '../../risk/types/index.ts'
import type { Outbox, WebhookEndpoint, WebhookEvent, WebhookEventType } from '../../webhooks/index.ts'
import {
  type Entity,
  engineSetEntity,
  guardianTermEntity,
  itemEntity,
  laneChangeEntity,
  laneEntity,
  looseningEntity,
  operationEntity,
  parameterChangeEntity,
  proposalEntity,
  type Row,
  roleChangeEntity,
  roundEntity,
  ruleChangeEntity,
  stewardActionEntity,
} from '../entities/index.ts'
import { decodeRow } from '../store/rows.ts'
import { type Index, POSITIONS_PER_BLOCK } from '../sync/applyRange.ts'

export type CollectOptions = {
  readonly index: Index
  readonly outbox: Outbox
  readonly endpoints: readonly Pick<WebhookEndpoint, 'name' | 'events'>[]
  /** Blocks behind the last indexed one at which an event is told; a deeper reorganisation is told as an event of its own. */
  readonly confirmations: number
}

/** Rows that are events and stay as they are. */
const happenings: readonly {
  readonly entity: Entity
  readonly type: WebhookEventType
  readonly wanted?: (row: Row<typeof itemEntity>) => boolean
}[] = [
  { entity: parameterChangeEntity, type: 'parameter.changed' },
  { entity: ruleChangeEntity, type: 'rule.changed' },
  { entity: roundEntity, type: 'round.accepted' },
  { entity: itemEntity, type: 'item.rejected', wanted: ({ kind }) => kind === 'rejected' },
  { entity: laneChangeEntity, type: 'lane.changed' },
  { entity: engineSetEntity, type: 'engines.changed' },
  { entity: stewardActionEntity, type: 'steward.acted' },
  { entity: guardianTermEntity, type: 'guardian.appointed' },
  { entity: roleChangeEntity, type: 'role.changed' },
]

/** A block with events up to which everything was told. Such blocks stay in the index for good, unless the chain takes them back. */
type Told = { readonly number: number; readonly hash: string; readonly time: UnixSeconds }
type Stage = { readonly type: WebhookEventType; readonly time: UnixSeconds }
/** A stage that was told, as known by a block: when the chain takes that block back, receivers drop it and it is told anew. */
type ToldStage = Stage & { readonly block: number }
/** A row that goes through stages, and those that were told. */
type Followed = { readonly entity: string; readonly position: number; readonly told: readonly ToldStage[] }
type Marks = {
  /** Raised by every reorganisation that took something back that was told, so that what happens again is a new event. */
  readonly generation: number
  readonly told: readonly Told[]
  readonly followed: readonly Followed[]
}

/** Before the end of a mandate that it is told, as in the alert rule. */
const EXPIRY_NOTICE_SECONDS = 21 * 86_400
/** How many blocks told of are kept, to find where a reorganisation begins. */
const BLOCKS_KEPT = 1_024
const MARK = 'index'

/**
 * Puts what the index has learnt since the last call into the outbox, each event once, together with how far it came. An index that is new to the outbox is taken as it is: history is not told.
 *
 * @returns Number of events put in.
 */
export function collectEvents({ index, outbox, endpoints, confirmations }: CollectOptions): number {
  const last = index.progress.last()
  const stored = outbox.mark(MARK)
  const before = stored === undefined ? null : (JSON.parse(stored) as Marks)
  // An index that is built again, or that reads a shorter chain, first has to come as far as it was.
  if (last === undefined || last.number < (before?.told.at(-1)?.number ?? 0)) return 0
  const target = last.number - confirmations
  const to = blockBefore(index, target, 'AND events > 0')
  const time = blockBefore(index, target, '')?.time ?? 0
  return outbox.atomically(() => {
    const good = before?.told.findLastIndex(({ number, hash }) => index.progress.blockAt(number)?.hash === hash) ?? -1
    const told = before?.told.slice(0, good + 1) ?? []
    const isBroken = before !== null && told.length < before.told.length
    const isNew = before === null || (isBroken && told.length === 0)
    const generation = (before?.generation ?? 0) + Number(isBroken)
    const put = createPut(index, outbox, endpoints, generation)
    const from = told.at(-1)
    let count = 0
    if (isBroken)
      count += put(`${last.number}`, 'chain.reorganised', last.time, null, {
        from: before.told.at(-1)?.number ?? 0,
        to: from?.number ?? null,
      })
    const kept = (before?.followed ?? []).flatMap((each) => takenBack(each, from))
    const span = { from: isNew ? (to?.number ?? -1) : (from?.number ?? -1), to: to?.number ?? -1, time }
    for (const { entity, type, wanted } of happenings)
      for (const row of rowsBetween(index, entity, span.from, span.to))
        if (wanted === undefined || wanted(row as Row<typeof itemEntity>)) count += put(`${row.position}`, type, row.time, row, dataOf(row))
    const followed = staged.flatMap((kind) =>
      rowsToFollow(index, kind.entity, kept, isNew ? -1 : span.from, span.to).map(({ row, told: earlier }) => {
        const reached = kind.stagesOf(row as never, index).filter((stage) => stage.time <= time)
        const fresh = reached
          .filter(({ type }) => !earlier.some((stage) => stage.type === type))
          .map((stage) => ({ ...stage, block: stage.time === row.time ? row.block : Math.max(span.to, row.block) }))
        if (!isNew)
          for (const { type, time: at, block } of fresh)
            count += put(`${row.position}`, type, at, { block, transaction: at === row.time ? row.transaction : null }, dataOf(row))
        return { entity: kind.entity.name, position: row.position, told: [...earlier, ...fresh], open: kind.isOpen(row as never) }
      }),
    )
    count += tellExpiries(index, time, put)
    const oldest = told[0]?.time ?? time
    const marks: Marks = {
      generation,
      told:
        to === undefined || to.number === from?.number
          ? told
          : [...told, { number: to.number, hash: to.hash, time: to.time }].slice(-BLOCKS_KEPT),
      // A row at its end is followed as long as the chain could take that end back.
      followed: followed
        .filter(({ open, told: stages }) => open || stages.some((stage) => stage.time >= oldest))
        .map(({ open: _, ...each }) => each),
    }
    const text = JSON.stringify(marks)
    if (text !== stored) outbox.setMark(MARK, text)
    return count
  })
}

/** Proposals and loosenings: the row is changed in place, so each stage is found by its time. */
const staged: readonly {
  readonly entity: typeof proposalEntity | typeof looseningEntity
  readonly stagesOf: (row: never, index: Index) => readonly Stage[]
  readonly isOpen: (row: never) => boolean
}[] = [
  {
    entity: proposalEntity,
    stagesOf: proposalStages,
    isOpen: ({ state }: Row<typeof proposalEntity>) => !['executed', 'canceled', 'defeated', 'expired'].includes(state),
  },
  { entity: looseningEntity, stagesOf: looseningStages, isOpen: ({ status }: Row<typeof looseningEntity>) => status === 'pending' },
]

function proposalStages({ time, state, voteEnd, operation: id, endedAt }: Row<typeof proposalEntity>, { rows }: Index): Stage[] {
  const operation = id === null ? undefined : rows.last(operationEntity, { operation: id })
  // Without an event of the governor it ended on the timelock, or by a vote that failed.
  const end = endedAt ?? operation?.endedAt ?? voteEnd + 1
  return [
    { type: 'proposal.created', time },
    ...(operation === undefined ? [] : [{ type: 'proposal.queued' as const, time: operation.scheduledAt }]),
    ...(state === 'executed' ? [{ type: 'proposal.executed' as const, time: end }] : []),
    ...(['canceled', 'defeated', 'expired'].includes(state) ? [{ type: 'proposal.ended' as const, time: end }] : []),
  ]
}

function looseningStages({ time, status, closedAt, expiry }: Row<typeof looseningEntity>): Stage[] {
  const began: Stage = { type: 'loosening.pending', time }
  if (status === 'pending') return [began]
  const type = status === 'executed' ? 'loosening.executed' : status === 'vetoed' ? 'loosening.vetoed' : 'loosening.ended'
  return [began, { type, time: closedAt ?? expiry + 1 }]
}

/** A followed row without the stages that the chain took back; none when it took the row itself. */
function takenBack({ entity, position, told }: Followed, from: Told | undefined): Followed[] {
  if (from === undefined || blockOf(position) > from.number) return []
  return [{ entity, position, told: told.filter(({ block }) => block <= from.number) }]
}

function rowsToFollow(
  index: Index,
  entity: Entity,
  kept: readonly Followed[],
  from: number,
  to: number,
): { readonly row: Row<Entity>; readonly told: readonly ToldStage[] }[] {
  const before = kept
    .filter((each) => each.entity === entity.name && blockOf(each.position) <= from)
    .flatMap(({ position, told }) => index.rows.find(entity, { position }).map((row) => ({ row, told })))
  return [...before, ...rowsBetween(index, entity, from, to).map((row) => ({ row, told: [] }))]
}

function tellExpiries({ rows }: Index, time: UnixSeconds, put: Put): number {
  let count = 0
  for (const { scope, settings } of rows.find(laneEntity, {})) {
    const { expiresAt } = settings
    const data = { scope, expiresAt }
    if (time >= expiresAt) count += put(`${scope}@${expiresAt}`, 'mandate.expired', expiresAt, null, data)
    else if (time >= expiresAt - EXPIRY_NOTICE_SECONDS)
      count += put(`${scope}@${expiresAt}`, 'mandate.expiring', expiresAt - EXPIRY_NOTICE_SECONDS, null, data)
  }
  return count
}

type Put = (
  what: string,
  type: WebhookEventType,
  time: UnixSeconds,
  origin: Pick<WebhookEvent, 'block' | 'transaction'> | null,
  data: WebhookEvent['data'],
) => 0 | 1

function createPut({ deployment }: Index, outbox: Outbox, endpoints: CollectOptions['endpoints'], generation: number): Put {
  const chain = formatChainId(deployment.chainId)
  const store = deployment.contracts.riskParameters.toLowerCase()
  return (what, type, time, origin, data) => {
    const id = `${chain}/${store}/${generation}/${what}/${type}`
    return outbox.add(
      {
        schema: 'ballast.event',
        version: 1,
        id,
        type,
        chain,
        time,
        block: origin?.block ?? null,
        transaction: origin?.transaction ?? null,
        data,
      },
      endpoints,
    )
      ? 1
      : 0
  }
}

/** Columns of an entity as JSON: integers of 256 bits as decimal text. */
function dataOf({ position: _, block: __, time: ___, transaction: ____, ...columns }: Row<Entity>): WebhookEvent['data'] {
  return JSON.parse(
    JSON.stringify(columns, (_key, value: unknown) => (typeof value === 'bigint' ? value.toString() : value)),
  ) as WebhookEvent['data']
}

const blockOf = (position: number): number => Math.floor(position / POSITIONS_PER_BLOCK)

/** Rows made after a block, up to another one, oldest first. */
function rowsBetween({ file }: Index, entity: Entity, from: number, to: number): Row<Entity>[] {
  const found = file
    .prepare(`SELECT * FROM "${entity.name}" WHERE "position" >= ? AND "position" < ? ORDER BY "position"`)
    .all((from + 1) * POSITIONS_PER_BLOCK, (to + 1) * POSITIONS_PER_BLOCK)
  return found.map((row) => decodeRow(entity, row as Record<string, string | number | null>))
}

function blockBefore({ file }: Index, number: number, more: '' | 'AND events > 0'): Told | undefined {
  return file.prepare(`SELECT number, hash, time FROM block WHERE number <= ? ${more} ORDER BY number DESC LIMIT 1`).get(number) as
    | Told
    | undefined
}
