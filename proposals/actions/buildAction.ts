import { encodeFunctionData, getAddress, isAddress } from 'viem'
import { controllerMandateAbi, guardianTermAbi, riskParametersAbi } from '../../chain/generated/index.ts'
import { encodeParamId, encodeScopeId, storeRoles } from '../../chain/ids/index.ts'
import { buildGuardianStop, buildRevokeEpoch } from '../../chain/write/index.ts'
import { InvalidInputError } from '../../risk/errors/index.ts'
import { ruleFaults } from '../../risk/rules/index.ts'
import type {
  Action,
  Address,
  LaneSettings,
  ParameterRule,
  ParameterSpec,
  ParameterValue,
  ParamId,
  ScopeId,
} from '../../risk/types/index.ts'
import { equalTo, type ReadingCondition } from '../conditions/index.ts'
import {
  buildActivateScope,
  buildAppointGuardian,
  buildCancelRule,
  buildOpenLane,
  buildResumeLane,
  buildSetEngines,
  buildSetLaneSettings,
  buildSetMeter,
  buildSetRole,
  buildSetRules,
  buildSetValues,
} from '../draft/actions.ts'
import type { DraftAction, LaneFields } from '../draft/draftSchema.ts'
import { formatQuantity } from '../draft/formatQuantity.ts'
import { didYouMean } from '../draft/nearestNames.ts'
import { parseDuration, parseQuantity, parseUsdWad } from '../draft/parseQuantity.ts'
import { findStored, type StoredLane, type StoredParameter } from '../state/index.ts'
import type { BuildContext } from './BuildContext.ts'
import { type BuiltAction, emptyAction } from './BuiltAction.ts'
import { buildCall } from './buildCall.ts'
import { buildClearing } from './buildClearing.ts'
import { buildHandOver } from './buildHandOver.ts'
import { parseRule } from './parseRule.ts'
import { expectedRuleReadings } from './ruleReadings.ts'

/** Tells a problem at a place inside the action; the work goes on, so that all problems are found at once. */
export type Report = (path: readonly (string | number)[], problem: string) => void

/**
 * Calls, post-conditions and stated effects of one action of a draft.
 *
 * @throws {InvalidInputError} What cannot be built at all.
 */
