import { InvalidInputError } from '../../risk/errors/index.ts'
import type { Address, Recommendation, ScopeId } from '../../risk/types/index.ts'
import { ruleFieldUnits } from '../actions/parseRule.ts'
import { formatQuantity } from '../draft/formatQuantity.ts'
import { didYouMean } from '../draft/nearestNames.ts'
import type { ProtocolState, StoredParameter } from '../state/index.ts'
import { clearingLines, collateralLines } from './clearingLines.ts'

/** Kinds of drafts that can be begun with a file that knows the chain. */
export const draftTemplates = [
  'set-values',
  'set-rules',
  'list-market',
  'list-collateral',
  'open-mandate',
  'renew-mandate',
  'revoke-mandate',
  'change-engines',
  'grant-steward',
  'appoint-guardian',
  'open-group',
  'admit-market',
  'list-feed',
  'surface-signers',
  'surface-limits',
  'settle',
  'resume-group',
  'hand-over',
  'raw-call',
] as const
export type DraftTemplate = (typeof draftTemplates)[number]

export type TemplateOptions = {
  readonly title: string
  readonly why: string
  readonly proposer: Address | null
  /** Scope that the draft is about; the first active market when absent. */
  readonly scope: ScopeId | null
  /** Parameters to set, with the value as people write it. */
  readonly set: Readonly<Record<string, string>>
  /** What the engine recommends for the scope; empty where there is none. */
  readonly recommendations: readonly Recommendation[]
  /** File of contents or of a deployment, for the templates that need one. */
  readonly file: string | null
}

/**
 * A draft to be edited: the live value, range and last change of everything it may touch, and the engine's target where there is one, as comments.
 *
 * @throws {InvalidInputError} The template, scope or parameter is not known.
 */
export function writeDraft(template: string, state: ProtocolState, options: TemplateOptions): string {
  if (!(draftTemplates as readonly string[]).includes(template))
    throw new InvalidInputError({
      argument: 'template',
      got: template,
      limit: `one of ${draftTemplates.join(', ')}${didYouMean(template, draftTemplates)}`,
    })
  const { title, why, proposer } = options
  return [
    '# yaml-language-server: $schema=../../config/schema/proposal.json',
    `# Live values as of block ${state.block} of chain ${state.chainId}, ${iso(state.time)}.`,
    'schema: ballast.proposal',
    'version: 1',
    `title: ${JSON.stringify(title)}`,
    'why: |',
    ...why.split('\n').map((line) => (line === '' ? '' : `  ${line}`)),
    ...(proposer === null ? [] : [`proposer: "${proposer}"`]),
    'actions:',
    ...bodyOf(template as DraftTemplate, state, options),
    '',
  ].join('\n')
}

function bodyOf(template: DraftTemplate, state: ProtocolState, options: TemplateOptions): string[] {
  const year = iso(state.time + 365 * 86_400).slice(0, 10)
  switch (template) {
    case 'set-values':
      return setValues(state, options)
    case 'set-rules':
      return setRules(state, options)
    case 'list-market':
    case 'list-collateral': {
      const known = state.scopes.map(({ scope }) => scope).join(', ') || 'none'
      return [
        `  # Active scopes: ${known}.`,
        '  - do: list',
        `    contents: ${options.file ?? 'config/markets/sol.json'}`,
        ...(template === 'list-collateral' ? [`    scopes: ["${options.scope ?? 'asset:SOL'}"]`, ...collateralLines(state, options)] : []),
      ]
    }
    case 'open-mandate':
      return [
        `  - do: openMandate`,
        `    scope: ${scopeOf(state, options)}`,
        '    mode: shadow # then canary, then live',
        `    expires: ${year}`,
      ]
    case 'renew-mandate': {
      const scope = options.scope ?? state.lanes[0]?.scope ?? 'market:ETH'
      const lane = state.lanes.find((each) => each.scope === scope)
      return [
        `  # ${lane === undefined ? `${scope} has no lane` : `${scope} is ${lane.mode}; its mandate ends ${iso(lane.settings.expiresAt)}`}.`,
        '  - do: renewMandate',
        `    scope: ${scope}`,
        `    expires: ${year}`,
      ]
    }
    case 'revoke-mandate':
      return [`  # Voids epoch ${state.mandate.epoch} with its ${state.mandate.engines.length} engines.`, '  - do: revokeMandate']
    case 'change-engines':
      return [
        `  # Now ${state.mandate.threshold} of ${state.mandate.engines.length} sign, in epoch ${state.mandate.epoch}.`,
        '  - do: changeEngines',
        '    engines:',
        ...state.mandate.engines.map((engine) => `      - "${engine}"`),
        `    threshold: ${state.mandate.threshold}`,
      ]
    case 'grant-steward': {
      const stewards = state.roles
        .filter(({ contract, role }) => contract === 'riskParameters' && role === 'steward')
        .map(({ account }) => account)
      return [`  # Stewards now: ${stewards.join(', ') || 'none'}.`, '  - do: grantSteward', '    account: "0x..."']
    }
    case 'appoint-guardian':
      return [
        `  # Now ${state.guardian.account} until ${iso(state.guardian.until)}.`,
        '  - do: appointGuardian',
        `    account: "${state.guardian.account}"`,
        `    until: ${iso(state.time + 180 * 86_400).slice(0, 10)}`,
      ]
    case 'open-group':
    case 'admit-market':
    case 'list-feed':
    case 'surface-signers':
    case 'surface-limits':
    case 'settle':
    case 'resume-group':
      return clearingLines(template, state, options)
    case 'hand-over':
      return ['  - do: handOver', `    successor: ${options.file ?? 'deployments/successor.json'}`]
    case 'raw-call':
      return [
        '  - do: call',
        '    target: "0x..."',
        '    abi: function setVotingDelay(uint48 newVotingDelay)',
        '    args: [259200]',
        '    # What the call changes, by path of the state diff, with the value after it:',
        '    effects:',
        '      governor/votingDelay: "259200"',
      ]
  }
}

