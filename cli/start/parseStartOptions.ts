import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { DaemonConfig } from '../../controller/config/schema.ts'
import type { UnixSeconds } from '../../risk/types/index.ts'
import { projectRoot } from '../context/projectRoot.ts'
import { notFoundError, usageError } from '../kit/CliError.ts'
import { isoTime, parseTime } from '../kit/time.ts'
import { runsFolder } from '../run/latestRun.ts'
import type { StartOptions } from './StartOptions.ts'

/** The flags of `npm start` itself; those of every command are handled elsewhere. */
export type StartFlags = {
  readonly once?: true
  readonly data?: string
  readonly market: string
  readonly from?: string
  readonly to?: string
  readonly seed: string
  readonly accounts: number
  readonly rpcPort: number
  readonly run?: string
}

const hour = 3_600
const day = 24 * hour

/** Window of the simulated default: calm, a crash on the second day, its aftermath. */
const simulatedFrom = Date.parse('2020-03-09T00:00:00Z') / 1000
const defaultHours = 54
const crashAfterHours = 24
/** History before the first tick: what the policies ask for at least is 180 days. */
const simulatedSeedDays = 200

/**
 * Turns the flags into options.
 *
 * @param now - Time that names the default run folder.
 * @throws {CliError} A time is wrong or not on the hour, the window is empty, or the data folder does not exist.
 */
export function parseStartOptions(flags: StartFlags, folder: string, now: UnixSeconds): StartOptions {
  const window = flags.data === undefined ? simulatedWindow(flags) : recordedWindow(flags)
  for (const [option, time] of Object.entries(window)) {
    if (time % hour !== 0) throw usageError(`--${option} is ${isoTime(time)}; a tick is on the hour.`)
  }
  if (window.to <= window.from) throw usageError(`--to ${isoTime(window.to)} is not after --from ${isoTime(window.from)}.`)
  const market = flags.market.toUpperCase()
  const name = `${market}-${isoTime(window.from).slice(0, 13)}-${now}`.replaceAll(':', '')
  return {
    market,
    ...window,
    source: flags.data === undefined ? simulatedSource(flags, window.from) : recordedSource(resolve(folder, flags.data), window),
    accounts: flags.accounts,
    seed: flags.seed,
    rpcPort: flags.rpcPort,
    folder: flags.run === undefined ? join(projectRoot, runsFolder, name) : resolve(folder, flags.run),
  }
}

type Window = { readonly from: UnixSeconds; readonly to: UnixSeconds }

function simulatedWindow(flags: StartFlags): Window {
  const from = flags.from === undefined ? simulatedFrom : parseTime(flags.from, '--from')
  return { from, to: flags.to === undefined ? from + defaultHours * hour : parseTime(flags.to, '--to') }
}

function recordedWindow({ from, to }: StartFlags): Window {
  if (from === undefined) throw usageError('--data needs --from.', 'For example --from 2020-03-11 --to 2020-03-14.')
  const start = parseTime(from, '--from')
  return { from: start, to: to === undefined ? start + defaultHours * hour : parseTime(to, '--to') }
}

function simulatedSource({ seed }: StartFlags, from: UnixSeconds): DaemonConfig['source'] {
  return {
    kind: 'simulated',
    seed,
    origin: isoTime(from - simulatedSeedDays * day),
    price: 200,
    vol: 0.7,
    depthUsd: 5_000_000,
    hourlyVolume: 60_000,
    openInterest: 400_000,
    crashes: [{ at: isoTime(from + crashAfterHours * hour), hours: 14, fall: 0.45 }],
  }
}

function recordedSource(directory: string, { from, to }: Window): DaemonConfig['source'] {
  if (!existsSync(join(directory, 'ohlcv')))
    throw notFoundError(`${directory} has no folder ohlcv.`, 'A data folder holds hourly bars as ohlcv/ETHUSD..._1h_....csv.gz.')
  return { kind: 'recorded', directory, from: isoTime(from), to: isoTime(to), file: null, seedDays: 1_096 }
}