export async function buildAction(action: DraftAction, context: BuildContext, report: Report): Promise<BuiltAction> {
  const { deployment, state } = context
  const { riskParameters, controllerMandate, guardianTerm } = deployment.contracts
  switch (action.do) {
    case 'setValues':
      return setValues(action, context, report)
    case 'setRules':
      return setRules(action, context, report)
    case 'cancelRule': {
      const scope = action.scope as ScopeId
      if (!isActive(context, scope, report)) return emptyAction
      const live = liveParameter(context, scope, action.parameter, (problem) => report(['parameter'], problem))
      if (live === null) return emptyAction
      if (live.stored.pendingRule === null) report(['parameter'], `no rule of ${action.parameter} waits in ${scope}`)
      const data = encodeFunctionData({
        abi: riskParametersAbi,
        functionName: 'pendingRuleOf',
        args: [encodeScopeId(scope), encodeParamId(live.spec.id)],
      })
      return {
        ...emptyAction,
        actions: [buildCancelRule(deployment, scope, live.spec.id)],
        readings: [equalTo(riskParameters, data, 0n, 16n)],
      }
    }
    case 'list':
      return list(action, context, report)
    case 'openMandate':
    case 'renewMandate': {
      const scope = action.scope as ScopeId
      const lane = state.lanes.find((each) => each.scope === scope)
      if (
        !state.scopes.some((each) => each.scope === scope) &&
        !context.catalogue.parameters.some(({ scopeKind }) => scope.startsWith(`${scopeKind}:`))
      )
        report(['scope'], `no parameter of the catalogue lives in ${scope}`)
      if (action.do === 'renewMandate' && lane === undefined) {
        report(
          ['scope'],
          `${scope} has no lane to renew${didYouMean(
            scope,
            state.lanes.map((each) => each.scope),
          )}`,
        )
        return emptyAction
      }
      const settings = laneSettings(action.settings ?? {}, lane, seconds(action.expires), context, report)
      const built =
        action.do === 'openMandate'
          ? buildOpenLane(deployment, scope, action.mode, settings)
          : buildSetLaneSettings(deployment, scope, settings)
      const data = encodeFunctionData({ abi: controllerMandateAbi, functionName: 'settingsOf', args: [encodeScopeId(scope)] })
      return { ...emptyAction, actions: [built], readings: [equalTo(controllerMandate, data, BigInt(settings.expiresAt), 9n)] }
    }
    case 'resumeMandate':
    case 'pauseMandate': {
      const scope = action.scope as ScopeId
      if (!state.lanes.some((each) => each.scope === scope)) {
        report(
          ['scope'],
          `${scope} has no lane${didYouMean(
            scope,
            state.lanes.map((each) => each.scope),
          )}`,
        )
        return emptyAction
      }
      const data = encodeFunctionData({ abi: controllerMandateAbi, functionName: 'lane', args: [encodeScopeId(scope)] })
      if (action.do === 'resumeMandate')
        return { ...emptyAction, actions: [buildResumeLane(deployment, scope)], readings: [equalTo(controllerMandate, data, 2n)] }
      const { to, data: call } = buildGuardianStop(deployment, scope, 'pause')
      const paused: Action = { target: to, value: 0n, data: call, summary: `Pause the lane of ${scope}` }
      return { ...emptyAction, actions: [paused], readings: [equalTo(controllerMandate, data, 5n)] }
    }
    case 'revokeMandate': {
      const { to, data } = buildRevokeEpoch(deployment)
      const summary = 'Revoke the epoch: every engine key, signature and pending loosening is void'
      return {
        ...emptyAction,
        actions: [{ target: to, value: 0n, data, summary }],
        readings: [equalTo(controllerMandate, enginesData, 0n, 2n)],
      }
    }
    case 'changeEngines': {
      const engines = addresses(action.engines, ['engines'], report)
      if (engines === null) return emptyAction
      const sorted = [...engines].sort((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1))
      const readings = [BigInt(action.threshold), BigInt(sorted.length), ...sorted.map(BigInt)].map((word, i) =>
        equalTo(controllerMandate, enginesData, word, BigInt(i + 1)),
      )
      return { ...emptyAction, actions: [buildSetEngines(deployment, engines, action.threshold)], readings }
    }
    case 'grantSteward':
    case 'revokeSteward': {
      const [account] = addresses([action.account], ['account'], report) ?? []
      if (account === undefined) return emptyAction
      const granted = action.do === 'grantSteward'
      const holds = state.roles.some((held) => held.contract === 'riskParameters' && held.role === 'steward' && held.account === account)
      if (holds === granted) report(['account'], `${account} ${holds ? 'is a steward already' : 'is no steward'}`)
      const data = encodeFunctionData({ abi: riskParametersAbi, functionName: 'hasRole', args: [storeRoles.steward, account] })
      return {
        ...emptyAction,
        actions: [buildSetRole(deployment, 'steward', account, granted)],
        readings: [equalTo(riskParameters, data, granted ? 1n : 0n)],
      }
    }
    case 'appointGuardian': {
      const [account] = addresses([action.account], ['account'], report) ?? []
      if (account === undefined) return emptyAction
      const until = seconds(action.until)
      return {
        ...emptyAction,
        actions: [buildAppointGuardian(deployment, account, until)],
        readings: [equalTo(guardianTerm, encodeFunctionData({ abi: guardianTermAbi, functionName: 'termEnd' }), BigInt(until))],
      }
    }
    case 'setMeter': {
      const [meter] = addresses([action.meter], ['meter'], report) ?? []
      if (meter === undefined) return emptyAction
      const scope = action.scope as ScopeId
      const data = encodeFunctionData({ abi: controllerMandateAbi, functionName: 'meterOf', args: [encodeScopeId(scope)] })
      return {
        ...emptyAction,
        actions: [buildSetMeter(deployment, scope, meter)],
        readings: [equalTo(controllerMandate, data, BigInt(meter))],
        pins: [{ target: meter, codeHash: await context.codeHashOf(meter) }],
      }
    }
    case 'openGroup':
    case 'admitMarket':
    case 'listCollateral':
    case 'listFeed':
    case 'setSurfaceSigners':
    case 'setSurfaceLimits':
    case 'settle':
    case 'resumeGroup':
      return buildClearing(action, context, report)
    case 'handOver':
      return buildHandOver(context.readDeployment(action.successor), context)
    case 'call':
      return buildCall(action, context, report)
  }
}

const enginesData = encodeFunctionData({ abi: controllerMandateAbi, functionName: 'engines' })

/** An instant as `2027-01-31` (its first second) or `2027-01-31T12:00Z`. */
export function seconds(text: string): number {
  const value = Date.parse(text.length === 10 ? `${text}T00:00:00Z` : text) / 1000
  if (!Number.isSafeInteger(value))
    throw new InvalidInputError({ argument: 'instant', got: text, limit: 'a day that exists, like 2027-01-31' })
  return value
}

/** Addresses whose checksums hold, each once; null when one does not. */
export function addresses(given: readonly string[], path: readonly string[], report: Report): Address[] | null {
  const found = given.map((text, i) => {
    const at = given.length === 1 && path[0] !== 'engines' ? path : [...path, i]
    const mixed = /[a-f]/.test(text.slice(2)) && /[A-F]/.test(text.slice(2))
    if (!isAddress(text, { strict: mixed })) {
      report(at, `${text} has a wrong checksum: a digit or the case of a letter is off`)
      return null
    }
    return getAddress(text)
  })
  return found.includes(null) ? null : (found as Address[])
}

