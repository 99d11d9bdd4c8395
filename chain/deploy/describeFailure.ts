import type { DeploymentResult } from '@nomicfoundation/ignition-core'

/** Why Ignition stopped, a line for each step. */
export function describeFailure(result: Exclude<DeploymentResult, { type: 'SUCCESSFUL_DEPLOYMENT' }>): string {
  const lines: string[] = []
  if ('errors' in result) for (const [future, errors] of Object.entries(result.errors)) lines.push(`${future}: ${errors.join('; ')}`)
  if ('failed' in result) for (const { futureId, error } of result.failed) lines.push(`${futureId}: ${error}`)
  if ('timedOut' in result)
    for (const future of result.timedOut)
      lines.push(`${typeof future === 'string' ? future : future.futureId}: not mined in time, run again`)
  if ('started' in result) for (const future of result.started) lines.push(`${future}: not finished`)
  if ('held' in result) for (const { futureId, reason } of result.held) lines.push(`${futureId}: held, ${reason}`)
  return lines.join('\n') || result.type
}
