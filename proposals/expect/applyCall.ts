import { clearingContracts } from '../../chain/clearing/index.ts'
import { decodeRule } from '../../chain/codec/index.ts'
import { decodeParamId, decodeScopeId, fromCode, roleName } from '../../chain/ids/index.ts'
import { onlyRestrictsLoosening } from '../../risk/rules/index.ts'
import {
  type Address,
  type Hash,
  type Hex,
  type LaneSettings,
  laneModes,
  type ParameterRule,
  type ParamId,
  type ScopeId,
} from '../../risk/types/index.ts'
import { applyClearingCall } from '../clearing/index.ts'
import type { DecodedCall } from '../decode/index.ts'
import type { HeldRole, ProtocolState, StoredParameter } from '../state/index.ts'
import type { Protocol } from './Protocol.ts'

/** Protocols after a call, or null when what the call does is not known. */
export type Applied = readonly Protocol[] | null

type RuleStruct = Parameters<typeof decodeRule>[0]
type SettingsStruct = Omit<LaneSettings, 'impactNotionalLimit'> & { readonly impactNotionalLimit: bigint }

/**
 * What a call of the DAO changes, by the rules of the contracts and without running them: the other half of a comparison with what a simulation finds. Reads the
 * meaning of the call only; whether it would revert is the simulation's business.
 */
export function applyCall(protocols: readonly Protocol[], call: DecodedCall): Applied {
  if (call.faults.length > 0 || call.delegatecall) return null
  const moved = call.value > 0n ? moveEther(protocols, call) : protocols
  if (call.contract === 'postConditions') return moved
  if (call.contract === 'governor' && call.functionName === 'relay')
    return call.children.reduce<Applied>((at, child) => (at === null ? null : applyCall(at, child)), moved)
  if (call.data === '0x') return moved
  const i = moved.findIndex(
    ({ deployment, clearing }) =>
      Object.values(deployment.contracts).includes(call.target) ||
      (clearing !== null && Object.values(clearing.contracts).includes(call.target)),
  )
  const own = moved[i]
  const inClearing = clearingContracts.find((name) => own?.clearing?.contracts[name] === call.target)
  if (own !== undefined && inClearing !== undefined) {
    const clearing =
      own.state.clearing === null ? undefined : applyClearingCall(own.state.clearing, inClearing, call.functionName ?? '', call.args)
    return clearing === undefined ? null : moved.map((each, j) => (j === i ? { ...own, state: { ...own.state, clearing } } : each))
  }
  const entry = Object.entries(own?.deployment.contracts ?? {}).find(([, address]) => address === call.target)
  if (own === undefined || entry === undefined) return null
  const handler = handlers[entry[0]]?.[call.functionName ?? '']
  const state = handler?.(own.state, call.args, { protocols: moved, self: own })
  return state === undefined ? null : moved.map((each, j) => (j === i ? { ...own, state } : each))
}

type Frame = { readonly protocols: readonly Protocol[]; readonly self: Protocol }
type Handler = (state: ProtocolState, args: readonly unknown[], frame: Frame) => ProtocolState | undefined

const scopeAt = (args: readonly unknown[], i = 0): ScopeId => decodeScopeId(args[i] as Hex)

function updateParameter(
  state: ProtocolState,
  scope: ScopeId,
  id: ParamId,
  update: (stored: StoredParameter) => StoredParameter,
): ProtocolState {
  const scopes = state.scopes.map((each) =>
    each.scope === scope ? { ...each, parameters: each.parameters.map((stored) => (stored.id === id ? update(stored) : stored)) } : each,
  )
  return { ...state, scopes }
}

const setValues: Handler = (state, args) =>
  (args[1] as readonly Hex[]).reduce(
    // Every write voids what was pending on the parameter.
    (at, id, i) =>
      updateParameter(at, scopeAt(args), decodeParamId(id), (stored) => ({
        ...stored,
        value: Number((args[2] as readonly bigint[])[i]),
        pending: null,
      })),
    state,
  )

const setRules: Handler = (state, args) =>
  (args[1] as readonly Hex[]).reduce((at, word, i) => {
    const id = decodeParamId(word)
    const spec = state.catalogue.parameters.find((each) => each.id === id)
    const rule = decodeRule((args[2] as readonly RuleStruct[])[i] as RuleStruct)
    const value = Number((args[3] as readonly bigint[])[i])
    return updateParameter(at, scopeAt(args), id, (stored) => {
      if (spec === undefined || !onlyRestrictsLoosening(stored.rule, rule, spec.direction))
        return { ...stored, pendingRule: { rule, value, eta: state.time + state.ruleDelay } }
      const nearest = Math.min(Math.max(stored.value, rule.floor), rule.ceiling)
      return { ...stored, rule, pendingRule: null, value: nearest, pending: nearest === stored.value ? stored.pending : null }
    })
  }, state)

const activateScope: Handler = (state, args) => {
  const parameters = (args[1] as readonly Hex[]).map((word, i): StoredParameter => {
    const value = Number((args[3] as readonly bigint[])[i])
    const rule = decodeRule((args[2] as readonly RuleStruct[])[i] as RuleStruct)
    return newParameter(decodeParamId(word), rule, value, state.time)
  })
  return { ...state, scopes: [...state.scopes, { scope: scopeAt(args), parameters }] }
}

const newParameter = (id: ParamId, rule: ParameterRule, value: number, time: number): StoredParameter => ({
  id,
  rule,
  value,
  effective: value,
  pending: null,
  pendingRule: null,
  last: { writer: 'governance', time, round: 0 },
})

