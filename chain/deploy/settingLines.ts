import { formatUnits } from 'viem'
import type { DeploymentSettings } from './settings.ts'

/** One setting for people. */
export type SettingLine = { readonly contract: string; readonly setting: string; readonly value: string }

/** A duration as days, hours, minutes and seconds, without zero parts: `2 d 1 h`. */
export function formatDuration(seconds: number): string {
  const parts = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor((seconds % 86_400) / 3_600), 'h'],
    [Math.floor((seconds % 3_600) / 60), 'min'],
    [seconds % 60, 's'],
  ] as const
  return (
    parts
      .filter(([count]) => count > 0)
      .map(([count, unit]) => `${count} ${unit}`)
      .join(' ') || '0 s'
  )
}

/** Whole tokens of 18 decimals. */
export const formatTokens = (amount: bigint): string => `${formatUnits(amount, 18)} tokens`
export const formatBps = (bps: number): string => `${bps / 100} %`

/** Everything that the deployment fixes, in human units. */
export function describeSettings({ catalogue, protocol, governance }: DeploymentSettings): SettingLine[] {
  const lines: SettingLine[] = []
  const add = (contract: string, setting: string, value: string): void => {
    lines.push({ contract, setting, value })
  }
  if (governance.kind === 'new') {
    for (const { account, amount } of governance.allocations) add('BallastToken', `allocation of ${account}`, formatTokens(amount))
    add('BallastGovernor', 'name', governance.name)
    add('BallastGovernor', 'voting delay', formatDuration(governance.votingDelay))
    add('BallastGovernor', 'voting period', formatDuration(governance.votingPeriod))
    add('BallastGovernor', 'extension after a late quorum', formatDuration(governance.lateQuorumExtension))
    add('BallastGovernor', 'proposal threshold', formatTokens(governance.proposalThreshold))
    add('BallastGovernor', 'quorum', `${governance.quorumPercent} % of total supply`)
    add('TimelockController', 'delay', formatDuration(governance.timelockDelay))
    add('TimelockController', 'executors', 'anyone')
  }
  add('RiskParameters', 'parameters', `${catalogue.parameters.length} of the catalogue ${catalogue.name}`)
  add('RiskParameters', 'joint invariants', String(catalogue.invariants.length))
  add('RiskParameters', 'rule delay', formatDuration(protocol.ruleDelay))
  add('RiskParameters', 'undo window', formatDuration(protocol.undoWindow))
  add('RiskParameters', 'execution grace', formatDuration(protocol.executionGrace))
  add('GuardianTerm', 'longest term', formatDuration(protocol.maxGuardianTerm))
  add('ControllerMandate', 'longest validity of a round', formatDuration(protocol.maxValidity))
  add('ControllerMandate', 'engines alone submit for', formatDuration(protocol.submitterWindow))
  add(
    'ControllerMandate',
    'sequencer',
    protocol.sequencer === null ? 'none' : `${protocol.sequencer}, grace ${formatDuration(protocol.sequencerGrace)}`,
  )
  add('LooseningVeto', 'threshold', formatBps(protocol.vetoThresholdBps))
  return lines
}
