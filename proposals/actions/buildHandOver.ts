import { encodeFunctionData } from 'viem'
import { riskParametersAbi } from '../../chain/generated/index.ts'
import { encodeScopeId, storeRoles } from '../../chain/ids/index.ts'
import { buildRevokeEpoch } from '../../chain/write/index.ts'
import { InvalidInputError } from '../../risk/errors/index.ts'
import type { Action, Deployment } from '../../risk/types/index.ts'
import { equalTo } from '../conditions/index.ts'
import { buildAppointGuardian, buildOpenLane, buildSetEngines, buildSetRole } from '../draft/actions.ts'
import type { BuildContext } from './BuildContext.ts'
import { type BuiltAction, emptyAction } from './BuiltAction.ts'

/** Modules of the old store that can write to it. */
const writers = ['mandate', 'stewards', 'veto'] as const
const moduleOf = { mandate: 'controllerMandate', stewards: 'riskStewards', veto: 'looseningVeto' } as const

/**
 * Hands everything to a successor store with the same catalogue: scopes with rules, values, timers and the history of every window; stewards, guardian, engines; lanes in shadow. The old epoch
 * is revoked and the old modules lose their roles, so that only the DAO can still write to the old store.
 *
 * @throws {InvalidInputError} It is the same store, on another chain, or with another catalogue.
 */
export function buildHandOver(successor: Deployment, { deployment, state }: BuildContext): BuiltAction {
  if (successor.chainId !== deployment.chainId || successor.contracts.riskParameters === deployment.contracts.riskParameters)
    throw new InvalidInputError({
      argument: 'successor',
      got: `${successor.contracts.riskParameters} on chain ${successor.chainId}`,
      limit: `another store on chain ${deployment.chainId}`,
    })
  if (successor.catalogue !== deployment.catalogue)
    throw new InvalidInputError({
      argument: 'catalogue of the successor',
      got: successor.catalogue,
      limit: `that of this deployment, ${deployment.catalogue}`,
    })
  const old = deployment.contracts.riskParameters
  const store = successor.contracts.riskParameters
  const imports = state.scopes.map(({ scope }): Action => {
    const data = encodeFunctionData({ abi: riskParametersAbi, functionName: 'importScope', args: [old, encodeScopeId(scope)] })
    return { target: store, value: 0n, data, summary: `Import ${scope} into ${store} with values, rules, timers and windows` }
  })
  const stewards = state.roles
    .filter(({ contract, role }) => contract === 'riskParameters' && role === 'steward')
    .map(({ account }) => account)
  const { engines, threshold } = state.mandate
  const lasting = state.guardian.until > state.time
  const revoked = buildRevokeEpoch(deployment)
  return {
    ...emptyAction,
    successors: [successor],
    actions: [
      ...imports,
      ...stewards.map((account) => buildSetRole(successor, 'steward', account, true)),
      ...(lasting ? [buildAppointGuardian(successor, state.guardian.account, state.guardian.until)] : []),
      ...(engines.length > 0 ? [buildSetEngines(successor, engines, threshold)] : []),
      ...state.lanes
        .filter(({ settings }) => settings.expiresAt > state.time)
        .map(({ scope, settings }) => buildOpenLane(successor, scope, 'shadow', settings)),
      {
        target: revoked.to,
        value: 0n,
        data: revoked.data,
        summary: 'Revoke the old epoch: every engine key, signature and pending loosening is void',
      },
      ...writers.map((role) => buildSetRole(deployment, role, deployment.contracts[moduleOf[role]], false)),
    ],
    readings: [
      ...state.scopes.map(({ scope }) =>
        equalTo(store, encodeFunctionData({ abi: riskParametersAbi, functionName: 'isActive', args: [encodeScopeId(scope)] }), 1n),
      ),
      ...writers.map((role) =>
        equalTo(
          old,
          encodeFunctionData({
            abi: riskParametersAbi,
            functionName: 'hasRole',
            args: [storeRoles[role], deployment.contracts[moduleOf[role]]],
          }),
          0n,
        ),
      ),
    ],
  }
}
