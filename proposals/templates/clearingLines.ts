import { InvalidInputError } from '../../risk/errors/index.ts'
import type { ClearingState } from '../clearing/index.ts'
import { formatQuantity } from '../draft/formatQuantity.ts'
import type { ProtocolState } from '../state/index.ts'
import type { DraftTemplate, TemplateOptions } from './writeDraft.ts'

/** Templates of acts in clearing. */
export type ClearingTemplate = Extract<
  DraftTemplate,
  'open-group' | 'admit-market' | 'list-feed' | 'surface-signers' | 'surface-limits' | 'settle' | 'resume-group'
>

/**
 * The body of a draft that tells clearing something, with what stands there as comments.
 *
 * @throws {InvalidInputError} No clearing is known.
 */
export function clearingLines(template: ClearingTemplate, state: ProtocolState, { scope }: TemplateOptions): string[] {
  const { clearing } = state
  if (clearing === null)
    throw new InvalidInputError({ argument: 'template', got: template, limit: 'one of the protocol: no clearing is known on this chain' })
  const active = (kind: string): string[] => state.scopes.map((each) => each.scope).filter((each) => each.startsWith(`${kind}:`))
  const market = scope ?? active('market')[0] ?? 'market:ETH'
  switch (template) {
    case 'open-group':
      return [
        `  # Open: ${groupsOf(clearing)}. Active groups: ${active('group').join(', ') || 'none'}.`,
        '  - do: openGroup',
        `    group: ${scope ?? active('group')[0] ?? 'group:MAIN'}`,
        '    token: "0x..." # a USD stablecoin',
      ]
    case 'admit-market': {
      const free = clearing.markets.filter(({ group }) => group === null).map((each) => each.scope)
      return [
        `  # Listed and in no group: ${free.join(', ') || 'none'}. Open groups: ${groupsOf(clearing)}.`,
        '  - do: admitMarket',
        `    group: ${clearing.groups[0]?.group ?? 'group:MAIN'}`,
        `    market: ${scope ?? free[0] ?? market}`,
      ]
    }
    case 'list-feed': {
      const live = clearing.feeds.find((each) => each.market === market)
      const sources = live?.sources.map(
        ({ aggregator, decimals, heartbeat }) =>
          `      - { aggregator: "${aggregator}", decimals: ${decimals}, heartbeat: ${heartbeat} s }`,
      )
      return [
        '  # Every source must be alive and agree with the price when this is executed; what was observed before is dropped.',
        '  - do: listFeed',
        `    market: ${market}`,
        '    sources:',
        ...(sources ?? ['      - { aggregator: "0x...", decimals: 8, heartbeat: 60 s }']),
        `    quorum: ${live?.quorum ?? 2}`,
        `    maxDeviation: ${formatQuantity(live?.maxDeviationBps ?? 100, 'bps')}`,
        `    price: ${live === undefined ? '3,000 USD' : `${wadText(live.last)} USD`}`,
      ]
    }
    case 'surface-signers':
      return [
        `  # Now ${clearing.surface.threshold} of ${clearing.surface.signers.length}, epoch ${clearing.surface.epoch}. No engine of the mandate; at least ${state.mandate.threshold} sign.`,
        '  - do: setSurfaceSigners',
        '    signers:',
        ...(clearing.surface.signers.length === 0 ? ['      - "0x..."'] : clearing.surface.signers.map((signer) => `      - "${signer}"`)),
        `    threshold: ${clearing.surface.threshold || state.mandate.threshold}`,
      ]
    case 'surface-limits': {
      const live = clearing.limits.find((each) => each.market === market)?.limits
      const text = (field: string, first: string): string =>
        `      ${field}: ${live === undefined ? first : formatQuantity(field === 'referenceVol' ? Number(BigInt(live[field] ?? 0) / 10n ** 14n) : Number(live[field]), 'bps')}`
      return [
        `  # ${live === undefined ? `${market} has no limits yet: every field is needed` : 'Fields left out keep what is in force'}.`,
        '  - do: setSurfaceLimits',
        `    market: ${market}`,
        '    limits:',
        text('volStep', '20 %'),
        text('volPerHour', '20 %'),
        text('forwardStep', '1 %'),
        text('forwardPerHour', '1 %'),
        text('firstVol', '100 %'),
        text('firstForward', '10 %'),
        text('spot', '2 %'),
        text('referenceVol', '80 %'),
      ]
    }
    case 'settle':
      return [
        '  # Possible a day after expiry, when the window has too few prices; inside what was observed.',
        '  - do: settle',
        `    market: ${market}`,
        `    expiry: ${new Date((Math.floor(state.time / 86_400) * 86_400 - 2 * 86_400 + 8 * 3_600) * 1_000).toISOString().replace(':00.000Z', 'Z')}`,
        `    price: ${wadText(clearing.feeds.find((each) => each.market === market)?.last ?? 0n)} USD`,
      ]
    case 'resume-group': {
      const halted = clearing.groups.filter((each) => each.halted).map(({ group }) => group)
      return [`  # Halted: ${halted.join(', ') || 'none'}.`, '  - do: resumeGroup', `    group: ${scope ?? halted[0] ?? 'group:MAIN'}`]
    }
  }
}

/** Lines that list an asset in a group beside its parameters; none where no clearing is known. */
export function collateralLines({ clearing }: ProtocolState, { scope }: TemplateOptions): string[] {
  if (clearing === null) return []
  const asset = scope ?? 'asset:SOL'
  const market = clearing.markets.find((each) => each.scope.slice('market:'.length) === asset.slice('asset:'.length))
  const feed = clearing.feeds.find((each) => each.market === market?.scope)?.market ?? clearing.feeds[0]?.market ?? 'market:ETH'
  return [
    `  # Open groups: ${groupsOf(clearing)}. Once listed, an asset cannot be taken out, only closed by a cap of zero.`,
    '  - do: listCollateral',
    `    group: ${clearing.groups[0]?.group ?? 'group:MAIN'}`,
    '    token: "0x..."',
    `    asset: ${asset}`,
    `    feed: ${feed}`,
    ...(market === undefined ? [] : [`    ladder: ${market.scope}`]),
  ]
}

const groupsOf = ({ groups }: ClearingState): string => groups.map(({ group }) => group).join(', ') || 'none'

/** A wad as decimals, exactly. */
function wadText(wad: bigint): string {
  const digits = wad.toString().padStart(19, '0')
  const fraction = digits.slice(-18).replace(/0+$/, '')
  return `${digits.slice(0, -18)}${fraction === '' ? '' : `.${fraction}`}`
}
