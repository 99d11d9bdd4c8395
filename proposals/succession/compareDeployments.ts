import type { PublicClient } from 'viem'
import type { DeploymentCheck } from '../../chain/deploy/index.ts'
import { withChainErrors } from '../../chain/errors/index.ts'
import { controllerMandateAbi, riskParametersAbi } from '../../chain/generated/index.ts'
import { encodeParamId, encodeScopeId } from '../../chain/ids/index.ts'
import { readBlock, readParameter } from '../../chain/read/index.ts'
import { canonicalJson } from '../../risk/hash/index.ts'
import type { Address, Catalogue, Deployment, Json, ScopeId } from '../../risk/types/index.ts'
import { type ProtocolState, readProtocolState, type StoredParameter } from '../state/index.ts'

/** Words of an export that `ruleOf` and `stateOf` say in full; the live word also holds the length of the history, which begins anew. */
const RULE_AND_LIVE_WORDS = 3
const writerRoles = ['mandate', 'stewards', 'veto']

/**
 * Holds a successor against the deployment it took over from, both at one block: every value, effective value, rule, use of a budget, timer, veto and window of the history; guardian, stewards,
 * lanes; nothing pending on either side; and nobody but the DAO left who could write to the old store. True from the execution of the hand-over until the first write to the successor.
 *
 * @param block - The latest when absent.
 * @throws {WrongChainError}, {RpcUnavailableError} as every read of a chain.
 */
export async function compareDeployments(
  client: PublicClient,
  catalogue: Catalogue,
  { predecessor, successor, block }: { readonly predecessor: Deployment; readonly successor: Deployment; readonly block?: bigint },
): Promise<DeploymentCheck[]> {
  const { number } = await readBlock(client, block)
  const [old, now] = await Promise.all(
    [predecessor, successor].map((each) => readProtocolState(client, each, catalogue, { block: number })),
  )
  if (old === undefined || now === undefined) throw new TypeError('Two deployments give two states.')
  const scopes = await Promise.all(
    old.scopes.map(({ scope, parameters }) => scopeChecks(client, predecessor, successor, scope, parameters, now, number)),
  )
  return [
    same('active scopes', names(old.scopes.map(({ scope }) => scope)), names(now.scopes.map(({ scope }) => scope))),
    ...scopes.flat(),
    same('guardian', old.guardian, now.guardian),
    same('stewards', holders(old, ['steward']), holders(now, ['steward'])),
    ...old.lanes
      .filter(({ settings }) => settings.expiresAt > old.time)
      .map(({ scope, settings }) => same(`lane of ${scope}`, settings, now.lanes.find((lane) => lane.scope === scope)?.settings ?? null)),
    same('old store: modules that can write', [], holders(old, writerRoles)),
    same('old mandate: engines', [], old.mandate.engines),
    ...(await Promise.all(old.lanes.map(({ scope }) => closedCheck(client, predecessor, scope, number)))),
  ]
}

async function scopeChecks(
  client: PublicClient,
  predecessor: Deployment,
  successor: Deployment,
  scope: ScopeId,
  parameters: readonly StoredParameter[],
  now: ProtocolState,
  block: bigint,
): Promise<DeploymentCheck[]> {
  const taken = now.scopes.find((each) => each.scope === scope)
  if (taken === undefined) return []
  const checks = await Promise.all(
    parameters.map(async (stored) => {
      const { id } = stored
      const other = taken.parameters.find((each) => each.id === id)
      const [before, after, exported, imported] = await Promise.all([
        readParameter(client, predecessor, scope, id, block),
        readParameter(client, successor, scope, id, block),
        readExport(client, predecessor, scope, id, block),
        readExport(client, successor, scope, id, block),
      ])
      const { historyLength: _old, ...then } = before.state
      const { historyLength: _new, ...since } = after.state
      return [
        same(`${scope} ${id}: rule`, before.rule, after.rule),
        same(`${scope} ${id}: value, budgets, timers`, then, since),
        same(`${scope} ${id}: veto, undo, windows of the history`, exported, imported),
        same(`${scope} ${id}: pending`, [null, null], [stored.pending, other?.pending ?? null]),
        same(`${scope} ${id}: pending rule of the successor`, null, other?.pendingRule ?? null),
      ]
    }),
  )
  return checks.flat()
}

/** What a parameter hands over besides rule and live value: end of its veto, time of its last undo, and every history entry that a window still holds. */
async function readExport(client: PublicClient, { contracts }: Deployment, scope: ScopeId, id: string, block: bigint): Promise<string[]> {
  const words = await withChainErrors(() =>
    client.readContract({
      address: contracts.riskParameters,
      abi: riskParametersAbi,
      functionName: 'exportOf',
      args: [encodeScopeId(scope), encodeParamId(id)],
      blockNumber: block,
    }),
  )
  return words.slice(RULE_AND_LIVE_WORDS).map((word) => `0x${word.toString(16)}`)
}

async function closedCheck(client: PublicClient, { contracts }: Deployment, scope: ScopeId, block: bigint): Promise<DeploymentCheck> {
  const { submit } = await withChainErrors(() =>
    client.readContract({
      address: contracts.controllerMandate,
      abi: controllerMandateAbi,
      functionName: 'powers',
      args: [encodeScopeId(scope)],
      blockNumber: block,
    }),
  )
  return same(`old mandate: ${scope} takes rounds`, false, submit)
}

const names = (list: readonly string[]): string[] => [...list].sort()

const holders = ({ roles }: ProtocolState, wanted: readonly string[]): Address[] =>
  roles
    .filter(({ contract, role }) => contract === 'riskParameters' && wanted.includes(role))
    .map(({ account }) => account)
    .sort()

function same(subject: string, expected: unknown, actual: unknown): DeploymentCheck {
  const [wanted, got] = [expected, actual].map((each) => canonicalJson(each as Json))
  return { subject, expected: wanted ?? '', actual: got ?? '', holds: wanted === got }
}
