import { type HaltReason, laneModes, type ScopeId } from '../../risk/types/index.ts'
import type { Metrics } from '../http/metrics.ts'
import { passReasons } from './passReason.ts'

const haltReasons: readonly HaltReason[] = ['staleData', 'badBar', 'laneClosed', 'laneExpired', 'lanePaused', 'engineMismatch']
/** Refusals that say that engines see or compute different things. */
export const disagreements = ['DisagreementError', 'SnapshotRefusedError', 'EngineMismatchError', 'equivocation'] as const
export const endpointStates = ['good', 'resting', 'lagging', 'wrongChain'] as const

/** Starts at zero what is counted: a counter that appears with its first event has no increase that an alert could see. */
export function primeMetrics(metrics: Metrics, scopes: readonly ScopeId[], hosts: readonly string[]): void {
  for (const scope of scopes) {
    for (const outcome of ['accepted', 'halted', 'missed', 'dryRun']) metrics.ticks.inc({ scope, outcome }, 0)
    for (const outcome of ['applied', 'pended', 'shadowed', 'rejected']) metrics.items.inc({ scope, outcome }, 0)
    for (const reason of [...haltReasons, ...passReasons]) metrics.passedTurns.inc({ scope, reason }, 0)
    for (const code of disagreements) metrics.refusals.inc({ scope, code }, 0)
    for (const mode of laneModes) metrics.laneMode.set({ scope, mode }, 0)
  }
  for (const purpose of ['round', 'loosening', 'surface'])
    for (const outcome of ['mined', 'superseded', 'reverted', 'expired']) metrics.transactions.inc({ purpose, outcome }, 0)
  for (const host of hosts) {
    metrics.rpcErrors.inc({ host }, 0)
    for (const state of endpointStates) metrics.rpcState.set({ host, state }, 0)
  }
}