type Live = { readonly stored: StoredParameter; readonly spec: ParameterSpec }

/** A parameter by its id or the last part of it; null after a report. */
function liveParameter({ catalogue, state }: BuildContext, scope: ScopeId, name: string, report: (problem: string) => void): Live | null {
  const known = state.scopes.find((each) => each.scope === scope)
  const ids = (known?.parameters ?? []).map(({ id }) => id)
  const spec = catalogue.parameters.find(({ id }) => id === name)
  const stored = findStored(state, scope, name)
  if (spec !== undefined && stored !== undefined) return { stored, spec }
  report(
    spec === undefined
      ? `${name} is no parameter of ${scope}${didYouMean(name, ids)}`
      : `${name} lives in scopes of kind ${spec.scopeKind}, not in ${scope}`,
  )
  return null
}

/** Whether a scope is active; tells the nearest ones when it is not. */
function isActive({ state }: BuildContext, scope: ScopeId, report: Report): boolean {
  const scopes = state.scopes.map((each) => each.scope)
  if (!scopes.includes(scope)) report(['scope'], `${scope} is not active${didYouMean(scope, scopes)}`)
  return scopes.includes(scope)
}

function setValues(action: Extract<DraftAction, { do: 'setValues' }>, context: BuildContext, report: Report): BuiltAction {
  const scope = action.scope as ScopeId
  if (!isActive(context, scope, report)) return emptyAction
  const values: Record<ParamId, ParameterValue> = {}
  for (const [name, text] of Object.entries(action.values)) {
    const at = (problem: string): void => report(['values', name], problem)
    const live = liveParameter(context, scope, name, at)
    if (live === null) continue
    const value = guarded(() => parseQuantity(text, live.spec.unit, name), at)
    if (value === null) continue
    const { floor, ceiling } = live.stored.rule
    const shown = (raw: number): string => formatQuantity(raw, live.spec.unit)
    if (value < floor || value > ceiling) at(`${text} is outside the range in force, ${shown(floor)} to ${shown(ceiling)}`)
    else if (value === live.stored.value) at(`${text} is the value already`)
    else values[live.spec.id] = value
  }
  if (Object.keys(action.values).length === 0) report(['values'], 'nothing is set')
  if (Object.keys(values).length === 0) return emptyAction
  const { riskParameters } = context.deployment.contracts
  const readings = Object.entries(values).map(([id, value]): ReadingCondition => {
    const args = [encodeScopeId(scope), encodeParamId(id)] as const
    return equalTo(riskParameters, encodeFunctionData({ abi: riskParametersAbi, functionName: 'valueOf', args }), BigInt(value))
  })
  const words = Object.entries(values).map(([id, value]) => {
    const unit = context.catalogue.parameters.find((spec) => spec.id === id)?.unit ?? 'bps'
    return `${id} from ${formatQuantity(findStored(context.state, scope, id)?.value ?? 0, unit)} to ${formatQuantity(value, unit)}`
  })
  const built = buildSetValues(context.deployment, scope, values)
  return { ...emptyAction, actions: [{ ...built, summary: `In ${scope} set ${words.join(', ')}` }], readings }
}

function setRules(action: Extract<DraftAction, { do: 'setRules' }>, context: BuildContext, report: Report): BuiltAction {
  const scope = action.scope as ScopeId
  if (!isActive(context, scope, report)) return emptyAction
  const rules: { id: ParamId; rule: ParameterRule; value: ParameterValue | null }[] = []
  const readings: ReadingCondition[] = []
  for (const [name, fields] of Object.entries(action.rules)) {
    const at = (problem: string): void => report(['rules', name], problem)
    const live = liveParameter(context, scope, name, at)
    if (live === null) continue
    const { spec, stored } = live
    const rule = guarded(() => parseRule(fields, stored.rule, spec), at)
    const moved = fields.value === undefined ? null : guarded(() => parseQuantity(fields.value ?? '', spec.unit, `value of ${name}`), at)
    if (rule === null) continue
    const before = readings.length
    for (const { name: field, value, limit } of ruleFaults(spec, rule))
      at(`${field} would be ${value}; its limit is ${limit} (stored unit)`)
    const shown = (raw: number): string => formatQuantity(raw, spec.unit)
    const nearest = Math.min(Math.max(stored.value, rule.floor), rule.ceiling)
    if (nearest !== stored.value && moved !== nearest)
      at(
        `the live value ${shown(stored.value)} lies outside the new range ${shown(rule.floor)} to ${shown(rule.ceiling)}; add \`value: ${shown(nearest)}\`, the nearest bound`,
      )
    else if (nearest === stored.value && moved !== null)
      at(`the live value ${shown(stored.value)} lies inside the new range; leave \`value\` out`)
    readings.push(...expectedRuleReadings(context, scope, spec, stored, rule))
    if (readings.length === before) at('this is the rule in force already')
    else rules.push({ id: spec.id, rule, value: moved })
  }
  if (Object.keys(action.rules).length === 0) report(['rules'], 'nothing is set')
  return rules.length === 0 ? emptyAction : { ...emptyAction, actions: [buildSetRules(context.deployment, scope, rules)], readings }
}

