import { proposalStates } from '../../chain/ids/index.ts'
import type { Address, Hex } from '../../risk/types/index.ts'
import { account, bigInteger, filtered, flag, hex, json, nullable, oneOf, text, whole } from './columns.ts'
import { defineEntity } from './Entity.ts'

/** One call of a proposal or of a timelock operation. */
export type IndexedCall = { readonly target: Address; readonly value: string; readonly data: Hex }

export const proposalEntity = defineEntity({
  name: 'Proposal',
  list: 'proposals',
  doc: 'A proposal of the governor.',
  key: ['proposal'],
  indexes: [['operation'], ['state', 'endedAt'], ['quorum']],
  columns: {
    proposal: filtered(bigInteger('Id.')),
    proposer: filtered(account('Who proposed it.')),
    calls: json<readonly IndexedCall[]>('[Call!]!', 'What it does when executed.'),
    description: text('As submitted. Text of strangers: show it as text.'),
    state: filtered(oneOf('ProposalState', proposalStates, 'At the time of the last indexed block.')),
    voteStart: whole('Votes held at this second count; voting is open after it.'),
    voteEnd: whole('Last second of voting.'),
    extended: flag('Whether a late quorum moved the end.'),
    quorum: nullable(bigInteger('Votes for and abstaining that it needs; null before voting is open.')),
    against: bigInteger('Votes, token units.'),
    for: bigInteger('Votes, token units.'),
    abstain: bigInteger('Votes, token units.'),
    eta: nullable(whole('First second of execution; null until queued.')),
    operation: nullable(hex('Operation in the timelock; null until queued.')),
    endedAt: nullable(whole('When it was executed or cancelled through the governor, seconds.')),
  },
})

export const voteEntity = defineEntity({
  name: 'Vote',
  list: 'votes',
  doc: 'A ballot.',
  indexes: [['proposal', 'voter']],
  columns: {
    proposal: filtered(bigInteger('Proposal.')),
    voter: filtered(account('Who voted.')),
    support: filtered(oneOf('Support', ['against', 'for', 'abstain'], 'How.')),
    weight: bigInteger('Votes, token units.'),
    reason: text('As given. Text of strangers: show it as text.'),
    parameters: nullable(hex('Parameters of the ballot, where it had some.')),
  },
})

export const delegationEntity = defineEntity({
  name: 'Delegation',
  list: 'delegations',
  doc: 'To whom a holder delegates now.',
  key: ['delegator'],
  columns: {
    delegator: filtered(account('Holder.')),
    delegate: filtered(account('Delegate; the zero account for nobody.')),
    since: whole('Since when, seconds.'),
  },
})

export const delegateEntity = defineEntity({
  name: 'Delegate',
  list: 'delegates',
  doc: 'Votes of an account that was ever delegated to.',
  key: ['delegate'],
  columns: {
    delegate: filtered(account('Who may cast them.')),
    votes: bigInteger('Votes now, token units.'),
    changedAt: whole('Since when, seconds.'),
  },
})

export const operationStatuses = ['waiting', 'ready', 'done', 'cancelled'] as const

export const operationEntity = defineEntity({
  name: 'Operation',
  list: 'operations',
  doc: 'An operation of the timelock.',
  key: ['operation'],
  columns: {
    operation: filtered(hex('Id.')),
    calls: json<readonly IndexedCall[]>('[Call!]!', 'What it does when executed.'),
    predecessor: hex('Operation that must be done before; zero for none.'),
    salt: hex('Salt of its id.'),
    scheduledAt: whole('When it was scheduled last, seconds.'),
    readyAt: whole('First second of execution.'),
    status: filtered(oneOf('OperationStatus', operationStatuses, 'At the time of the last indexed block.')),
    endedAt: nullable(whole('When it was done or cancelled, seconds.')),
  },
})

const role = filtered(text('Name, for example `steward`; the hash of a role that has none.'))
const contract = filtered(account('Contract on which the role is held.'))

export const roleEntity = defineEntity({
  name: 'Role',
  list: 'roles',
  doc: 'A role that an account holds or held.',
  key: ['contract', 'roleHash', 'holder'],
  columns: {
    contract,
    role,
    roleHash: hex('keccak256 of its name; zero for the administrator.'),
    holder: filtered(account('Who has it.')),
    held: filtered(flag('Whether it is held now.')),
    changedAt: whole('Since when, seconds.'),
  },
})

export const roleChangeEntity = defineEntity({
  name: 'RoleChange',
  list: 'roleChanges',
  doc: 'A role was granted or revoked.',
  columns: {
    contract,
    role,
    roleHash: hex('keccak256 of its name; zero for the administrator.'),
    holder: filtered(account('Whose role.')),
    granted: filtered(flag('Granted, else revoked.')),
    caller: account('Who did it.'),
  },
})
