import { laneCauses } from '../../chain/ids/index.ts'
import { type LaneSettings, laneModes } from '../../risk/types/index.ts'
import { account, bigInteger, filtered, flag, hex, json, nullable, oneOf, text, whole } from './columns.ts'
import { defineEntity } from './Entity.ts'

const scope = filtered(text('Scope of the lane, for example `market:ETH`.'))
const mode = (doc: string) => filtered(oneOf('LaneMode', laneModes, doc))

export const laneEntity = defineEntity({
  name: 'Lane',
  list: 'lanes',
  doc: 'The controller’s mandate over one scope.',
  key: ['scope'],
  columns: {
    scope,
    mode: mode('Mode as stored; expiry, silence and a revoked epoch limit it further.'),
    settings: json<LaneSettings>('LaneSettings!', 'Set by the DAO.'),
    round: whole('Last accepted round.'),
    observedAt: whole('End of its data window, seconds.'),
    heartbeatAt: whole('When it was accepted, or the lane opened, seconds.'),
    heldUntil: whole('Until when it may only tighten after an undo, seconds.'),
    meter: nullable(account('Meter of realised liquidations.')),
  },
})

export const laneChangeEntity = defineEntity({
  name: 'LaneChange',
  list: 'laneChanges',
  doc: 'A lane was opened, changed its mode or settings, was held, or got a meter.',
  columns: {
    scope,
    link: whole('Position in the hash chain.'),
    kind: filtered(oneOf('LaneChangeKind', ['opened', 'mode', 'settings', 'held', 'meter'], 'What happened.')),
    previous: nullable(mode('Mode before.')),
    mode: nullable(mode('Mode after.')),
    cause: nullable(filtered(oneOf('LaneCause', laneCauses, 'What moved it.'))),
    by: nullable(account('Who sent it.')),
    settings: nullable(json<LaneSettings>('LaneSettings', 'New settings.')),
    until: nullable(whole('End of a hold, seconds.')),
    meter: nullable(account('New meter; the zero account for none.')),
  },
})

export const engineSetEntity = defineEntity({
  name: 'EngineSet',
  list: 'engineSets',
  doc: 'The engines of one epoch. The last one is in force.',
  key: ['epoch'],
  columns: {
    link: whole('Position in the hash chain.'),
    epoch: filtered(whole('Number of the epoch.')),
    threshold: whole('Signatures a round needs; 0 when the epoch has no engines.'),
    engines: json<readonly `0x${string}`[]>('[Account!]!', 'Engines, ascending; none after a revocation.'),
    revokedBy: nullable(account('Who voided the epoch before by opening this one.')),
  },
})

export const roundOutcomes = ['held', 'shadowed', 'applied', 'pended', 'mixed', 'rejected'] as const

export const roundEntity = defineEntity({
  name: 'Round',
  list: 'rounds',
  doc: 'A round that the mandate accepted. What reverted is not on chain.',
  indexes: [['scope', 'round']],
  columns: {
    scope,
    link: whole('Position in the hash chain.'),
    round: filtered(whole('Number in its lane.')),
    epoch: whole('Epoch of its engines.'),
    observedAt: whole('End of its data window, seconds.'),
    outcome: filtered(
      oneOf(
        'RoundOutcome',
        roundOutcomes,
        'held: no item, a heartbeat. shadowed: judged, nothing applied. rejected: every item was. mixed: some were.',
      ),
    ),
    applied: whole('Items applied.'),
    pended: whole('Items that began to wait.'),
    rejected: whole('Items rejected.'),
    vetoed: filtered(whole('Of those that waited, how many were vetoed since.')),
    impactNotional: bigInteger('Stated impact: notional newly liquidatable, USD with 18 decimals.'),
    impactAccounts: whole('Stated impact: accounts newly liquidatable.'),
    digest: filtered(hex('What the engines signed.')),
    snapshot: hex('Hash of the canonical snapshot.'),
    engine: hex('Hash of the engine’s build.'),
    configuration: hex('Hash of the engine’s configuration.'),
    report: hex('Hash of the report.'),
    submitter: filtered(account('Who sent it.')),
    cosigner: nullable(account('Steward who co-signed.')),
  },
})

export const stewardActionEntity = defineEntity({
  name: 'StewardAction',
  list: 'stewardActions',
  doc: 'An emergency tightening, an undo, or a restriction by a steward.',
  columns: {
    scope,
    link: whole('Position in the hash chain.'),
    kind: filtered(oneOf('StewardActionKind', ['tighten', 'undo', 'restrict'], 'What was done.')),
    parameter: nullable(filtered(text('Parameter; null for an emergency tightening, whose items are in `roundItems`.'))),
    nonce: nullable(whole('Of an emergency tightening.')),
    entry: nullable(whole('History entry that was undone.')),
    steward: nullable(account('Steward, or who restricted; null when the guardian undid alone.')),
    guardian: nullable(account('Guardian who signed.')),
    impactNotional: nullable(bigInteger('Stated impact, USD with 18 decimals.')),
    impactAccounts: nullable(whole('Stated impact, accounts.')),
    applied: nullable(whole('Items applied.')),
    rejected: nullable(whole('Items rejected.')),
  },
})

export const guardianTermEntity = defineEntity({
  name: 'GuardianTerm',
  list: 'guardianTerms',
  doc: 'An appointment of the guardian. The last one counts, until it ends.',
  columns: {
    link: whole('Position in the hash chain.'),
    guardian: filtered(account('The guardian.')),
    until: whole('First second without it.'),
    inForce: filtered(flag('Whether no later appointment replaced it; it may have ended.')),
  },
})
