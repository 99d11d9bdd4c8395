import { zeroAddress } from 'viem'
import { decodeRule, type RuleStruct } from '../../chain/codec/index.ts'
import { decodeParamId, decodeScopeId, formatAccountId, fromCode, laneCauses } from '../../chain/ids/index.ts'
import type { IndexList } from '../../chain/index-client/index.ts'
import { type ChainLink, readHistory } from '../../chain/read/index.ts'
import { type Address, laneModes, reasons, rejections, writers } from '../../risk/types/index.ts'
import { createComparer } from './createComparer.ts'
import type { Comparison, VerifyContext } from './VerifyContext.ts'

type Fields = Readonly<Record<string, unknown>>
type Expected = readonly (readonly [IndexList, Fields])[]
type Arguments = Readonly<Record<string, never>>

/**
 * Every link of the hash chain, read from the chain itself, against the rows that it must have made, and no others. Links have no getter; the head of
 * the chain, which `verifyMandate` compares, vouches for them.
 */
export async function verifyEvents({ client, deployment, content, block, signal }: VerifyContext): Promise<Comparison> {
  const { row, result } = createComparer()
  const history = await readHistory(client, deployment, block, signal)
  const rows = new Map<string, Fields>()
  const counts = new Map<IndexList, number>()
  for (const [list, all] of Object.entries(content) as [IndexList, readonly Fields[]][])
    for (const one of all) if (typeof one['link'] === 'number') rows.set(`${list} ${one['link']}`, one)
  for (const link of history.links) {
    for (const [list, fields] of expectedRows(link, deployment.chainId)) {
      counts.set(list, (counts.get(list) ?? 0) + 1)
      const origin = { block: Number(link.block), transaction: link.transaction }
      row(list, `link ${link.index}`, rows.get(`${list} ${link.index}`), { ...origin, ...fields })
    }
  }
  for (const list of linked) row(list, 'all', { count: content[list].length }, { count: counts.get(list) ?? 0 })
  return result()
}

/** Lists with one row per link. */
const linked = [
  'parameterChanges',
  'ruleChanges',
  'loosenings',
  'vetoes',
  'roundItems',
  'laneChanges',
  'engineSets',
  'rounds',
  'stewardActions',
  'guardianTerms',
] as const

function expectedRows({ event, args: decoded }: ChainLink, chainId: number): Expected {
  const args = decoded as Arguments
  const account = (address: Address): string => formatAccountId(chainId, address)
  const optional = (address: Address): string | null => (address === zeroAddress ? null : account(address))
  const scope = args['scope'] === undefined ? {} : { scope: decodeScopeId(args['scope']) }
  const key = args['id'] === undefined ? scope : { ...scope, parameter: decodeParamId(args['id']) }
  const item = (kind: string, more: Fields): Fields => ({ ...key, kind, number: args['round'], current: Number(args['current']), ...more })
  switch (event) {
    case 'ParameterUpdated': {
      const { round } = args
      const [reason, writer] = [fromCode(reasons, args['reason']!), fromCode(writers, args['writer']!)]
      const [previous, value] = [Number(args['previous']), Number(args['value'])]
      const change = { ...key, previous, value, writer, reason, round, caller: account(args['caller']!) }
      const applied = {
        ...key,
        kind: 'applied',
        number: round,
        current: previous,
        proposed: value.toString(),
        emergency: reason === 'emergency',
      }
      return reason === 'round' || reason === 'emergency'
        ? [
            ['parameterChanges', change],
            ['roundItems', applied],
          ]
        : [['parameterChanges', change]]
    }
    case 'ItemRejected': {
      const { proposed, limit } = args
      return [['roundItems', item('rejected', { proposed, limit, code: fromCode(rejections, args['code']!) })]]
    }
    case 'ItemShadowed':
      return [['roundItems', item('shadowed', { proposed: args['proposed'] })]]
    case 'LooseningPended': {
      const { round, eta, expiry } = args
      const loosening = { ...key, round, eta, expiry, current: Number(args['current']), target: Number(args['target']) }
      return [
        ['loosenings', loosening],
        ['roundItems', item('pended', { proposed: args['target'] })],
      ]
    }
    case 'RuleSet':
      return [['ruleChanges', { ...key, kind: 'set', rule: decodeRule(args['rule']! as RuleStruct), caller: account(args['caller']!) }]]
    case 'RulePended': {
      const pended = {
        ...key,
        kind: 'pended',
        rule: decodeRule(args['rule']! as RuleStruct),
        value: Number(args['value']),
        eta: args['eta'],
      }
      return [['ruleChanges', pended]]
    }
    case 'RuleCancelled':
      return [['ruleChanges', { ...key, kind: 'cancelled', caller: account(args['caller']!) }]]
    case 'VetoCast': {
      const { createdAt, votes, total, threshold } = args
      return [['vetoes', { ...key, voter: account(args['voter']!), createdAt, votes, total, threshold }]]
    }
    case 'RoundAccepted': {
      const {
        submitter,
        cosigner,
        index: _index,
        scope: _scope,
        ...same
      } = args as unknown as Fields & { submitter: Address; cosigner: Address }
      return [['rounds', { ...scope, ...same, submitter: account(submitter), cosigner: optional(cosigner) }]]
    }
    case 'LaneOpened':
      return [['laneChanges', { ...scope, kind: 'opened', mode: fromCode(laneModes, args['mode']!), settings: args['settings'] }]]
    case 'LaneSettingsChanged':
      return [['laneChanges', { ...scope, kind: 'settings', settings: args['settings'] }]]
    case 'LaneModeChanged': {
      const [previous, mode] = [fromCode(laneModes, args['previous']!), fromCode(laneModes, args['mode']!)]
      const cause = fromCode(laneCauses, args['cause']!)
      return [['laneChanges', { ...scope, kind: 'mode', previous, mode, cause, by: account(args['by']!) }]]
    }
    case 'LaneHeld':
      return [['laneChanges', { ...scope, kind: 'held', until: args['until'] }]]
    case 'MeterChanged':
      return [['laneChanges', { ...scope, kind: 'meter', meter: account(args['meter']!) }]]
    case 'EnginesChanged': {
      const { epoch, threshold } = args
      return [['engineSets', { epoch, threshold, engines: (args['engines']! as readonly Address[]).map(account) }]]
    }
    case 'EpochRevoked':
      return [['engineSets', { epoch: args['epoch'], engines: [], revokedBy: account(args['by']!) }]]
    case 'EmergencyTightened': {
      const { nonce, impactNotional, impactAccounts, applied, rejected } = args
      const signers = { steward: account(args['steward']!), guardian: optional(args['guardian']!) }
      return [['stewardActions', { ...scope, kind: 'tighten', nonce, impactNotional, impactAccounts, applied, rejected, ...signers }]]
    }
    case 'TighteningUndone': {
      const signers = { steward: optional(args['steward']!), guardian: account(args['guardian']!) }
      return [['stewardActions', { ...key, kind: 'undo', entry: args['entry'], ...signers }]]
    }
    case 'LooseningRestricted':
      return [['stewardActions', { ...key, kind: 'restrict', steward: account(args['by']!) }]]
    case 'GuardianAppointed':
      return [['guardianTerms', { guardian: account(args['guardian']!), until: args['until'] }]]
    default:
      // Roles, scopes and vetoed loosenings change rows that are compared with the state of the contracts.
      return []
  }
}
