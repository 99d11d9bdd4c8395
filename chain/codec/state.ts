import type { ContractFunctionReturnType } from 'viem'
import {
  type LaneSettings,
  type LaneState,
  laneModes,
  type ParameterEntry,
  type ParameterState,
  type PendingLoosening,
  reasons,
  writers,
} from '../../risk/types/index.ts'
import type { controllerMandateAbi, riskParametersAbi } from '../generated/index.ts'
import { fromCode } from '../ids/index.ts'
import { decodeInteger, decodeValue } from './values.ts'

type Store<Name extends 'stateOf' | 'entry' | 'pendingOf'> = ContractFunctionReturnType<typeof riskParametersAbi, 'view', Name>
type Mandate<Name extends 'lane' | 'settingsOf' | 'powers'> = ContractFunctionReturnType<typeof controllerMandateAbi, 'view', Name>
/** `LaneSettings` as viem reads and writes it. */
export type SettingsStruct = Mandate<'settingsOf'>

export function decodeState(state: Store<'stateOf'>): ParameterState {
  return {
    value: decodeValue(state.value),
    effective: decodeValue(state.effective),
    lastTightenAt: state.lastTightenAt,
    lastWriteAt: state.lastWriteAt,
    historyLength: state.historyLength,
    loosenBudgetUsedBps: decodeInteger(state.loosenBudgetUsedBps),
    tightenBudgetUsed: decodeInteger(state.tightenBudgetUsed),
    stewardTightenUsed: decodeInteger(state.stewardTightenUsed),
    tightenBudgetBase: decodeInteger(state.tightenBudgetBase),
    vetoedUntil: state.vetoedUntil,
  }
}

export function decodeEntry(entry: Store<'entry'>): ParameterEntry {
  return {
    value: decodeValue(entry.value),
    time: entry.time,
    cumulativeLoosenBps: entry.cumulativeLoosenBps,
    cumulativeTighten: entry.cumulativeTighten,
    cumulativeStewardTighten: entry.cumulativeStewardTighten,
    round: entry.round,
    writer: fromCode(writers, entry.writer),
    reason: fromCode(reasons, entry.reason),
  }
}

/** Null when nothing waits: an empty slot has no creation time. */
export function decodePending(pending: Store<'pendingOf'>): PendingLoosening | null {
  if (pending.createdAt === 0) return null
  return {
    target: decodeValue(pending.target),
    createdAt: pending.createdAt,
    eta: pending.eta,
    expiry: pending.expiry,
    epoch: pending.epoch,
    historyLength: pending.historyLength,
    round: pending.round,
  }
}

export function decodeLane(lane: Mandate<'lane'>, settings: SettingsStruct, powers: Mandate<'powers'>, epoch: number): LaneState {
  const { submit, cosigned, applies, tightens, loosens, executes, walks } = powers
  return {
    mode: fromCode(laneModes, lane.mode),
    powers: { submit, cosigned, applies, tightens, loosens, executes, walks },
    epoch,
    round: lane.round,
    observedAt: lane.observedAt,
    heartbeatAt: lane.heartbeatAt,
    impactAccountsLimit: settings.impactAccountsLimit,
    impactNotionalLimit: settings.impactNotionalLimit.toString(),
  }
}

export function encodeSettings(settings: LaneSettings): SettingsStruct {
  return { ...settings, impactNotionalLimit: BigInt(settings.impactNotionalLimit) }
}
