import { type ParameterRule, reasons, rejections, writers } from '../../risk/types/index.ts'
import { account, bigInteger, filtered, flag, hex, json, nullable, oneOf, text, whole } from './columns.ts'
import { defineEntity } from './Entity.ts'

const scope = filtered(text('Where the parameter lives, for example `market:ETH`.'))
const parameter = filtered(text('Parameter id, for example `margin.priceScanRange`.'))
const writer = (doc: string) => filtered(oneOf('Writer', writers, doc))
const reason = filtered(oneOf('Reason', reasons, 'Why it was written.'))

export const scopeEntity = defineEntity({
  name: 'Scope',
  list: 'scopes',
  doc: 'A scope whose parameters are active.',
  key: ['scope'],
  columns: {
    scope,
    caller: account('Who activated it.'),
    predecessor: nullable(account('Store it was taken over from.')),
    predecessorHead: nullable(hex('Head of the predecessor’s history then, 28 bytes.')),
    predecessorLinks: nullable(whole('Links of the predecessor’s history then.')),
  },
})

export const parameterEntity = defineEntity({
  name: 'Parameter',
  list: 'parameters',
  doc: 'A parameter as it stands: value, rule in force, rule that waits.',
  key: ['scope', 'parameter'],
  columns: {
    scope,
    parameter,
    value: nullable(whole('Value in its own unit; docs/parameters.md names it.')),
    writer: nullable(writer('Who wrote it last.')),
    reason: nullable(reason),
    round: nullable(whole('Round of the last write; 0 outside rounds.')),
    changes: whole('Writes so far.'),
    changedAt: nullable(whole('Time of the last write, seconds.')),
    changedBlock: nullable(whole('Block of the last write.')),
    rule: json<ParameterRule>('Rule!', 'Rule in force.'),
    ruleSince: whole('Since when, seconds.'),
    pendingRule: nullable(json<ParameterRule>('Rule', 'Rule that waits for the rule delay.')),
    pendingRuleValue: nullable(whole('Value the waiting rule carries; 0 keeps the live one.')),
    pendingRuleEta: nullable(whole('First second at which the waiting rule can come into force.')),
    vetoedUntil: whole('Until when a veto bars loosening, seconds; 0 for never vetoed.'),
  },
})

export const parameterChangeEntity = defineEntity({
  name: 'ParameterChange',
  list: 'parameterChanges',
  doc: 'One write of a parameter: its history.',
  indexes: [['scope', 'parameter']],
  columns: {
    scope,
    parameter,
    link: whole('Position in the hash chain.'),
    number: whole('Writes of this parameter before it.'),
    previous: whole('Value before.'),
    value: whole('Value after.'),
    writer: writer('Who wrote it.'),
    reason,
    round: filtered(whole('Round; 0 outside rounds.')),
    caller: filtered(account('Who sent it to the store.')),
  },
})

export const ruleChangeEntity = defineEntity({
  name: 'RuleChange',
  list: 'ruleChanges',
  doc: 'A rule that came into force, began to wait, or was cancelled.',
  indexes: [['scope', 'parameter']],
  columns: {
    scope,
    parameter,
    link: whole('Position in the hash chain.'),
    kind: filtered(oneOf('RuleChangeKind', ['set', 'pended', 'cancelled'], 'What happened.')),
    rule: nullable(json<ParameterRule>('Rule', 'The rule; null when it was cancelled.')),
    value: nullable(whole('Value a waiting rule carries; 0 keeps the live one.')),
    eta: nullable(whole('First second at which a waiting rule can come into force.')),
    caller: nullable(account('Who sent it; null while it waits.')),
  },
})

export const looseningStatuses = ['pending', 'executed', 'vetoed', 'voided', 'replaced', 'overwritten', 'revoked', 'expired'] as const
export type LooseningStatus = (typeof looseningStatuses)[number]

export const looseningEntity = defineEntity({
  name: 'Loosening',
  list: 'loosenings',
  doc:
    'A loosening that waited for its veto window, and what became of it. voided: with a member of its set; replaced: by a later round; ' +
    'overwritten: by another write; revoked: with its epoch.',
  indexes: [
    ['scope', 'parameter'],
    ['scope', 'round'],
  ],
  columns: {
    scope,
    parameter,
    link: whole('Position in the hash chain.'),
    round: whole('Round that proposed it.'),
    epoch: whole('Epoch of its engines.'),
    current: whole('Value when it began to wait.'),
    target: whole('Value it moves to.'),
    createdAt: whole('Start of its veto window, seconds; a newer target that is no looser keeps it.'),
    eta: whole('First second of execution.'),
    expiry: whole('Last second of execution.'),
    status: filtered(oneOf('LooseningStatus', looseningStatuses, 'What became of it.')),
    closedAt: nullable(whole('When it stopped waiting, seconds.')),
    closedBy: nullable(account('Who vetoed, voided or wrote; null for nobody.')),
  },
})

export const vetoEntity = defineEntity({
  name: 'Veto',
  list: 'vetoes',
  doc: 'A vote against a pending loosening. The guardian’s has no votes and suffices.',
  columns: {
    scope,
    parameter,
    link: whole('Position in the hash chain.'),
    voter: filtered(account('Who cast it.')),
    createdAt: whole('Start of the veto window it was cast in, seconds.'),
    votes: bigInteger('Votes of the voter, token units.'),
    total: bigInteger('All votes cast against it so far.'),
    threshold: bigInteger('Votes that veto.'),
  },
})

export const itemEntity = defineEntity({
  name: 'RoundItem',
  list: 'roundItems',
  doc: 'What became of one item of a round or of an emergency tightening.',
  indexes: [
    ['scope', 'parameter'],
    ['scope', 'number'],
  ],
  columns: {
    scope,
    parameter,
    link: whole('Position in the hash chain.'),
    number: filtered(whole('Round of the controller, or nonce of the emergency tightening.')),
    emergency: filtered(flag('Whether a steward sent it.')),
    kind: filtered(oneOf('ItemKind', ['applied', 'pended', 'shadowed', 'rejected'], 'What became of it.')),
    current: whole('Live value then.'),
    proposed: bigInteger('Value proposed; may be larger than any value allowed.'),
    code: nullable(filtered(oneOf('Rejection', rejections, 'Why it was rejected.'))),
    limit: nullable(bigInteger('The limit it broke; contracts/interfaces/IRiskParameters.sol says of which kind by code.')),
  },
})
