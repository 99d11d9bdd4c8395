import { controllerMandateAbi } from '../../chain/generated/index.ts'
import { fromCode, laneCauses } from '../../chain/ids/index.ts'
import { type Bps, type LaneSettings, laneModes } from '../../risk/types/index.ts'
import { laneChangeEntity, laneEntity } from '../entities/index.ts'
import { defineHandlers } from './Handler.ts'
import { scopeName } from './names.ts'
import { present } from './present.ts'

const nothing = { previous: null, mode: null, cause: null, by: null, settings: null, until: null, meter: null } as const

/** Lanes: opened, moved between modes, held, metered. */
export const lanes = defineHandlers('module', controllerMandateAbi, {
  LaneOpened(args, event, { rows }) {
    const scope = scopeName(args.scope)
    const settings = settingsOf(args.settings)
    const mode = fromCode(laneModes, args.mode)
    rows.insert(laneChangeEntity, event, { scope, link: event.link, kind: 'opened', ...nothing, mode, settings })
    const known = rows.last(laneEntity, { scope })
    if (known !== undefined) return rows.update(laneEntity, known.position, { settings, heartbeatAt: event.time })
    rows.insert(laneEntity, event, { scope, mode, settings, round: 0, observedAt: 0, heartbeatAt: event.time, heldUntil: 0, meter: null })
  },
  LaneModeChanged(args, event, { rows }) {
    const scope = scopeName(args.scope)
    const mode = fromCode(laneModes, args.mode)
    const previous = fromCode(laneModes, args.previous)
    const cause = fromCode(laneCauses, args.cause)
    rows.insert(laneChangeEntity, event, { scope, link: event.link, kind: 'mode', ...nothing, previous, mode, cause, by: args.by })
    const lane = rows.last(laneEntity, { scope })
    if (lane !== undefined) rows.update(laneEntity, lane.position, { mode })
  },
  LaneSettingsChanged(args, event, { rows }) {
    const scope = scopeName(args.scope)
    const settings = settingsOf(args.settings)
    rows.insert(laneChangeEntity, event, { scope, link: event.link, kind: 'settings', ...nothing, settings })
    const lane = rows.last(laneEntity, { scope })
    if (lane !== undefined) rows.update(laneEntity, lane.position, { settings })
  },
  LaneHeld(args, event, { rows }) {
    const scope = scopeName(args.scope)
    rows.insert(laneChangeEntity, event, { scope, link: event.link, kind: 'held', ...nothing, until: args.until })
    const lane = rows.last(laneEntity, { scope })
    if (lane !== undefined) rows.update(laneEntity, lane.position, { heldUntil: args.until })
    else rows.insert(laneEntity, event, closedLane(scope, args.until, null))
  },
  MeterChanged(args, event, { rows }) {
    const scope = scopeName(args.scope)
    rows.insert(laneChangeEntity, event, { scope, link: event.link, kind: 'meter', ...nothing, meter: args.meter })
    const lane = rows.last(laneEntity, { scope })
    if (lane !== undefined) rows.update(laneEntity, lane.position, { meter: present(args.meter) })
    else rows.insert(laneEntity, event, closedLane(scope, 0, present(args.meter)))
  },
})

/** A lane that was never opened can be held and metered all the same. */
const closedLane = (scope: string, heldUntil: number, meter: `0x${string}` | null) => ({
  scope,
  mode: 'closed' as const,
  settings: unset,
  round: 0,
  observedAt: 0,
  heartbeatAt: 0,
  heldUntil,
  meter,
})

const unset: LaneSettings = {
  heartbeatTimeout: 0,
  deadManTimeout: 0,
  flipWindow: 0,
  shadowRounds: 0,
  canaryRounds: 0,
  breakerRejections: 0,
  impactAccountsLimit: 0,
  impactNotionalLimit: '0',
  impactMultipleBps: 0 as Bps,
  expiresAt: 0,
}

type SettingsArgument = { readonly impactNotionalLimit: bigint; readonly impactMultipleBps: number } & Omit<
  LaneSettings,
  'impactNotionalLimit' | 'impactMultipleBps'
>

const settingsOf = (settings: SettingsArgument): LaneSettings => ({
  ...settings,
  impactNotionalLimit: String(settings.impactNotionalLimit),
  impactMultipleBps: settings.impactMultipleBps as Bps,
})
