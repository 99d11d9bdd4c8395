import { encodeFunctionData, getAddress, isAddress } from 'viem'
import { encodeInteger, encodeRule, encodeSettings } from '../../chain/codec/index.ts'
import { controllerMandateAbi, guardianTermAbi, riskParametersAbi } from '../../chain/generated/index.ts'
import { encodeParamId, encodeScopeId, parseScopeId, type StoreRole, storeRoles } from '../../chain/ids/index.ts'
import { InvalidInputError } from '../../risk/errors/index.ts'
import {
  type Action,
  type Address,
  type Catalogue,
  type Deployment,
  type Hex,
  type LaneMode,
  type LaneSettings,
  laneModes,
  type ParameterRule,
  type ParameterValue,
  type ParamId,
  type ScopeId,
  type UnixSeconds,
} from '../../risk/types/index.ts'

/** A new scope: a rule and a first value for every parameter of its kind. */
export type ScopeActivation = {
  readonly scope: ScopeId
  readonly parameters: readonly { readonly id: ParamId; readonly rule: ParameterRule; readonly value: ParameterValue }[]
}

const call = (target: Address, data: Hex, summary: string): Action => ({ target, value: 0n, data, summary })
const byId = (a: { readonly id: ParamId }, b: { readonly id: ParamId }): number => (encodeParamId(a.id) < encodeParamId(b.id) ? -1 : 1)
const time = (seconds: UnixSeconds): string => new Date(seconds * 1000).toISOString().replace('.000Z', 'Z')

/**
 * Activates a scope with all its rules and values at once. Order of the input does not matter.
 *
 * @throws {InvalidInputError} A parameter of this kind of scope is missing, unknown or twice, or a value lies outside its rule.
 */
export function buildActivateScope(deployment: Deployment, catalogue: Catalogue, { scope, parameters }: ScopeActivation): Action {
  const { kind } = parseScopeId(scope)
  const wanted = catalogue.parameters.filter((spec) => spec.scopeKind === kind).map(({ id }) => id)
  const given = parameters.map(({ id }) => id)
  assertSameIds(scope, wanted, given)
  for (const { id, rule, value } of parameters) assertInside(scope, id, rule, value)
  const sorted = [...parameters].sort(byId)
  const data = encodeFunctionData({
    abi: riskParametersAbi,
    functionName: 'activateScope',
    args: [
      encodeScopeId(scope),
      sorted.map(({ id }) => encodeParamId(id)),
      sorted.map(({ rule }) => encodeRule(rule)),
      sorted.map(({ value }) => encodeInteger(value)),
    ],
  })
  return call(deployment.contracts.riskParameters, data, `Activate ${scope} with ${sorted.length} parameters`)
}

/** Sets values of one scope: skips step, cooldown, budget and veto, never range or joint invariants. */
export function buildSetValues(deployment: Deployment, scope: ScopeId, values: Readonly<Record<ParamId, ParameterValue>>): Action {
  const sorted = Object.entries(values)
    .map(([id, value]) => ({ id, value }))
    .sort(byId)
  if (sorted.length === 0) throw new InvalidInputError({ argument: 'values', got: 'none', limit: 'at least one parameter' })
  const args = [encodeScopeId(scope), sorted.map(({ id }) => encodeParamId(id)), sorted.map(({ value }) => encodeInteger(value))] as const
  const data = encodeFunctionData({ abi: riskParametersAbi, functionName: 'setValues', args })
  return call(deployment.contracts.riskParameters, data, `In ${scope} set ${sorted.map(({ id, value }) => `${id} to ${value}`).join(', ')}`)
}

/**
 * Sets rules of one scope. What only restricts loosening is in force at once, anything else after the rule delay.
 *
 * @param rules - With `value` the bound nearest to the live value where the rule excludes it, else null.
 */
export function buildSetRules(
  deployment: Deployment,
  scope: ScopeId,
  rules: readonly { readonly id: ParamId; readonly rule: ParameterRule; readonly value: ParameterValue | null }[],
): Action {
  if (rules.length === 0) throw new InvalidInputError({ argument: 'rules', got: 'none', limit: 'at least one parameter' })
  const sorted = [...rules].sort(byId)
  const data = encodeFunctionData({
    abi: riskParametersAbi,
    functionName: 'setRules',
    args: [
      encodeScopeId(scope),
      sorted.map(({ id }) => encodeParamId(id)),
      sorted.map(({ rule }) => encodeRule(rule)),
      sorted.map(({ value }) => encodeInteger(value ?? 0)),
    ],
  })
  return call(deployment.contracts.riskParameters, data, `In ${scope} set the rules of ${sorted.map(({ id }) => id).join(', ')}`)
}

/** Withdraws a rule that waits. */
export function buildCancelRule(deployment: Deployment, scope: ScopeId, id: ParamId): Action {
  const data = encodeFunctionData({ abi: riskParametersAbi, functionName: 'cancelRule', args: [encodeScopeId(scope), encodeParamId(id)] })
  return call(deployment.contracts.riskParameters, data, `In ${scope} cancel the waiting rule of ${id}`)
}

/**
 * Replaces the set of engines and starts a new epoch: every signature of the old set is void.
 *
 * @throws {InvalidInputError} An engine is twice or no address, or the threshold is not between 1 and their number.
 */