function list(action: Extract<DraftAction, { do: 'list' }>, context: BuildContext, report: Report): BuiltAction {
  const { scopes } = context.readContents(action.contents)
  const wanted = action.scopes ?? scopes.map(({ scope }) => scope)
  const missing = wanted.filter((scope) => !scopes.some((each) => each.scope === scope))
  for (const scope of missing)
    report(
      ['scopes'],
      `${action.contents} has no ${scope}${didYouMean(
        scope,
        scopes.map((each) => each.scope),
      )}`,
    )
  const chosen = scopes.filter(({ scope }) => wanted.includes(scope))
  for (const { scope } of chosen)
    if (context.state.scopes.some((each) => each.scope === scope))
      report(['contents'], `${scope} is active already; set its values or rules instead`)
  const { riskParameters } = context.deployment.contracts
  return {
    ...emptyAction,
    actions: chosen.map((contents) => buildActivateScope(context.deployment, context.catalogue, contents)),
    readings: chosen.map(({ scope }) =>
      equalTo(riskParameters, encodeFunctionData({ abi: riskParametersAbi, functionName: 'isActive', args: [encodeScopeId(scope)] }), 1n),
    ),
  }
}

/** What the lane has now, else what a new lane gets, with the fields that the draft names. */
function laneSettings(
  fields: LaneFields,
  lane: StoredLane | undefined,
  expiresAt: number,
  { state }: BuildContext,
  report: Report,
): LaneSettings {
  const base: Omit<LaneSettings, 'expiresAt'> = lane?.settings ?? defaultLane
  if (expiresAt <= state.time) report(['expires'], 'this lies in the past')
  const duration = (text: string | undefined, live: number, name: string): number =>
    text === undefined
      ? live
      : (guarded(
          () => parseDuration(text, 1, name),
          (problem) => report(['settings', name], problem),
        ) ?? live)
  return {
    heartbeatTimeout: duration(fields.heartbeatTimeout, base.heartbeatTimeout, 'heartbeatTimeout'),
    deadManTimeout: duration(fields.deadManTimeout, base.deadManTimeout, 'deadManTimeout'),
    flipWindow: duration(fields.flipWindow, base.flipWindow, 'flipWindow'),
    shadowRounds: fields.shadowRounds ?? base.shadowRounds,
    canaryRounds: fields.canaryRounds ?? base.canaryRounds,
    breakerRejections: fields.breakerRejections ?? base.breakerRejections,
    impactAccountsLimit: fields.impactAccountsLimit ?? base.impactAccountsLimit,
    impactNotionalLimit:
      fields.impactNotionalLimit === undefined
        ? base.impactNotionalLimit
        : (guarded(
            () => parseUsdWad(fields.impactNotionalLimit ?? '', 'impactNotionalLimit'),
            (problem) => report(['settings', 'impactNotionalLimit'], problem),
          ) ?? base.impactNotionalLimit),
    impactMultipleBps:
      fields.impactMultiple === undefined
        ? base.impactMultipleBps
        : ((guarded(
            () => parseQuantity(fields.impactMultiple ?? '', 'bps', 'impactMultiple'),
            (problem) => report(['settings', 'impactMultiple'], problem),
          ) ?? base.impactMultipleBps) as number as LaneSettings['impactMultipleBps']),
    expiresAt,
  }
}

const HOUR = 3_600
const defaultLane: Omit<LaneSettings, 'expiresAt'> = {
  heartbeatTimeout: 6 * HOUR,
  deadManTimeout: 24 * HOUR,
  flipWindow: 6 * HOUR,
  shadowRounds: 24,
  canaryRounds: 6,
  breakerRejections: 5,
  impactAccountsLimit: 20,
  impactNotionalLimit: (2_000_000n * 10n ** 18n).toString(),
  impactMultipleBps: 20_000 as LaneSettings['impactMultipleBps'],
}

/** The result, or null after the failure was told. */
function guarded<Result>(act: () => Result, report: (problem: string) => void): Result | null {
  try {
    return act()
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error
    report(error.message.replace(/\.$/, ''))
    return null
  }
}
