import { type AbiEvent, type AbiParameter, decodeEventLog, encodeAbiParameters, keccak256, toEventSelector } from 'viem'
import { InvalidInputError } from '../../risk/errors/index.ts'
import type { Address, Hash } from '../../risk/types/index.ts'
import { controllerMandateAbi, guardianTermAbi, looseningVetoAbi, riskParametersAbi, riskStewardsAbi } from '../generated/index.ts'
import type { RawLog } from './fetchLogs.ts'

/** One link of the hash chain, as its event tells it. */
export type ChainLink = {
  /** Position in the chain, from 0. */
  readonly index: number
  readonly emitter: Address
  readonly event: string
  /** Arguments by name, without `index`. */
  readonly args: Readonly<Record<string, unknown>>
  readonly entryHash: Hash
  readonly block: bigint
  readonly transaction: Hash
  readonly logIndex: number
}

type ChainedEvent = { readonly abi: AbiEvent; readonly topic: Hash; readonly inputs: readonly AbiParameter[] }

/** Events whose first argument is `index`: each is a link of the hash chain. A new kind needs only its ABI. */
const chainedEvents: ReadonlyMap<Hash, ChainedEvent> = new Map(
  [riskParametersAbi, controllerMandateAbi, looseningVetoAbi, riskStewardsAbi, guardianTermAbi]
    .flatMap((abi): readonly AbiEvent[] => abi.filter((item) => item.type === 'event'))
    .filter(({ inputs }) => inputs[0]?.name === 'index' && inputs[0].type === 'uint32')
    .map((abi) => {
      const topic = toEventSelector(abi)
      return [topic, { abi, topic, inputs: [{ type: 'bytes32' }, ...abi.inputs.slice(1)] }] as const
    }),
)

/** First topics of all chained events. */
export const chainedTopics: readonly Hash[] = [...chainedEvents.keys()]

/**
 * Decodes a log of a chained event and recomputes its entry hash: keccak256(abi.encode(topic0, arguments in declaration order without `index`)).
 *
 * @throws {InvalidInputError} The log is none of the chained events.
 */
export function decodeLink(log: RawLog): ChainLink {
  const [topic] = log.topics
  const event = topic === undefined ? undefined : chainedEvents.get(topic)
  if (event === undefined || topic === undefined)
    throw new InvalidInputError({ argument: 'log', got: topic, limit: 'one of the events of the hash chain' })
  const { args } = decodeEventLog({ abi: [event.abi], data: log.data, topics: log.topics as [Hash, ...Hash[]] })
  const { index, ...rest } = args as unknown as Readonly<Record<string, unknown>> & { readonly index: number }
  const values = event.abi.inputs.slice(1).map(({ name }) => rest[name ?? ''])
  return {
    index,
    emitter: log.address,
    event: event.abi.name,
    args: rest,
    entryHash: keccak256(encodeAbiParameters(event.inputs, [topic, ...values])),
    block: log.blockNumber,
    transaction: log.transactionHash,
    logIndex: log.logIndex,
  }
}