export function buildSetEngines(deployment: Deployment, engines: readonly Address[], threshold: number): Action {
  const sorted = assertAddresses('engines', engines)
  if (!Number.isSafeInteger(threshold) || threshold < 1 || threshold > sorted.length)
    throw new InvalidInputError({ argument: 'threshold', got: threshold, limit: `from 1 to ${sorted.length}, the number of engines` })
  const data = encodeFunctionData({ abi: controllerMandateAbi, functionName: 'setEngines', args: [sorted, threshold] })
  return call(
    deployment.contracts.controllerMandate,
    data,
    `Appoint ${sorted.length} engines, ${threshold} of which must sign: ${sorted.join(', ')}`,
  )
}

/** Opens the lane of a scope for the controller. */
export function buildOpenLane(
  deployment: Deployment,
  scope: ScopeId,
  mode: Extract<LaneMode, 'shadow' | 'canary' | 'live'>,
  settings: LaneSettings,
): Action {
  const args = [encodeScopeId(scope), laneModes.indexOf(mode), encodeSettings(settings)] as const
  const data = encodeFunctionData({ abi: controllerMandateAbi, functionName: 'openLane', args })
  return call(deployment.contracts.controllerMandate, data, `Open the lane of ${scope} in mode ${mode} until ${time(settings.expiresAt)}`)
}

/** Renews or changes the settings of a lane, for example its expiry. */
export function buildSetLaneSettings(deployment: Deployment, scope: ScopeId, settings: LaneSettings): Action {
  const args = [encodeScopeId(scope), encodeSettings(settings)] as const
  const data = encodeFunctionData({ abi: controllerMandateAbi, functionName: 'setSettings', args })
  return call(deployment.contracts.controllerMandate, data, `Set the lane of ${scope}, which then ends ${time(settings.expiresAt)}`)
}

/** From TIGHTEN_ONLY or PAUSED back to LIVE, through CANARY. */
export function buildResumeLane(deployment: Deployment, scope: ScopeId): Action {
  const data = encodeFunctionData({ abi: controllerMandateAbi, functionName: 'resume', args: [encodeScopeId(scope)] })
  return call(deployment.contracts.controllerMandate, data, `Resume the lane of ${scope}`)
}

/** Names the contract that meters realised liquidations of a scope. */
export function buildSetMeter(deployment: Deployment, scope: ScopeId, meter: Address): Action {
  const data = encodeFunctionData({ abi: controllerMandateAbi, functionName: 'setMeter', args: [encodeScopeId(scope), meter] })
  return call(deployment.contracts.controllerMandate, data, `Meter the liquidations of ${scope} by ${meter}`)
}

/** Grants or revokes a role on the parameter store, for example to a steward. */
export function buildSetRole(deployment: Deployment, role: StoreRole, account: Address, granted: boolean): Action {
  const [checked] = assertAddresses('account', [account])
  const functionName = granted ? 'grantRole' : 'revokeRole'
  const data = encodeFunctionData({ abi: riskParametersAbi, functionName, args: [storeRoles[role], checked as Address] })
  return call(
    deployment.contracts.riskParameters,
    data,
    `${granted ? 'Grant' : 'Revoke'} the role ${role} ${granted ? 'to' : 'from'} ${account}`,
  )
}

/** Appoints the guardian; the contract refuses a term beyond its maximum, counted from the execution. */
export function buildAppointGuardian(deployment: Deployment, guardian: Address, until: UnixSeconds): Action {
  const [checked] = assertAddresses('guardian', [guardian])
  const data = encodeFunctionData({ abi: guardianTermAbi, functionName: 'appoint', args: [checked as Address, until] })
  return call(deployment.contracts.guardianTerm, data, `Appoint ${guardian} as guardian until ${time(until)}`)
}

function assertSameIds(scope: ScopeId, wanted: readonly ParamId[], given: readonly ParamId[]): void {
  const missing = wanted.filter((id) => !given.includes(id))
  const unknown = given.filter((id) => !wanted.includes(id))
  const twice = given.filter((id, i) => given.indexOf(id) !== i)
  if (wanted.length === 0 || missing.length + unknown.length + twice.length > 0)
    throw new InvalidInputError({
      argument: `parameters of ${scope}`,
      got: `missing: ${missing.join(', ') || 'none'}; unknown: ${unknown.join(', ') || 'none'}; twice: ${twice.join(', ') || 'none'}`,
      limit: `exactly ${wanted.join(', ') || 'the parameters of a known kind of scope'}`,
    })
}

function assertInside(scope: ScopeId, id: ParamId, rule: ParameterRule, value: ParameterValue): void {
  if (value < rule.floor || value > rule.ceiling)
    throw new InvalidInputError({ argument: `value of ${id} in ${scope}`, got: value, limit: `from ${rule.floor} to ${rule.ceiling}` })
}

function assertAddresses(argument: string, addresses: readonly Address[]): Address[] {
  const sorted = addresses.map((address) => {
    if (!isAddress(address, { strict: false })) throw new InvalidInputError({ argument, got: address, limit: 'addresses' })
    return getAddress(address)
  })
  sorted.sort((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1))
  const twice = sorted.find((address, i) => sorted[i + 1] === address)
  if (twice !== undefined) throw new InvalidInputError({ argument, got: twice, limit: 'each address once' })
  return sorted
}