const importScope: Handler = (state, args, { protocols }) => {
  const scope = scopeAt(args, 1)
  const from = protocols
    .find(({ deployment }) => deployment.contracts.riskParameters === args[0])
    ?.state.scopes.find((each) => each.scope === scope)
  if (from === undefined) return undefined
  // Pendings, of values and of rules, stay behind.
  return {
    ...state,
    scopes: [...state.scopes, { scope, parameters: from.parameters.map((stored) => ({ ...stored, pending: null, pendingRule: null })) }],
  }
}

const withRole =
  (contract: HeldRole['contract'], granted: boolean): Handler =>
  (state, args) => {
    const held: HeldRole = { contract, role: roleName(args[0] as Hash), account: args[1] as Address }
    const others = state.roles.filter((each) => each.contract !== contract || each.role !== held.role || each.account !== held.account)
    return { ...state, roles: granted ? [...others, held] : others }
  }

/** Keys of another epoch are void, and with them every pending loosening. */
const newEpoch = (state: ProtocolState, engines: readonly Address[], threshold: number): ProtocolState => ({
  ...state,
  mandate: { epoch: state.mandate.epoch + 1, threshold, engines },
  scopes: state.scopes.map((each) => ({ ...each, parameters: each.parameters.map((stored) => ({ ...stored, pending: null })) })),
})

const settingsOf = (struct: SettingsStruct): LaneSettings => ({ ...struct, impactNotionalLimit: struct.impactNotionalLimit.toString() })

const zeroMeter: Address = '0x0000000000000000000000000000000000000000'

const openLane: Handler = (state, args) => {
  const scope = scopeAt(args)
  const meter = state.lanes.find((each) => each.scope === scope)?.meter ?? zeroMeter
  const lane = { scope, mode: fromCode(laneModes, Number(args[1])), settings: settingsOf(args[2] as SettingsStruct), meter }
  return { ...state, lanes: [...state.lanes.filter((each) => each.scope !== scope), lane] }
}

const updateLane =
  (update: (args: readonly unknown[]) => Partial<ProtocolState['lanes'][number]>): Handler =>
  (state, args) => {
    const scope = scopeAt(args)
    return { ...state, lanes: state.lanes.map((lane) => (lane.scope === scope ? { ...lane, ...update(args) } : lane)) }
  }

const governorSetting =
  (field: keyof NonNullable<ProtocolState['governor']>): Handler =>
  (state, [value]) =>
    state.governor === null
      ? undefined
      : { ...state, governor: { ...state.governor, [field]: field === 'timelock' ? (value as Address) : BigInt(value as number | bigint) } }

const handlers: Readonly<Record<string, Readonly<Record<string, Handler>>>> = {
  riskParameters: {
    setValues,
    setRules,
    activateScope,
    importScope,
    cancelRule: (state, args) =>
      updateParameter(state, scopeAt(args), decodeParamId(args[1] as Hex), (stored) => ({ ...stored, pendingRule: null })),
    grantRole: withRole('riskParameters', true),
    revokeRole: withRole('riskParameters', false),
  },
  controllerMandate: {
    setEngines: (state, args) => newEpoch(state, args[0] as readonly Address[], Number(args[1])),
    // The threshold of the revoked set stays where it was.
    revokeEpoch: (state) => newEpoch(state, [], state.mandate.threshold),
    openLane,
    setSettings: updateLane((args) => ({ settings: settingsOf(args[1] as SettingsStruct) })),
    setMeter: (state, args, frame) =>
      state.lanes.some((lane) => lane.scope === scopeAt(args))
        ? updateLane(() => ({ meter: args[1] as Address }))(state, args, frame)
        : undefined,
    resume: updateLane(() => ({ mode: 'canary' })),
    pause: updateLane(() => ({ mode: 'paused' })),
    tightenOnly: updateLane(() => ({ mode: 'tightenOnly' })),
  },
  guardianTerm: {
    appoint: (state, args) => ({ ...state, guardian: { account: args[0] as Address, until: Number(args[1]) } }),
  },
  governor: {
    setVotingDelay: governorSetting('votingDelay'),
    setVotingPeriod: governorSetting('votingPeriod'),
    setProposalThreshold: governorSetting('proposalThreshold'),
    updateQuorumNumerator: governorSetting('quorumNumerator'),
    setLateQuorumVoteExtension: governorSetting('lateQuorumExtension'),
    updateTimelock: governorSetting('timelock'),
  },
  timelock: {
    updateDelay: (state, [delay]) => ({ ...state, timelockDelay: delay as bigint }),
    grantRole: withRole('timelock', true),
    revokeRole: withRole('timelock', false),
  },
  token: {
    transfer: (state, [to, amount], { self }) => {
      const { token, timelock } = self.deployment.contracts
      return {
        ...state,
        balances: moveBalance(
          moveBalance(state.balances, timelock, token ?? '', -(amount as bigint)),
          to as Address,
          token ?? '',
          amount as bigint,
        ),
      }
    },
  },
}

function moveBalance(balances: ProtocolState['balances'], account: Address, asset: string, amount: bigint): ProtocolState['balances'] {
  return balances.map((each) => (each.account === account && each.asset === asset ? { ...each, amount: each.amount + amount } : each))
}

function moveEther(protocols: readonly Protocol[], { target, value }: DecodedCall): readonly Protocol[] {
  return protocols.map((each) => {
    const { timelock } = each.deployment.contracts
    return {
      ...each,
      state: { ...each.state, balances: moveBalance(moveBalance(each.state.balances, timelock, 'ETH', -value), target, 'ETH', value) },
    }
  })
}
