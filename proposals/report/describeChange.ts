import { formatEther } from 'viem'
import type { ParameterUnit } from '../../risk/types/index.ts'
import { formatQuantity } from '../draft/formatQuantity.ts'
import { findStored, type ProtocolState, type StateChange } from '../state/index.ts'

/** One row of the table of changes, in words. */
export type ChangeRow = {
  readonly path: string
  /** Scope, contract or account. */
  readonly subject: string
  /** Parameter with what of it, or setting. */
  readonly what: string
  readonly unit: string
  readonly before: string
  readonly after: string
  /** Stored words, for machines; null where there is none. */
  readonly raw: { readonly before: string | null; readonly after: string | null }
  /** Relative, with its sign; empty where it means nothing. */
  readonly change: string
  /** Range in force after the proposal; empty for other than values. */
  readonly range: string
  /** Last write before, by whom; empty for other than parameters. */
  readonly last: string
}

/** A change of state as people read it. */
export function describeChange(change: StateChange, before: ProtocolState, after: ProtocolState): ChangeRow {
  const plain = change.path.replace(/^successor:/, '')
  const parameter = /^((?:protocol|market|asset|group):[^/]+)\/([^/]+)\/(.+)$/.exec(plain)
  if (parameter !== null) return parameterRow(change, parameter[1] ?? '', parameter[2] ?? '', parameter[3] ?? '', before, after)
  const parts = plain.split('/')
  const what = parts.slice(1).join(' ')
  const shown = (word: string | null): string => settingText(plain, word)
  return {
    path: change.path,
    subject: change.path.startsWith('successor:') ? `successor ${parts[0]}` : (parts[0] ?? ''),
    what,
    unit: '',
    before: shown(change.before),
    after: shown(change.after),
    raw: { before: change.before, after: change.after },
    change: '',
    range: '',
    last: '',
  }
}

function parameterRow(
  change: StateChange,
  scope: string,
  id: string,
  field: string,
  before: ProtocolState,
  after: ProtocolState,
): ChangeRow {
  const unit = after.catalogue.parameters.find((spec) => spec.id === id)?.unit ?? 'bps'
  const live = findStored(before, scope as `market:${string}`, id)
  const next = findStored(after, scope as `market:${string}`, id) ?? live
  const shown = (word: string | null): string => (word === null ? 'none' : fieldText(field, Number(word), unit))
  const isValue = field === 'value'
  return {
    path: change.path,
    subject: change.path.startsWith('successor:') ? `successor ${scope}` : scope,
    what: isValue ? id : `${id} ${field.replace('.', ' ')}`,
    unit,
    before: shown(change.before),
    after: shown(change.after),
    raw: { before: change.before, after: change.after },
    change: relative(change),
    range: isValue && next !== undefined ? `${formatQuantity(next.rule.floor, unit)} to ${formatQuantity(next.rule.ceiling, unit)}` : '',
    last:
      live === undefined ? '' : `${iso(live.last.time)} by ${live.last.writer}${live.last.round > 0 ? `, round ${live.last.round}` : ''}`,
  }
}

/** A word of a rule or value in its own unit. */
function fieldText(field: string, word: number, unit: ParameterUnit): string {
  const name = field.split('.').at(-1) ?? field
  if (name.endsWith('Bps')) return formatQuantity(word, 'bps')
  if (name.endsWith('Cooldown')) return `${word} min`
  if (name === 'loosenWindow' || name === 'vetoHours') return `${word} h`
  return formatQuantity(word, unit)
}

function settingText(path: string, word: string | null): string {
  if (word === null) return 'none'
  if (/expiresAt$|^guardian\/until$/.test(path)) return iso(Number(word))
  if (/Timeout$|flipWindow$|votingDelay$|votingPeriod$|lateQuorumExtension$|minDelay$/.test(path)) return duration(Number(word))
  if (/impactNotionalLimit$/.test(path)) return `${Number(BigInt(word) / 10n ** 18n).toLocaleString('en-US')} USD`
  if (/impactMultipleBps$/.test(path)) return formatQuantity(Number(word), 'bps')
  if (/^balance\/[^/]+\/ETH$/.test(path)) return `${formatEther(BigInt(word))} ETH`
  return word
}

function relative({ before, after }: StateChange): string {
  if (before === null || after === null || Number(before) === 0) return ''
  const percent = ((Number(after) - Number(before)) / Number(before)) * 100
  return `${percent > 0 ? '+' : ''}${percent.toFixed(1)} %`
}

function duration(seconds: number): string {
  if (seconds % 86_400 === 0 && seconds > 0) return `${seconds / 86_400} d`
  if (seconds % 3_600 === 0 && seconds > 0) return `${seconds / 3_600} h`
  return `${seconds} s`
}

const iso = (time: number): string => new Date(time * 1000).toISOString().replace('.000Z', 'Z')
