import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { UnixSeconds, Usd } from '../../risk/types/index.ts'
import { notFoundError, usageError } from '../kit/CliError.ts'
import { isoTime, parseTime } from '../kit/time.ts'

/** Flags of `ballast drill` that decide what runs. */
export type DrillFlags = {
  readonly data?: string
  readonly market: string
  readonly from?: string
  readonly to?: string
  readonly accounts: number
  readonly seed: string
  readonly controller: string
  readonly bidderCapital: number
  readonly fund: number
  readonly gas: number
  readonly venue: string
}

/** What a drill was asked for, parsed. */
export type DrillOptions = {
  /** Folder of recorded bars; null for the simulated market. */
  readonly data: string | null
  readonly markets: readonly string[]
  readonly from: UnixSeconds
  readonly to: UnixSeconds
  readonly accounts: number
  readonly seeds: readonly string[]
  readonly controllers: readonly boolean[]
  /** Shares of the traders' deposits. */
  readonly bidderCapital: number
  readonly fundShare: number
  readonly gas: Usd
  /** Where it clears: the twin of the contracts, or the contracts on a chain of this process. */
  readonly venue: 'twin' | 'contracts'
}

const hour = 3_600
const days = 4 * 24 * hour
const simulatedFrom = '2020-03-09'

/**
 * Turns the flags into options.
 *
 * @throws {CliError} A time is wrong or not on the hour, the window is empty, a name, seed or switch is not understood, or the data folder has no bars.
 */
export function parseDrillOptions(flags: DrillFlags, folder: string): DrillOptions {
  if (flags.data !== undefined && flags.from === undefined)
    throw usageError('--data needs --from.', 'For example --from 2020-03-10 --to 2020-03-15.')
  const from = parseTime(flags.from ?? simulatedFrom, '--from')
  const to = flags.to === undefined ? from + days : parseTime(flags.to, '--to')
  for (const [option, time] of Object.entries({ from, to }))
    if (time % hour !== 0) throw usageError(`--${option} is ${isoTime(time)}; an hour begins on the hour.`)
  if (to <= from) throw usageError(`--to ${isoTime(to)} is not after --from ${isoTime(from)}.`)
  const data = flags.data === undefined ? null : resolve(folder, flags.data)
  if (data !== null && !existsSync(join(data, 'ohlcv')))
    throw notFoundError(`${data} has no folder ohlcv.`, 'A data folder holds hourly bars as ohlcv/ETHUSD..._1h_....csv.gz.')
  return {
    data,
    markets: listOf('--market', flags.market.toUpperCase()),
    from,
    to,
    accounts: flags.accounts,
    seeds: listOf('--seed', flags.seed),
    controllers: controllersOf(flags.controller),
    bidderCapital: flags.bidderCapital / 100,
    fundShare: flags.fund / 100,
    gas: flags.gas,
    venue: venueOf(flags.venue),
  }
}

function listOf(option: string, text: string): string[] {
  const names = text.split(',').map((name) => name.trim())
  if (names.some((name) => name === '')) throw usageError(`${option} is ${JSON.stringify(text)}; it must be names with commas between.`)
  if (new Set(names).size < names.length) throw usageError(`${option} is ${JSON.stringify(text)}; each may be named once.`)
  return names
}

function venueOf(text: string): DrillOptions['venue'] {
  if (text !== 'twin' && text !== 'contracts') throw usageError(`--venue is ${JSON.stringify(text)}; it must be twin or contracts.`)
  return text
}

function controllersOf(text: string): boolean[] {
  switch (text) {
    case 'on':
      return [true]
    case 'off':
      return [false]
    case 'both':
      return [true, false]
    default:
      throw usageError(`--controller is ${JSON.stringify(text)}; it must be on, off or both.`)
  }
}
