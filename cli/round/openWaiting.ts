import type { Command } from 'commander'
import { withChainErrors } from '../../chain/errors/index.ts'
import { controllerMandateAbi } from '../../chain/generated/index.ts'
import { createChainReader } from '../../chain/read/index.ts'
import { adjustmentDigest, type Domain, readDomain } from '../../chain/typed-data/index.ts'
import { needsSteward, type StewardNeed } from '../../controller/engine/needsSteward.ts'
import type { WaitingAnswer } from '../../controller/http/waitingSchema.ts'
import { canonicalJson, contentHash } from '../../risk/hash/index.ts'
import type { Address, Adjustment, Hash, Json, LaneState, RiskReport, RoundSignature, UnixSeconds } from '../../risk/types/index.ts'
import { type ActNode, openActNode } from '../act/openActNode.ts'
import { CliError } from '../kit/CliError.ts'
import type { CommandContext } from '../kit/defineCommand.ts'
import { addChainOptions, type ChainOptions } from '../kit/options.ts'
import { isScope } from '../parameters/findParameter.ts'
import { createEngineClient, type EngineClient } from './createEngineClient.ts'

export type WaitingOptions = ChainOptions & { readonly engine: string; readonly scope?: string }

/** A round that an engine says waits for a steward: digest and report follow from the fields, and the lane is the chain's. */
export type WaitingRound = {
  readonly adjustment: Adjustment
  readonly digest: Hash
  readonly signatures: readonly RoundSignature[]
  readonly report: RiskReport
  /** How much longer the engine says that it waits. */
  readonly waitSeconds: number
  readonly lane: LaneState
  /** Of the block that the lane was read at. */
  readonly now: UnixSeconds
  /** Null when the lane needs no steward's signature under it any more. */
  readonly need: StewardNeed | null
}

export type OpenedWaiting = {
  readonly node: ActNode
  readonly client: EngineClient
  /** One of the mandate's engines. */
  readonly engine: Address
  readonly domain: Domain
  readonly rounds: readonly WaitingRound[]
}

export function addWaitingOptions(command: Command): Command {
  command
    .requiredOption('--engine <url>', 'engine that is asked, for example http://127.0.0.1:8600')
    .option('--scope <scope>', 'only this scope, for example market:ETH')
  return addChainOptions(command)
}

/**
 * What waits for a steward at an engine, held against the chain as far as that goes without computing the round again.
 *
 * @throws {CliError} `checkFailed`: who answers is no engine of the mandate, or a digest or report does not follow from what it says.
 */
export async function openWaiting({ engine: url, scope, ...options }: WaitingOptions, context: CommandContext): Promise<OpenedWaiting> {
  const client = createEngineClient(url, context.signal)
  const node = await openActNode(options, context)
  const answer = await client.fetchWaiting()
  const { controllerMandate: address } = node.deployment.contracts
  const [[engines], domain] = await Promise.all([
    withChainErrors(() => node.client.readContract({ address, abi: controllerMandateAbi, functionName: 'engines' }), address),
    readDomain(node.client, address),
  ])
  const engine = engines.find((each) => each.toLowerCase() === answer.engine.toLowerCase())
  if (engine === undefined)
    throw new CliError(
      'checkFailed',
      `${answer.engine} at ${client.host} is no engine of this mandate.`,
      `Its engines are ${engines.join(', ') || 'none'}.`,
      { engine: answer.engine },
    )
  const wanted = answer.rounds.filter(({ adjustment }) => scope === undefined || isScope(adjustment.scope, scope))
  const rounds = await Promise.all(wanted.map((round) => openRound(node, domain, round)))
  return { node, client, engine, domain, rounds }
}

async function openRound(node: ActNode, domain: Domain, said: WaitingAnswer['rounds'][number]): Promise<WaitingRound> {
  const { digest, signatures, waitSeconds } = said
  const adjustment = { ...said.adjustment, impactNotional: BigInt(said.adjustment.impactNotional) } as unknown as Adjustment
  const { scope, round } = adjustment
  const own = adjustmentDigest(adjustment, domain)
  const fault = (what: string, ours: Hash, theirs: Hash): CliError =>
    new CliError(
      'checkFailed',
      `The ${what} of round ${round} of ${scope} does not follow from what the engine says.`,
      `It says ${theirs}; here it is ${ours}.`,
    )
  if (own !== digest) throw fault('digest', own, digest)
  const report = contentHash(canonicalJson(said.report as Json))
  if (report !== adjustment.report) throw fault('report', report, adjustment.report)
  const { lane, time } = await createChainReader(node.client, node.deployment, node.catalogue).readScope(scope)
  return {
    adjustment,
    digest,
    signatures,
    report: said.report as unknown as RiskReport,
    waitSeconds,
    lane,
    now: time,
    need: needsSteward(lane, adjustment),
  }
}
