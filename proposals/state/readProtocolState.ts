import { erc20Abi, type PublicClient } from 'viem'
import type { ClearingDeployment } from '../../chain/clearing/index.ts'
import { decodeEntry, decodePending, decodeRule, decodeState } from '../../chain/codec/index.ts'
import { ContractRevertError, MissingDataError, withChainErrors } from '../../chain/errors/index.ts'
import { ballastGovernorAbi, controllerMandateAbi, guardianTermAbi, riskParametersAbi, timelockAbi } from '../../chain/generated/index.ts'
import { encodeParamId, encodeScopeId, fromCode, parseScopeId } from '../../chain/ids/index.ts'
import { assertChain, mapConcurrently, readBlock } from '../../chain/read/index.ts'
import { isStanding } from '../../risk/rules/index.ts'
import { type Address, type Catalogue, type Deployment, laneModes, type ParamId, type ScopeId } from '../../risk/types/index.ts'
import { readClearingState } from '../clearing/index.ts'
import { listScopes } from './listScopes.ts'
import type { PinnedReader } from './PinnedReader.ts'
import type { Balance, GovernorSettings, ProtocolState, StoredLane, StoredParameter } from './ProtocolState.ts'
import { readRoles } from './readRoles.ts'

export type StateQuery = {
  /** The latest when absent. */
  readonly block?: bigint
  /** Accounts whose ether and tokens are read, besides timelock and Governor. */
  readonly accounts?: readonly Address[]
  /** Clearing on top of the protocol; null where there is none. */
  readonly clearing?: ClearingDeployment | null
}

/**
 * Everything that a vote can change, at one block: the block's hash is checked again at the end, so that no reorganisation mixes two states.
 *
 * @throws {MissingDataError} The chain was reorganised during the reads.
 * @throws {WrongChainError} The node serves another chain than the deployment is on.
 */
export async function readProtocolState(
  client: PublicClient,
  deployment: Deployment,
  catalogue: Catalogue,
  query: StateQuery = {},
): Promise<ProtocolState> {
  await assertChain(client, deployment)
  const pinned = await readBlock(client, query.block)
  const reader = { client, deployment, block: pinned.number }
  const [scopes, laneScopes, roles] = await Promise.all([listScopes(reader, 'scope'), listScopes(reader, 'lane'), readRoles(reader)])
  const { contracts } = deployment
  const at = { blockNumber: pinned.number } as const
  const mandate = { address: contracts.controllerMandate, abi: controllerMandateAbi, ...at } as const
  const term = { address: contracts.guardianTerm, abi: guardianTermAbi, ...at } as const
  const state = await withChainErrors(async () => {
    const epoch = await client.readContract({ ...mandate, functionName: 'epoch' })
    const [[engines, threshold], guardian, until, ruleDelay] = await Promise.all([
      client.readContract({ ...mandate, functionName: 'engines' }),
      client.readContract({ ...term, functionName: 'guardian' }),
      client.readContract({ ...term, functionName: 'termEnd' }),
      client.readContract({ address: contracts.riskParameters, abi: riskParametersAbi, functionName: 'RULE_DELAY', ...at }),
    ])
    const keys = scopes.flatMap((scope) => idsOf(catalogue, scope).map((id) => ({ scope, id })))
    const parameters = await mapConcurrently(keys, ({ scope, id }) => readStored(reader, scope, id, pinned.time, epoch))
    return {
      chainId: deployment.chainId,
      block: pinned.number,
      blockHash: pinned.hash,
      time: pinned.time,
      ruleDelay,
      catalogue,
      scopes: scopes.map((scope) => ({ scope, parameters: parameters.filter((_, i) => keys[i]?.scope === scope) })),
      lanes: await mapConcurrently(laneScopes, (scope) => readLane(reader, scope)),
      mandate: { epoch, threshold, engines },
      guardian: { account: guardian, until },
      roles,
      governor: contracts.governor === null ? null : await readGovernor(reader, contracts.governor),
      timelockDelay: await readDelay(reader),
      balances: await readBalances(reader, query),
      clearing: query.clearing == null ? null : await readClearingState(client, query.clearing, pinned.number),
    }
  })
  if ((await readBlock(client, pinned.number)).hash !== pinned.hash)
    throw new MissingDataError({ what: `one state of block ${pinned.number}`, detail: 'the chain was reorganised during the reads' })
  return state
}

const idsOf = (catalogue: Catalogue, scope: ScopeId): ParamId[] => {
  const { kind } = parseScopeId(scope)
  return catalogue.parameters.filter((spec) => spec.scopeKind === kind).map(({ id }) => id)
}

