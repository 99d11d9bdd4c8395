import { type AbiEvent, decodeEventLog, toEventSelector } from 'viem'
import { InvalidInputError } from '../../risk/errors/index.ts'
import type { Hash } from '../../risk/types/index.ts'
import { ledgerAbi, liquidationAbi } from '../generated/index.ts'
import type { RawLog } from '../read/index.ts'

/** What a log of clearing says of accounts, in the order in which a monitor needs it. Amounts are cash units, lots, or USD wad as in the contracts. */
export type ClearingEvent =
  | { readonly kind: 'opened'; readonly account: bigint; readonly group: Hash }
  | { readonly kind: 'cash'; readonly account: bigint; readonly principal: bigint; readonly profit: bigint; readonly debt: bigint }
  | { readonly kind: 'position'; readonly account: bigint; readonly instrument: bigint; readonly lots: bigint }
  | { readonly kind: 'collateral'; readonly account: bigint; readonly asset: bigint; readonly amount: bigint }
  /** The other side of this instrument lost part of what it held; each account books its part when it is touched. */
  | { readonly kind: 'tornUp'; readonly account: bigint; readonly instrument: bigint; readonly lots: bigint; readonly facing: bigint }
  /** An expired instrument became cash; each account books its part when it is settled. */
  | { readonly kind: 'struck'; readonly instrument: bigint; readonly value: bigint }
  /** All accounts of the group lost part of their profit or principal. */
  | {
      readonly kind: 'writtenOff'
      readonly account: bigint
      readonly fromFund: bigint
      readonly fromProfit: bigint
      readonly fromPrincipal: bigint
    }
  | { readonly kind: 'halted' | 'resumed'; readonly group: Hash }
  | { readonly kind: 'flagged'; readonly account: bigint; readonly keeper: bigint; readonly equity: bigint; readonly maintenance: bigint }
  | { readonly kind: 'bankrupt'; readonly account: bigint; readonly equity: bigint }
  | {
      readonly kind: 'sold'
      readonly account: bigint
      readonly bidder: bigint
      readonly fraction: bigint
      readonly price: bigint
      readonly fundPart: bigint
      readonly keeperPart: bigint
      readonly reward: bigint
    }
  | { readonly kind: 'ended'; readonly account: bigint; readonly equity: bigint; readonly maintenance: bigint }
  | { readonly kind: 'backstop'; readonly account: bigint }

const kinds = {
  AccountOpened: 'opened',
  CashChanged: 'cash',
  PositionChanged: 'position',
  CollateralChanged: 'collateral',
  TornUp: 'tornUp',
  Struck: 'struck',
  WrittenOff: 'writtenOff',
  Halted: 'halted',
  Resumed: 'resumed',
  AccountFlagged: 'flagged',
  BankruptcyDeclared: 'bankrupt',
  SliceSold: 'sold',
  AuctionEnded: 'ended',
  BackstopOffered: 'backstop',
} as const satisfies Readonly<Record<string, ClearingEvent['kind']>>

const events = new Map<Hash, AbiEvent>(
  [...ledgerAbi, ...liquidationAbi].flatMap((item): (readonly [Hash, AbiEvent])[] =>
    item.type === 'event' && item.name in kinds ? [[toEventSelector(item), item]] : [],
  ),
)

/** First topics of all events that {@link decodeClearingLog} reads. */
export const clearingTopics: readonly Hash[] = [...events.keys()]

/**
 * Decodes a log of the ledger or of liquidation.
 *
 * @throws {InvalidInputError} The log is none of {@link clearingTopics}.
 */
export function decodeClearingLog(log: Pick<RawLog, 'topics' | 'data'>): ClearingEvent {
  const [topic] = log.topics
  const event = topic === undefined ? undefined : events.get(topic)
  if (event === undefined) throw new InvalidInputError({ argument: 'log', got: topic, limit: 'an event of the ledger or of liquidation' })
  const { args } = decodeEventLog({ abi: [event], data: log.data, topics: log.topics as [Hash, ...Hash[]] })
  return { ...(args as unknown as object), kind: kinds[event.name as keyof typeof kinds] } as ClearingEvent
}
