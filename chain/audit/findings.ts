import type { ParamId, ScopeId } from '../../risk/types/index.ts'

/** Faults of the log itself: what is missing, changed or does not agree with storage. */
export const integrityKinds = [
  'gap',
  'duplicate',
  'countMismatch',
  'headMismatch',
  'previousMismatch',
  'inactiveScope',
  'valueMismatch',
  'ruleMismatch',
  'lengthMismatch',
  'entryMismatch',
] as const
/** Faults of what was done: a value outside the rule in force at its time. */
export const rangeKinds = ['noRule', 'outsideRule', 'ruleExcludesValue'] as const
export type FindingKind = (typeof integrityKinds)[number] | (typeof rangeKinds)[number]

/** One fault of a history. */
export type HistoryFinding = {
  readonly kind: FindingKind
  /** Link of the hash chain it was found at, null when it concerns the whole. */
  readonly index: number | null
  readonly scope: ScopeId | null
  readonly id: ParamId | null
  readonly expected: string
  readonly got: string
  readonly sentence: string
}

const titles: Readonly<Record<FindingKind, string>> = {
  gap: 'a link of the hash chain is missing',
  duplicate: 'a link of the hash chain appears twice',
  countMismatch: 'the number of links differs from the chain head',
  headMismatch: 'the recomputed head differs from the chain head',
  previousMismatch: 'an update names another previous value than the one before it',
  inactiveScope: 'a scope is not active although its activation is in the log',
  valueMismatch: 'the stored value differs from the rebuilt one',
  ruleMismatch: 'the stored rule differs from the rebuilt one',
  lengthMismatch: 'the number of history entries differs',
  entryMismatch: 'a history entry differs from its event',
  noRule: 'a value was written before any rule',
  outsideRule: 'a value lies outside the rule in force at its time',
  ruleExcludesValue: 'a rule came into force that excludes the live value',
}

type Place = { readonly index?: number; readonly scope?: ScopeId; readonly id?: ParamId }

/** @param expected - What it must be, for people. */
export function finding(kind: FindingKind, expected: unknown, got: unknown, { index, scope, id }: Place = {}): HistoryFinding {
  const where = [index === undefined ? '' : `link ${index}`, scope ?? '', id ?? ''].filter((part) => part !== '').join(', ')
  return {
    kind,
    index: index ?? null,
    scope: scope ?? null,
    id: id ?? null,
    expected: String(expected),
    got: String(got),
    sentence: `${where === '' ? '' : `${where}: `}${titles[kind]} (expected ${expected}, got ${got})`,
  }
}

export const isRangeFinding = ({ kind }: HistoryFinding): boolean => (rangeKinds as readonly FindingKind[]).includes(kind)
