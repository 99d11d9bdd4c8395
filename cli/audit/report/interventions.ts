import { decodeScopeId, storeRoles } from '../../../chain/ids/index.ts'
import { type Hex, reasons, type UnixSeconds, writers } from '../../../risk/types/index.ts'
import type { HistoryLink } from '../decodeHistory.ts'
import { idOf } from '../foldHistory.ts'
import type { Intervention } from './AuditReport.ts'

/** Events of rounds and of values, which have tables of their own. */
const ofRounds = ['RoundAccepted', 'ItemRejected', 'ItemShadowed', 'LooseningPended']

/** What people did in the window besides rounds, in order. */
export function interventions(links: readonly HistoryLink[], from: UnixSeconds, to: UnixSeconds): Intervention[] {
  // The rules and values of an activation are one act; the table of changes has the values.
  const activations = new Set(
    links.filter(({ event }) => event === 'ScopeActivated').map(({ transaction, args }) => `${transaction} ${args['scope']}`),
  )
  const isActivation = ({ event, transaction, args }: HistoryLink): boolean =>
    ['RuleSet', 'ParameterUpdated'].includes(event) && activations.has(`${transaction} ${args['scope']}`)
  return links
    .filter(({ time }) => time >= from && time <= to)
    .filter((link) => !ofRounds.includes(link.event) && !isOfController(link) && !isActivation(link))
    .map(({ time, event, args }) => ({
      time,
      event,
      scope: args['scope'] === undefined ? null : decodeScopeId(args['scope'] as Hex),
      detail: detailOf(args),
    }))
}

/** Writes of a round, and of a loosening that came due. */
function isOfController({ event, args }: HistoryLink): boolean {
  return event === 'ParameterUpdated' && args['writer'] === 1
}

function detailOf(args: HistoryLink['args']): string {
  return Object.entries(args)
    .filter(([name]) => name !== 'scope')
    .map(([name, value]) => `${name} ${name === 'id' ? idOf(args) : (named(name, value) ?? shown(value))}`)
    .join(', ')
}

/** Codes and hashes that have names. */
function named(name: string, value: unknown): string | undefined {
  if (name === 'writer') return writers[Number(value)]
  if (name === 'reason') return reasons[Number(value)]
  if (name !== 'role') return undefined
  return Object.entries(storeRoles).find(([, hash]) => hash === value)?.[0]
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(shown).join(' ')}]`
  if (typeof value !== 'object' || value === null) return String(value)
  return `{${Object.entries(value)
    .map(([name, each]) => `${name} ${shown(each)}`)
    .join(', ')}}`
}