async function readStored(
  { client, deployment, block }: PinnedReader,
  scope: ScopeId,
  id: ParamId,
  time: number,
  epoch: number,
): Promise<StoredParameter> {
  const at = { address: deployment.contracts.riskParameters, abi: riskParametersAbi, blockNumber: block } as const
  const args = [encodeScopeId(scope), encodeParamId(id)] as const
  const [rule, stored, waiting, rulePending] = await Promise.all([
    client.readContract({ ...at, functionName: 'ruleOf', args }),
    client.readContract({ ...at, functionName: 'stateOf', args }),
    client.readContract({ ...at, functionName: 'pendingOf', args }),
    client.readContract({ ...at, functionName: 'pendingRuleOf', args }),
  ])
  const state = decodeState(stored)
  const entry = decodeEntry(await client.readContract({ ...at, functionName: 'entry', args: [...args, state.historyLength - 1] }))
  const pending = decodePending(waiting)
  return {
    id,
    value: state.value,
    effective: state.effective,
    rule: decodeRule(rule),
    pending:
      isStanding(pending, state.historyLength, time) && pending.epoch === epoch ? { target: pending.target, eta: pending.eta } : null,
    pendingRule:
      rulePending.eta === 0 ? null : { rule: decodeRule(rulePending.rule), value: Number(rulePending.value), eta: rulePending.eta },
    last: { writer: entry.writer, time: entry.time, round: entry.round },
  }
}

async function readLane({ client, deployment, block }: PinnedReader, scope: ScopeId): Promise<StoredLane> {
  const at = { address: deployment.contracts.controllerMandate, abi: controllerMandateAbi, blockNumber: block } as const
  const args = [encodeScopeId(scope)] as const
  const [{ mode }, settings, meter] = await Promise.all([
    client.readContract({ ...at, functionName: 'lane', args }),
    client.readContract({ ...at, functionName: 'settingsOf', args }),
    client.readContract({ ...at, functionName: 'meterOf', args }),
  ])
  const { impactNotionalLimit, impactMultipleBps, ...rest } = settings
  return {
    scope,
    mode: fromCode(laneModes, mode),
    settings: {
      ...rest,
      impactNotionalLimit: impactNotionalLimit.toString(),
      impactMultipleBps: impactMultipleBps as StoredLane['settings']['impactMultipleBps'],
    },
    meter,
  }
}

async function readGovernor({ client, block }: PinnedReader, address: Address): Promise<GovernorSettings> {
  const at = { address, abi: ballastGovernorAbi, blockNumber: block } as const
  const [votingDelay, votingPeriod, proposalThreshold, quorumNumerator, lateQuorumExtension, timelock] = await Promise.all([
    client.readContract({ ...at, functionName: 'votingDelay' }),
    client.readContract({ ...at, functionName: 'votingPeriod' }),
    client.readContract({ ...at, functionName: 'proposalThreshold' }),
    client.readContract({ ...at, functionName: 'quorumNumerator' }),
    withChainErrors(() => client.readContract({ ...at, functionName: 'lateQuorumVoteExtension' })).catch(nullWhenRefused),
    client.readContract({ ...at, functionName: 'timelock' }),
  ])
  return {
    votingDelay,
    votingPeriod,
    proposalThreshold,
    quorumNumerator,
    lateQuorumExtension: lateQuorumExtension === null ? null : BigInt(lateQuorumExtension),
    timelock,
  }
}

/** A foreign Governor need not have every module of ours. */
function nullWhenRefused(error: unknown): null {
  if (error instanceof ContractRevertError) return null
  throw error
}

/** Null when the owner is no timelock of OpenZeppelin's kind, for example a Safe. */
async function readDelay({ client, deployment, block }: PinnedReader): Promise<bigint | null> {
  if (deployment.contracts.governor === null) return null
  return client.readContract({ address: deployment.contracts.timelock, abi: timelockAbi, functionName: 'getMinDelay', blockNumber: block })
}

async function readBalances({ client, deployment, block }: PinnedReader, { accounts = [] }: StateQuery): Promise<Balance[]> {
  const { timelock, governor, token } = deployment.contracts
  const owners = unique([timelock, ...(governor === null ? [] : [governor]), ...accounts])
  const assets = token === null ? [] : [token]
  return (
    await mapConcurrently(owners, async (account) => [
      { account, asset: 'ETH', amount: await client.getBalance({ address: account, blockNumber: block }) },
      ...(await Promise.all(
        assets.map(async (asset) => ({
          account,
          asset,
          amount: await client.readContract({
            address: asset,
            abi: erc20Abi,
            functionName: 'balanceOf',
            args: [account],
            blockNumber: block,
          }),
        })),
      )),
    ])
  ).flat()
}

const unique = (addresses: readonly Address[]): Address[] => [...new Map(addresses.map((each) => [each.toLowerCase(), each])).values()]
