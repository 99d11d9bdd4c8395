import type { PublicClient } from 'viem'
import type { Catalogue, ChainReader, Deployment, LiveParameter, ParamId, ScopeId, ScopeReading } from '../../risk/types/index.ts'
import { decodeLane, decodePending, decodeRule, decodeState } from '../codec/index.ts'
import { MissingDataError, WrongChainError, withChainErrors } from '../errors/index.ts'
import { controllerMandateAbi, riskParametersAbi } from '../generated/index.ts'
import { encodeParamId, encodeScopeId, parseScopeId } from '../ids/index.ts'

/**
 * Reads protocol state. Every read of one scope is made at one block, whose hash is checked again at the end, so that a reorganisation in the
 * middle cannot mix two histories.
 *
 * @param catalogue - Names the parameters of each kind of scope.
 * @throws from its functions: {WrongChainError}, {RpcUnavailableError}, {MissingDataError}, {ContractRevertError} for a scope that is not active.
 */
export function createChainReader(client: PublicClient, deployment: Deployment, catalogue: Catalogue): ChainReader {
  const { controllerMandate } = deployment.contracts
  let chainChecked = false

  const readScope = async (scope: ScopeId, block?: bigint): Promise<ScopeReading> => {
    if (!chainChecked) await assertChain(client, deployment)
    chainChecked = true
    const { kind } = parseScopeId(scope)
    const ids = catalogue.parameters.filter((spec) => spec.scopeKind === kind).map(({ id }) => id)
    const pinned = await readBlock(client, block)
    const at = { address: controllerMandate, abi: controllerMandateAbi, blockNumber: pinned.number } as const
    const args = [encodeScopeId(scope)] as const
    const [lane, settings, powers, epoch, ...parameters] = await withChainErrors(
      () =>
        Promise.all([
          client.readContract({ ...at, functionName: 'lane', args }),
          client.readContract({ ...at, functionName: 'settingsOf', args }),
          client.readContract({ ...at, functionName: 'powers', args }),
          client.readContract({ ...at, functionName: 'epoch' }),
          ...ids.map((id) => readLive(client, deployment, scope, id, pinned.number)),
        ]),
      controllerMandate,
      catalogue,
    )
    const after = await readBlock(client, pinned.number)
    if (after.hash !== pinned.hash)
      throw new MissingDataError({ what: `one state of block ${pinned.number}`, detail: 'the chain was reorganised during the reads' })
    return {
      chainId: deployment.chainId,
      block: pinned.number,
      time: pinned.time,
      lane: decodeLane(lane, settings, powers, epoch),
      parameters,
    }
  }
  return { readScope, readTime: async () => (await readBlock(client)).time }
}

/**
 * One parameter with its rule and pending loosening, at one block.
 *
 * @param block - The latest when absent.
 */
export async function readParameter(
  client: PublicClient,
  deployment: Deployment,
  scope: ScopeId,
  id: ParamId,
  block?: bigint,
): Promise<LiveParameter> {
  const { number } = await readBlock(client, block)
  return withChainErrors(() => readLive(client, deployment, scope, id, number), deployment.contracts.riskParameters)
}

async function readLive(
  client: PublicClient,
  deployment: Deployment,
  scope: ScopeId,
  id: ParamId,
  blockNumber: bigint,
): Promise<LiveParameter> {
  const at = { address: deployment.contracts.riskParameters, abi: riskParametersAbi, blockNumber } as const
  const args = [encodeScopeId(scope), encodeParamId(id)] as const
  const [rule, state, pending] = await Promise.all([
    client.readContract({ ...at, functionName: 'ruleOf', args }),
    client.readContract({ ...at, functionName: 'stateOf', args }),
    client.readContract({ ...at, functionName: 'pendingOf', args }),
  ])
  return { id, rule: decodeRule(rule), state: decodeState(state), pending: decodePending(pending) }
}

/** Number, hash and time of a block; the latest when none is named. */
export async function readBlock(client: PublicClient, block?: bigint): Promise<{ number: bigint; hash: `0x${string}`; time: number }> {
  const found = await withChainErrors(() =>
    block === undefined ? client.getBlock({ blockTag: 'latest' }) : client.getBlock({ blockNumber: block }),
  )
  return { number: found.number, hash: found.hash, time: Number(found.timestamp) }
}

/** @throws {WrongChainError} The node serves another chain than the deployment is on. */
export async function assertChain(client: PublicClient, deployment: Deployment): Promise<void> {
  const got = await withChainErrors(() => client.getChainId())
  if (got !== deployment.chainId) throw new WrongChainError({ got, expected: deployment.chainId })
}
