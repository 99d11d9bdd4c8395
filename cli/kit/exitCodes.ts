/** What the exit code of every command means. Published in docs/cli.md; codes are never reused. */
export const exitCodes = {
  ok: 0,
  /** The command could not do its work; the message says why. */
  failure: 1,
  usage: 2,
  configuration: 3,
  notFound: 4,
  /** An RPC endpoint or another upstream does not answer. */
  unavailable: 5,
  /** A simulated transaction reverts. */
  reverted: 6,
  /** A check found something wrong: audit mismatch, plan differs, value out of bounds. */
  checkFailed: 7,
  /** Another process holds the lock of this store or run. */
  locked: 9,
  timeout: 124,
  interrupted: 130,
} as const

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]
