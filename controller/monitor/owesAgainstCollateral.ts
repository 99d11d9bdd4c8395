import type { MonitoredAccount } from './MonitorStore.ts'

/** Whether an account may owe cash that other collateral stands behind: by its events, or once it is touched. */
export function owesAgainstCollateral({ collateral, debt, outdated }: MonitoredAccount): boolean {
  return collateral.size > 0 && (debt > 0n || outdated)
}
