import type { LineFault } from '../market/index.ts'
import { parseUtc } from '../market/index.ts'
import { quantileInPlace } from '../math/index.ts'
import type { OptionType, UnixSeconds, Usd } from '../types/index.ts'
import type { ExpiryQuotes, Numeraire, OptionChain, OptionQuote } from './types.ts'

/** Chains of a recording, ascending in time, and the lines that are wrong; those are in no chain. Line numbers count from 1, the header included. */
export type ParsedChains = { readonly chains: readonly OptionChain[]; readonly faults: readonly LineFault[] }

const COLUMNS = ['timestamp', 'expiry', 'strike', 'type', 'bid', 'ask', 'mark', 'underlying', 'index'] as const
type Column = (typeof COLUMNS)[number]

/** One line of the recording. */
type Line = {
  readonly time: UnixSeconds
  readonly expiry: UnixSeconds
  readonly underlying: Usd
  readonly index: Usd
  readonly quote: OptionQuote
}

/** Options of the recorded venue expire at this time of their day. */
const EXPIRY_TIME = 'T08:00:00Z'
const TYPES: Readonly<Record<string, OptionType>> = { C: 'call', P: 'put' }

/**
 * Reads recorded option chains from CSV text: one line per option, all lines of an instant with the same `timestamp` and next to each other.
 *
 * Columns timestamp (UTC), expiry (a day; 08:00 UTC), strike, type (C or P), bid, ask, mark (empty is none), underlying (the venue's forward) and index, in any order; others are
 * not read. Forward and spot of a chain are the medians over its lines, which a venue writes one after another while prices move.
 *
 * @param numeraire - What the prices are counted in.
 */
export function parseOptionChains(text: string, numeraire: Numeraire): ParsedChains {
  const rows = text.replaceAll('\r\n', '\n').split('\n')
  if (rows.at(-1) === '') rows.pop()
  const header = (rows[0] ?? '').split(',')
  const missing = COLUMNS.filter((column) => !header.includes(column))
  if (missing.length > 0) return { chains: [], faults: [{ line: 1, fault: `the header lacks ${missing.join(', ')}` }] }
  const at = Object.fromEntries(COLUMNS.map((column) => [column, header.indexOf(column)])) as Record<Column, number>
  const faults: LineFault[] = []
  const groups: Line[][] = []
  let seen = new Set<string>()
  rows.slice(1).forEach((row, i) => {
    const fields = row.split(',')
    const group = groups.at(-1)
    const line =
      fields.length === header.length
        ? parseLine((column) => fields[at[column]]!)
        : `it has ${fields.length} columns; it must have ${header.length}`
    const fault = typeof line === 'string' ? line : faultOf(line, group, seen)
    if (fault !== null) faults.push({ line: i + 2, fault })
    else if (typeof line !== 'string') {
      if (group === undefined || group[0]!.time !== line.time) {
        groups.push([line])
        seen = new Set()
      } else group.push(line)
      seen.add(nameOf(line))
    }
  })
  return { chains: groups.map((group) => chainOf(group, numeraire)), faults }
}

function parseLine(field: (column: Column) => string): Line | string {
  const time = parseUtc(field('timestamp'))
  if (time === null) return `'${field('timestamp')}' is no time of the form 2020-03-12T11:00:00Z`
  const expiry = parseUtc(`${field('expiry')}${EXPIRY_TIME}`)
  if (expiry === null) return `'${field('expiry')}' is no day of the form 2020-03-12`
  const type = TYPES[field('type')]
  if (type === undefined) return `type is '${field('type')}'; it must be C or P`
  const positive = { strike: numberOf(field('strike')), underlying: numberOf(field('underlying')), index: numberOf(field('index')) }
  for (const [name, value] of Object.entries(positive))
    if (!(value !== null && value > 0)) return `${name} is '${field(name as Column)}'; it must be a number above 0`
  const prices = { bid: numberOf(field('bid')), ask: numberOf(field('ask')), mark: numberOf(field('mark')) }
  for (const [name, value] of Object.entries(prices))
    if (Number.isNaN(value)) return `${name} is '${field(name as Column)}'; it must be a number or empty`
  const { strike, underlying, index } = positive as Record<'strike' | 'underlying' | 'index', number>
  return { time, expiry, underlying, index, quote: { strike, type, ...prices, time: null } }
}

/** Null when the field is empty, NaN when it is no number. */
function numberOf(field: string): number | null {
  if (field === '') return null
  return /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(field) ? Number(field) : Number.NaN
}

function faultOf(line: Line, group: readonly Line[] | undefined, seen: ReadonlySet<string>): string | null {
  const last = group?.[0]?.time
  if (last === undefined || line.time > last) return null
  if (line.time < last) return 'it is earlier than the line before'
  return seen.has(nameOf(line)) ? 'it repeats an option of the same instant' : null
}

const nameOf = ({ expiry, quote: { strike, type } }: Line): string => `${expiry} ${strike} ${type}`

function chainOf(lines: readonly Line[], numeraire: Numeraire): OptionChain {
  const expiries = new Map<UnixSeconds, Line[]>()
  for (const line of lines) {
    const known = expiries.get(line.expiry)
    if (known === undefined) expiries.set(line.expiry, [line])
    else known.push(line)
  }
  return {
    time: lines[0]!.time,
    spot: median(lines.map(({ index }) => index)),
    numeraire,
    expiries: [...expiries]
      .sort(([left], [right]) => left - right)
      .map(
        ([expiry, each]): ExpiryQuotes => ({
          expiry,
          venueForward: median(each.map(({ underlying }) => underlying)),
          quotes: each.map(({ quote }) => quote),
        }),
      ),
  }
}

function median(values: readonly number[]): number {
  return quantileInPlace(Float64Array.from(values), 0.5)
}
