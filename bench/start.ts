import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import type { BenchRow } from './BenchRow.ts'

const root = join(import.meta.dirname, '..')

/** Seconds of a command of the project, from call to exit. Throws when it fails. */
function secondsOf(args: readonly string[]): number {
  const started = performance.now()
  const { status, stderr } = spawnSync(process.execPath, ['tools/bootstrap.mjs', ...args], { cwd: root, encoding: 'utf8' })
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}:\n${stderr}`)
  return (performance.now() - started) / 1000
}

/** The tour on the simulated market after installation, and a start of the set-up that has nothing to do. */
export function benchStart(): BenchRow[] {
  const setUp = secondsOf(['cli/main.ts', '--version'])
  const tour = secondsOf(['cli/start.ts', '--once', '--json'])
  return [
    {
      name: 'second start of the set-up, and the version of the command line',
      value: setUp,
      unit: 's',
      reference: 'limit 2 s',
      ratio: setUp / 2,
    },
    { name: 'npm start --once on the simulated market', value: tour, unit: 's', reference: 'limit 90 s', ratio: tour / 90 },
  ]
}
