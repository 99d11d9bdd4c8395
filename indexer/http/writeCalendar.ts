import type { UnixSeconds } from '../../risk/types/index.ts'
import { laneEntity, proposalEntity } from '../entities/index.ts'
import type { Rows } from '../store/rows.ts'

/** An instant that people wait for. */
type Appointment = { readonly uid: string; readonly time: UnixSeconds; readonly summary: string }

/** Octets of a line without its end (RFC 5545, 3.1). */
const LINE = 75

/**
 * What governance waits for as iCalendar (RFC 5545): when voting begins and ends, when a queued proposal can be executed, and when the controller's mandate of a scope expires.
 * Proposals are named by their number alone: their texts are a stranger's. An appointment keeps its UID, so a calendar that subscribes moves it when the chain does.
 *
 * @param at - Time of the last indexed block: the same index gives the same bytes.
 */
export function writeCalendar(rows: Rows, chainId: number, at: UnixSeconds): string {
  const appointments = [...proposalAppointments(rows), ...laneAppointments(rows)].sort(
    (a, b) => a.time - b.time || (a.uid < b.uid ? -1 : 1),
  )
  const events = appointments.flatMap(({ uid, time, summary }) => [
    'BEGIN:VEVENT',
    `UID:${uid}@${chainId}.ballast`,
    `DTSTAMP:${stamp(at)}`,
    `DTSTART:${stamp(time)}`,
    `SUMMARY:${escaped(summary)}`,
    'END:VEVENT',
  ])
  const lines = ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//Ballast//index//EN', 'CALSCALE:GREGORIAN', ...events, 'END:VCALENDAR']
  return lines.map((line) => `${folded(line)}\r\n`).join('')
}

function proposalAppointments(rows: Rows): Appointment[] {
  const voting = (['pending', 'active'] as const).flatMap((state) => rows.find(proposalEntity, { state }))
  const queued = rows.find(proposalEntity, { state: 'queued' })
  return [
    ...voting.flatMap(({ proposal, voteStart, voteEnd }) => [
      { uid: `vote-start-${proposal}`, time: voteStart, summary: `Voting begins: proposal ${proposal}` },
      { uid: `vote-end-${proposal}`, time: voteEnd, summary: `Voting ends: proposal ${proposal}` },
    ]),
    ...queued.flatMap(({ proposal, eta }) =>
      eta === null ? [] : [{ uid: `ready-${proposal}`, time: eta, summary: `Can be executed: proposal ${proposal}` }],
    ),
  ]
}

function laneAppointments(rows: Rows): Appointment[] {
  return rows
    .find(laneEntity, {})
    .map(({ scope, settings }) => ({ uid: `mandate-${scope}`, time: settings.expiresAt, summary: `Mandate of ${scope} expires` }))
}

/** `20200312T110000Z`. */
function stamp(time: UnixSeconds): string {
  return new Date(time * 1_000).toISOString().replace(/[-:]|\.\d+/g, '')
}

function escaped(text: string): string {
  return text.replace(/[\\;,]/g, (character) => `\\${character}`)
}

/** Every text here is ASCII, so an octet is a character. */
function folded(line: string): string {
  const parts = [line.slice(0, LINE)]
  for (let i = LINE; i < line.length; i += LINE - 1) parts.push(line.slice(i, i + LINE - 1))
  return parts.join('\r\n ')
}