function setValues(state: ProtocolState, options: TemplateOptions): string[] {
  const scope = scopeOf(state, options)
  const { parameters } = state.scopes.find((each) => each.scope === scope) ?? { parameters: [] }
  const wanted = chosen(options.set, parameters)
  const lines = parameters.map((stored) => {
    const { value, rule } = stored
    const unit = unitIn(state, stored.id)
    const target = options.recommendations.find(({ id }) => id === stored.id)?.target ?? null
    const advice = target === null ? '' : `, engine's target ${formatQuantity(target, unit)}`
    const clipped = target === null ? value : Math.min(Math.max(target, rule.floor), rule.ceiling)
    const text = wanted.get(stored.id) ?? formatQuantity(wanted.size === 0 ? clipped : value, unit)
    const active = wanted.size === 0 ? clipped !== value : wanted.has(stored.id)
    return `${active ? '      ' : '      # '}${stored.id}: ${text} # live ${formatQuantity(value, unit)}, range ${formatQuantity(rule.floor, unit)} to ${formatQuantity(rule.ceiling, unit)}${advice}`
  })
  return ['  - do: setValues', `    scope: ${scope}`, '    values:', ...lines]
}

function setRules(state: ProtocolState, options: TemplateOptions): string[] {
  const scope = scopeOf(state, options)
  const { parameters } = state.scopes.find((each) => each.scope === scope) ?? { parameters: [] }
  const wanted = chosen(options.set, parameters)
  const picked = parameters.filter(({ id }) => wanted.size === 0 || wanted.has(id)).slice(0, wanted.size === 0 ? 1 : wanted.size)
  return [
    '  - do: setRules',
    `    scope: ${scope}`,
    '    # Fields left out keep what is in force. What only restricts loosening counts at once, anything else after the rule delay.',
    '    rules:',
    ...picked.flatMap((stored) => [
      `      ${stored.id}: # live ${formatQuantity(stored.value, unitIn(state, stored.id))}`,
      ...ruleLines(stored, state),
    ]),
  ]
}

function ruleLines({ id, rule }: StoredParameter, state: ProtocolState): string[] {
  const unit = unitIn(state, id)
  return Object.entries(ruleFieldUnits).map(([name, [field, kind]]) => {
    const word = rule[field]
    const text =
      kind === 'own'
        ? formatQuantity(word, unit)
        : kind === 'bps'
          ? formatQuantity(word, 'bps')
          : `${word} ${kind === 'minutes' ? 'min' : 'h'}`
    return `        ${name}: ${text}`
  })
}

/** Parameters of the scope that were chosen, by id; the last part of a name is enough. */
function chosen(set: TemplateOptions['set'], parameters: readonly StoredParameter[]): ReadonlyMap<string, string> {
  const ids = parameters.map(({ id }) => id)
  return new Map(
    Object.entries(set).map(([name, text]) => {
      const id = ids.find((each) => each === name || each.split('.').at(-1) === name)
      if (id === undefined)
        throw new InvalidInputError({ argument: 'parameter', got: name, limit: `one of the scope${didYouMean(name, ids)}` })
      return [id, text]
    }),
  )
}

function scopeOf(state: ProtocolState, { scope }: TemplateOptions): ScopeId {
  const scopes = state.scopes.map((each) => each.scope)
  const found = scope ?? scopes.find((each) => each.startsWith('market:')) ?? scopes[0]
  if (found === undefined || (scope !== null && !scopes.includes(scope)))
    throw new InvalidInputError({ argument: 'scope', got: scope, limit: `an active scope${didYouMean(scope ?? '', scopes)}` })
  return found
}

const unitIn = ({ catalogue }: ProtocolState, id: string): Parameters<typeof formatQuantity>[1] =>
  catalogue.parameters.find((spec) => spec.id === id)?.unit ?? 'bps'

const iso = (time: number): string => new Date(time * 1000).toISOString().replace('.000Z', 'Z')
