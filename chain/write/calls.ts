import { encodeFunctionData } from 'viem'
import type { Address, Adjustment, Deployment, Hex, ParameterRule, ParamId, RoundSignature, ScopeId } from '../../risk/types/index.ts'
import { encodeAdjustment, encodeRule, encodeSignature, encodeSignatures } from '../codec/index.ts'
import { controllerMandateAbi, looseningVetoAbi, riskParametersAbi, riskStewardsAbi } from '../generated/index.ts'
import { encodeParamId, encodeScopeId } from '../ids/index.ts'
import { type EmergencyTightening, encodeEmergencyTightening, type Veto } from '../typed-data/index.ts'

/** A call that anyone with the right role may send; no ether goes with it. */
export type Call = { readonly to: Address; readonly data: Hex }

const keyOf = (scope: ScopeId, id: ParamId): readonly [Hex, Hex] => [encodeScopeId(scope), encodeParamId(id)]

/** Signatures are sorted as the contract wants them; `cosign` is null when no steward signed. */
export function buildSubmitRound(
  deployment: Deployment,
  adjustment: Adjustment,
  signatures: readonly RoundSignature[],
  cosign: RoundSignature | null,
): Call {
  const args = [encodeAdjustment(adjustment), encodeSignatures(signatures), encodeSignature(cosign)] as const
  return {
    to: deployment.contracts.controllerMandate,
    data: encodeFunctionData({ abi: controllerMandateAbi, functionName: 'submitRound', args }),
  }
}

/** Anyone, once a pending loosening is due. */
export function buildExecuteLoosening(deployment: Deployment, scope: ScopeId, id: ParamId): Call {
  const args = keyOf(scope, id)
  return {
    to: deployment.contracts.controllerMandate,
    data: encodeFunctionData({ abi: controllerMandateAbi, functionName: 'executeLoosening', args }),
  }
}

/** Dead-man: anyone, after a long silence of the lane. */
export function buildWalk(deployment: Deployment, scope: ScopeId, id: ParamId): Call {
  const args = keyOf(scope, id)
  return { to: deployment.contracts.controllerMandate, data: encodeFunctionData({ abi: controllerMandateAbi, functionName: 'walk', args }) }
}

/** Anyone; succeeds when realised liquidations exceed what the last round stated. */
export function buildCheckImpact(deployment: Deployment, scope: ScopeId): Call {
  const args = [encodeScopeId(scope)] as const
  return {
    to: deployment.contracts.controllerMandate,
    data: encodeFunctionData({ abi: controllerMandateAbi, functionName: 'checkImpact', args }),
  }
}

/** Guardian: `pause` stops the lane, `tightenOnly` stops loosening. */
export function buildGuardianStop(deployment: Deployment, scope: ScopeId, functionName: 'pause' | 'tightenOnly'): Call {
  const args = [encodeScopeId(scope)] as const
  return { to: deployment.contracts.controllerMandate, data: encodeFunctionData({ abi: controllerMandateAbi, functionName, args }) }
}

/** Guardian or DAO: voids every key, signature and pending loosening at once. */
export function buildRevokeEpoch(deployment: Deployment): Call {
  return {
    to: deployment.contracts.controllerMandate,
    data: encodeFunctionData({ abi: controllerMandateAbi, functionName: 'revokeEpoch' }),
  }
}

/** Anyone, once a pending rule's delay has passed. */
export function buildActivateRule(deployment: Deployment, scope: ScopeId, id: ParamId): Call {
  const args = keyOf(scope, id)
  return {
    to: deployment.contracts.riskParameters,
    data: encodeFunctionData({ abi: riskParametersAbi, functionName: 'activateRule', args }),
  }
}

/** Guardian, or a holder with votes at the second before the pending was made. */
export function buildVeto(deployment: Deployment, scope: ScopeId, id: ParamId): Call {
  const args = keyOf(scope, id)
  return { to: deployment.contracts.looseningVeto, data: encodeFunctionData({ abi: looseningVetoAbi, functionName: 'veto', args }) }
}

/** Anyone with a holder's signature of `vetoDigest`. */
export function buildVetoBySig(deployment: Deployment, veto: Veto, signature: Hex): Call {
  const args = [...keyOf(veto.scope, veto.id), veto.createdAt, veto.voter, veto.deadline, signature] as const
  return { to: deployment.contracts.looseningVeto, data: encodeFunctionData({ abi: looseningVetoAbi, functionName: 'vetoBySig', args }) }
}

/** Steward; `guardian` signs `emergencyTighteningDigest` above the lane's impact limits, else null. */
export function buildTighten(deployment: Deployment, tightening: EmergencyTightening, guardian: RoundSignature | null): Call {
  const args = [encodeEmergencyTightening(tightening), encodeSignature(guardian)] as const
  return { to: deployment.contracts.riskStewards, data: encodeFunctionData({ abi: riskStewardsAbi, functionName: 'tighten', args }) }
}

/** Anyone with both signatures of `undoDigest`; `steward` is null where the guardian alone suffices. */
export function buildUndo(
  deployment: Deployment,
  scope: ScopeId,
  id: ParamId,
  entry: number,
  steward: RoundSignature | null,
  guardian: RoundSignature,
): Call {
  const args = [...keyOf(scope, id), entry, encodeSignature(steward), encodeSignature(guardian)] as const
  return { to: deployment.contracts.riskStewards, data: encodeFunctionData({ abi: riskStewardsAbi, functionName: 'undo', args }) }
}

/** What `undo` asks of the store: only the stewards module may, so this is for simulation, before anybody signs. */
export function buildStoreUndo(deployment: Deployment, scope: ScopeId, id: ParamId, entry: number): Call {
  const args = [...keyOf(scope, id), entry] as const
  return { to: deployment.contracts.riskParameters, data: encodeFunctionData({ abi: riskParametersAbi, functionName: 'undo', args }) }
}

/** Steward or guardian: a rule that only restricts loosening. */
export function buildRestrict(deployment: Deployment, scope: ScopeId, id: ParamId, rule: ParameterRule): Call {
  const args = [...keyOf(scope, id), encodeRule(rule)] as const
  return { to: deployment.contracts.riskStewards, data: encodeFunctionData({ abi: riskStewardsAbi, functionName: 'restrict', args }) }
}
