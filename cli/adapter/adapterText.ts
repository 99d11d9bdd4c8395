import { formatUnits } from 'viem'
import type { AdapterReading, SyncOutcome } from '../../chain/adapters/index.ts'
import type { Colours } from '../kit/colours.ts'
import type { Document } from '../kit/json.ts'
import { formatTable } from '../kit/table.ts'
import type { AdapterRecord } from './adapterRecord.ts'
import type { AdapterUnit } from './parseAdapterSettings.ts'

/** A number of the other protocol in its own unit. */
export function humanNumber(value: bigint | null, key: string, units: readonly AdapterUnit[]): string {
  if (value === null) return ''
  const found = units.find((each) => each.key === key)
  return found === undefined ? String(value) : `${formatUnits(value, found.decimals)} ${found.unit}`.trim()
}

/** Each binding as one record. */
export function readingDocuments(readings: readonly AdapterReading[], { units }: AdapterRecord): { readonly [key: string]: Document }[] {
  return readings.map(({ key, wanted, actual, relation }) => ({
    key,
    wanted: { raw: String(wanted), human: humanNumber(wanted, key, units) },
    actual: actual === null ? null : { raw: String(actual), human: humanNumber(actual, key, units) },
    relation,
  }))
}

export function readingsText(readings: readonly AdapterReading[], { units, protocol, kind }: AdapterRecord, colours: Colours): string {
  const marks = { equal: colours.good, tighter: colours.warn, different: colours.warn, looser: colours.bad, unreadable: colours.bad }
  const titles = kind === 'pull' ? ['number', `${protocol} reads`] : ['number', 'Ballast', protocol, `${protocol} is`]
  return formatTable(
    titles.map((title) => ({ title })),
    readings.map(({ key, wanted, actual, relation }) => [
      key,
      humanNumber(wanted, key, units),
      ...(relation === null ? [] : [humanNumber(actual, key, units), marks[relation](relation)]),
    ]),
    colours.dim,
  )
}

export function outcomeText({ pushed, failed }: SyncOutcome, { units, protocol }: AdapterRecord, colours: Colours): string {
  const number = (value: bigint, key: string): string => humanNumber(value, key, units)
  return [
    ...pushed.map(({ key, previous, written }) => colours.good(`✓ ${key}: ${number(previous, key)} to ${number(written, key)}`)),
    ...failed.map(({ key, members, reason }) =>
      colours.bad(`✗ ${key}${members === 1 ? '' : ` and ${members - 1} coupled with it`}: nothing changed. ${reason}`),
    ),
    ...(pushed.length + failed.length === 0 ? [`${protocol} already has every number.`] : []),
  ].join('\n')
}
