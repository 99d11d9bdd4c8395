import { type Log, type PublicClient, toEventSelector } from 'viem'
import { withChainErrors } from '../../chain/errors/index.ts'
import { controllerMandateAbi, riskParametersAbi } from '../../chain/generated/index.ts'
import { encodeScopeId } from '../../chain/ids/index.ts'
import { decodeLink, fetchLogs, mapConcurrently, type RawLog } from '../../chain/read/index.ts'
import { decodeOutcomes } from '../../chain/write/index.ts'
import type { Deployment, Hash, ItemOutcome, ScopeId, UnixSeconds } from '../../risk/types/index.ts'

/** A round of one scope as the mandate accepted it, with what became of its items. */
export type AcceptedRound = {
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
  readonly nonce: number
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
): Promise<AcceptedRound[]> {
  const { controllerMandate, riskParameters } = deployment.contracts
  const logs = await fetchLogs(client, {
    addresses: [controllerMandate, riskParameters],
    topics: [accepted, ...outcomes],
    fromBlock,
    toBlock,
  })
  const inScope = logs.filter(({ topics }) => topics[1] === encodeScopeId(scope))
  const rounds = inScope.filter(({ topics }) => topics[0] === accepted)
  const records = await mapConcurrently(rounds, async (log) => {
    const { nonce } = await withChainErrors(() => client.getTransaction({ hash: log.transactionHash }))
    return toRecord(deployment, scope, log, inScope, nonce)
  })
  return records.sort((a, b) => a.round - b.round)
}

function toRecord(deployment: Deployment, scope: ScopeId, log: RawLog, inScope: readonly RawLog[], nonce: number): AcceptedRound {
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
    nonce,
    block: log.blockNumber,
    outcomes: decodeOutcomes(deployment, items as unknown as Log[]),
  }
}

function eventTopic(abi: typeof controllerMandateAbi | typeof riskParametersAbi, name: string): Hash {
  const found = abi.find((item) => item.type === 'event' && item.name === name)
  if (found?.type !== 'event') throw new TypeError(`The ABI has no event ${name}.`)
  return toEventSelector(found)
}
