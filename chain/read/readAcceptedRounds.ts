import { type Log, type PublicClient, toEventSelector } from 'viem'
import type { Deployment, Hash, ItemOutcome, ScopeId, UnixSeconds } from '../../risk/types/index.ts'
import { controllerMandateAbi, riskParametersAbi } from '../generated/index.ts'
import { encodeScopeId } from '../ids/index.ts'
import { decodeOutcomes } from '../write/decodeOutcomes.ts'
import { decodeLink } from './chainedEvents.ts'
import { fetchLogs, type RawLog } from './fetchLogs.ts'

/** A round of one scope as the mandate accepted it, with what became of its items. */
export type AcceptedRoundRecord = {
  readonly scope: ScopeId
  readonly round: number
  readonly epoch: number
  readonly observedAt: UnixSeconds
  readonly digest: Hash
  readonly snapshot: Hash
  readonly engine: Hash
  readonly configuration: Hash
  readonly report: Hash
  readonly transaction: Hash
  readonly block: bigint
  readonly outcomes: readonly ItemOutcome[]
}

const accepted = eventTopic(controllerMandateAbi, 'RoundAccepted')
const outcomes = ['ParameterUpdated', 'LooseningPended', 'ItemShadowed', 'ItemRejected'].map((name) => eventTopic(riskParametersAbi, name))

/**
 * Accepted rounds of a scope between two blocks, both included, round ascending.
 *
 * @throws {MissingDataError} The node cannot serve the logs.
 */
export async function readAcceptedRounds(
  client: PublicClient,
  deployment: Deployment,
  scope: ScopeId,
  fromBlock: bigint,
  toBlock: bigint,
): Promise<AcceptedRoundRecord[]> {
  const { controllerMandate, riskParameters } = deployment.contracts
  const logs = await fetchLogs(client, {
    addresses: [controllerMandate, riskParameters],
    topics: [accepted, ...outcomes],
    fromBlock,
    toBlock,
  })
  const inScope = logs.filter(({ topics }) => topics[1] === encodeScopeId(scope))
  return inScope
    .filter(({ topics }) => topics[0] === accepted)
    .map((log) => toRecord(deployment, scope, log, inScope))
    .sort((a, b) => a.round - b.round)
}

function toRecord(deployment: Deployment, scope: ScopeId, log: RawLog, inScope: readonly RawLog[]): AcceptedRoundRecord {
  const { args } = decodeLink(log)
  const items = inScope.filter(({ transactionHash, topics }) => transactionHash === log.transactionHash && topics[0] !== accepted)
  return {
    scope,
    round: args['round'] as number,
    epoch: args['epoch'] as number,
    observedAt: args['observedAt'] as number,
    digest: args['digest'] as Hash,
    snapshot: args['snapshot'] as Hash,
    engine: args['engine'] as Hash,
    configuration: args['configuration'] as Hash,
    report: args['report'] as Hash,
    transaction: log.transactionHash,
    block: log.blockNumber,
    outcomes: decodeOutcomes(deployment, items as unknown as Log[]),
  }
}

function eventTopic(abi: typeof controllerMandateAbi | typeof riskParametersAbi, name: string): Hash {
  const found = abi.find((item) => item.type === 'event' && item.name === name)
  if (found?.type !== 'event') throw new TypeError(`The ABI has no event ${name}.`)
  return toEventSelector(found)
}
