import type { Command } from 'commander'
import { z } from 'zod'
import { withChainErrors } from '../../chain/errors/index.ts'
import { controllerMandateAbi, riskParametersAbi, riskStewardsAbi } from '../../chain/generated/index.ts'
import { encodeScopeId, fromCode, toCode } from '../../chain/ids/index.ts'
import { readBlock, readParameter } from '../../chain/read/index.ts'
import { domainOf, type EmergencyTightening, emergencyTighteningTypes, encodeEmergencyTightening } from '../../chain/typed-data/index.ts'
import { buildTighten } from '../../chain/write/index.ts'
import { parseQuantity, parseUsdWad } from '../../proposals/draft/index.ts'
import {
  type ParameterUnit,
  type ParameterValue,
  type ParamId,
  type Rejection,
  type RoundSignature,
  rejections,
  type ScopeId,
  writers,
} from '../../risk/types/index.ts'
import { addActorOptions } from '../act/actorOptions.ts'
import { type ActNode, openActNode } from '../act/openActNode.ts'
import { openActor } from '../act/openActor.ts'
import { openParameter, type ParameterOptions } from '../act/openParameter.ts'
import { parseAssignment } from '../act/parseAssignment.ts'
import { type Act, type PerformOptions, perform } from '../act/perform.ts'
import { type Authorities, readAuthorities } from '../act/readAuthorities.ts'
import { readSignedFile, signedFields } from '../act/readSignedFile.ts'
import { signAct } from '../act/signAct.ts'
import { guardianSentence, stewardsSentence } from '../act/whoMay.ts'
import { specOf } from '../context/openCatalogue.ts'
import { rejectionWords } from '../evidence/words.ts'
import { CliError, usageError } from '../kit/CliError.ts'
import { defineCommand } from '../kit/defineCommand.ts'
import type { Document } from '../kit/json.ts'
import { parseWholeNumber } from '../kit/options.ts'
import type { Terminal } from '../kit/Terminal.ts'
import { isoTime } from '../kit/time.ts'
import { grouped, humanAndRaw, relativeChange } from '../kit/values.ts'

type TightenOptions = PerformOptions &
  ParameterOptions & {
    readonly set: readonly string[]
    readonly impact?: string
    readonly impactAccounts?: number
    readonly valid: number
    readonly prepare?: true
    readonly signOnly?: true
    readonly signed?: string
  }

/** `ballast param tighten`. */
export function tightenVerb(terminal: Terminal): Command {
  return defineCommand(
    terminal,
    {
      name: 'tighten',
      summary: 'steward: tighten parameters of one scope at once, above the impact limits with the guardian’s signature',
      details:
        'The steward states what the tightening liquidates: notional and accounts. Within the limits of the lane it sends alone. Above them it writes a file with --prepare, the guardian signs it ' +
        'with --signed and --sign-only, and the steward sends that. The store judges every item first; what it would reject is not sent.',
      examples: [
        { run: 'param tighten --market ETH --set priceScanRange="26 %" --impact "0 USD" --impact-accounts 0', what: 'what it would do' },
        { run: 'param tighten ... --prepare --output tighten.json', what: 'writes the file for the guardian' },
        { run: 'param tighten --signed tighten.json --sign-only --output signed.json', what: 'the guardian signs' },
        { run: 'param tighten --signed signed.json --send', what: 'the steward sends' },
      ],
    },
    (command) =>
      addActorOptions(
        command
          .option('--scope <scope>', 'its scope, for example market:ETH')
          .option('--market <name>', 'its market, for example ETH')
          .option(
            '--set <name=value>',
            'a parameter and its new value; may be repeated',
            (text: string, all: readonly string[]) => [...all, text],
            [] as readonly string[],
          )
          .option('--impact <usd>', 'notional that becomes liquidatable, for example "2,000,000 USD"')
          .option('--impact-accounts <number>', 'accounts that become liquidatable', parseWholeNumber('--impact-accounts'))
          .option('--valid <minutes>', 'how long it may be sent', parseWholeNumber('--valid', 1), 60)
          .option('--prepare', 'print the tightening for the guardian to sign')
          .option('--sign-only', 'sign the tightening of --signed and print it')
          .option('--signed <file>', 'sign, or send, this tightening'),
      ),
    async (args, options: TightenOptions, context) => {
      if (args.length > 0)
        throw usageError(`${JSON.stringify(args[0])} is not understood.`, 'Name values with --set priceScanRange="26 %".')
      const node = await openActNode(options, context)
      const contract = node.deployment.contracts.riskStewards
      const { tightening, guardian } =
        options.signed === undefined ? { tightening: await stated(node, options), guardian: null } : readTightening(options, node, context)
      const authorities = await readAuthorities(node)
      const judged = await judge(node, tightening)
      const print = (signature: RoundSignature | null): void => {
        const document = {
          schema: 'ballast.tightening',
          version: 1,
          chainId: node.chainId,
          contract,
          ...fileForm(tightening),
          guardian: signature,
        }
        context.output.say(judged.join('\n'))
        context.output.result(document as Document, () => `${JSON.stringify(document, null, 2)}\n`)
      }
      if (options.prepare === true) {
        print(null)
        return
      }
      if (options.signOnly === true) {
        if (options.signed === undefined)
          throw usageError('--sign-only needs the file of the steward.', 'Give it with --signed; the steward makes it with --prepare.')
        const actor = await openActor(options, node, context)
        if (actor.address !== authorities.guardian)
          throw new CliError('reverted', `${actor.address} is not the guardian.`, guardianSentence(authorities))
        const data = await signAct(actor, {
          domain: domainOf('riskStewards', node.chainId, contract),
          types: emergencyTighteningTypes,
          primaryType: 'EmergencyTightening',
          message: encodeEmergencyTightening(tightening),
        })
        print({ signer: actor.address, data })
        return
      }
      await perform(await tightenAct(node, tightening, guardian, judged, authorities), options, node, context)
    },
  )
}

/** The tightening that the options state. */
async function stated(node: ActNode, options: TightenOptions): Promise<EmergencyTightening> {
  const { set, impact, impactAccounts, valid, scope: wanted, market } = options
  if (set.length === 0) throw usageError('No value is given.', 'Name them with --set priceScanRange="26 %".')
  if (impact === undefined || impactAccounts === undefined)
    throw usageError(
      'A tightening states what it liquidates.',
      'Give --impact "0 USD" and --impact-accounts 0, or what `ballast risk assess` says.',
    )
  const chosen = await Promise.all(
    set.map(async (text) => {
      const [name, value] = parseAssignment(text)
      const opened = await openParameter(node, name, {
        ...(wanted !== undefined && { scope: wanted }),
        ...(market !== undefined && { market }),
      })
      return { ...opened, value: parseQuantity(value, opened.spec.unit, `--set ${name}`) }
    }),
  )
  const scopes = [...new Set(chosen.map(({ scope }) => scope))]
  const [scope] = scopes
  if (scope === undefined || scopes.length > 1)
    throw usageError(`A tightening is of one scope; these are of ${scopes.join(', ')}.`, 'Name it with --scope.')
  const items = chosen
    .map(({ spec, live, value }) => ({ id: spec.id, expected: live.state.value, value }))
    .sort((a, b) => (a.id < b.id ? -1 : 1))
  const twice = items.find(({ id }, i) => items[i + 1]?.id === id)
  if (twice !== undefined) throw usageError(`${twice.id} is set twice.`)
  const [{ time }, nonce] = await Promise.all([readBlock(node.client), readNonce(node, scope)])
  return {
    scope,
    items,
    impactNotional: BigInt(parseUsdWad(impact, '--impact')),
    impactAccounts,
    nonce,
    validUntil: time + valid * 60,
  }
}

function readNonce({ client, deployment }: ActNode, scope: ScopeId): Promise<number> {
  const address = deployment.contracts.riskStewards
  return withChainErrors(
    () => client.readContract({ address, abi: riskStewardsAbi, functionName: 'nonceOf', args: [encodeScopeId(scope)] }),
    address,
  )
}

const value = signedFields.instant.max(2 ** 48 - 1).transform((word) => word as ParameterValue)
const tighteningShape = {
  scope: signedFields.scope,
  items: z.array(z.strictObject({ id: signedFields.id, expected: value, value })).min(1),
  impactNotional: signedFields.word,
  impactAccounts: signedFields.count,
  nonce: signedFields.count,
  validUntil: signedFields.instant,
  guardian: signedFields.signature,
}

function readTightening(
  options: TightenOptions,
  node: ActNode,
  context: Parameters<typeof readSignedFile>[5],
): { readonly tightening: EmergencyTightening; readonly guardian: RoundSignature | null } {
  if (options.set.length > 0 || options.impact !== undefined || options.impactAccounts !== undefined || options.prepare === true)
    throw usageError('--signed names scope, values and impact already.', 'Leave --set, --impact, --impact-accounts and --prepare out.')
  const contract = node.deployment.contracts.riskStewards
  const { guardian, impactNotional, ...rest } = readSignedFile(
    options.signed ?? '',
    'ballast.tightening',
    contract,
    tighteningShape,
    node,
    context,
  )
  return { tightening: { ...rest, impactNotional: BigInt(impactNotional) }, guardian }
}

const fileForm = ({ impactNotional, ...rest }: EmergencyTightening) => ({ ...rest, impactNotional: impactNotional.toString() })

/**
 * What each item does, in human units.
 *
 * @throws {CliError} The store would reject an item now.
 */
async function judge({ client, deployment, catalogue }: ActNode, { scope, items, nonce }: EmergencyTightening): Promise<string[]> {
  const address = deployment.contracts.riskParameters
  const context = {
    round: nonce,
    epoch: 0,
    writer: toCode(writers, 'steward'),
    shadow: false,
    mayTighten: true,
    mayLoosen: false,
    chargeSteward: true,
    flipWindow: 0,
  }
  const { items: encoded } = encodeEmergencyTightening({ scope, items, impactNotional: 0n, impactAccounts: 0, nonce, validUntil: 0 })
  const [codes, limits] = await withChainErrors(
    () => client.readContract({ address, abi: riskParametersAbi, functionName: 'judge', args: [encodeScopeId(scope), encoded, context] }),
    address,
  )
  const rejected = items.flatMap(({ id, value: proposed }, i) => {
    const code = fromCode(rejections, codes[i] ?? 0)
    if (code === 'none') return []
    const { unit } = specOf(catalogue, id)
    return [`  ${id} to ${humanAndRaw(proposed, unit)}: ${refusalText(code, Number(limits[i] ?? 0n), unit)}`]
  })
  if (rejected.length > 0)
    throw new CliError(
      'reverted',
      `The store would reject ${rejected.length} of ${items.length} items; nothing was sent.`,
      rejected.join('\n'),
    )
  return Promise.all(
    items.map(async ({ id, value: proposed }) => {
      const { state } = await readParameter(client, deployment, scope, id)
      const { unit } = specOf(catalogue, id)
      return `${id} of ${scope}: ${humanAndRaw(state.value, unit)} → ${humanAndRaw(proposed, unit)}, ${relativeChange(state.value, proposed)}`
    }),
  )
}

/** Why the store would reject an item, with the limit where it is one. */
function refusalText(code: Rejection, limit: number, unit: ParameterUnit): string {
  const words = rejectionWords(code)
  switch (code) {
    case 'class':
      return 'a steward only tightens, and only parameters of class risk'
    case 'cooldown':
    case 'vetoed':
      return `${words} until ${isoTime(limit)}`
    case 'joint':
      return `${words}, number ${limit} of the catalogue`
    case 'expected':
    case 'equal':
    case 'floor':
    case 'ceiling':
    case 'step':
    case 'budget':
      return `${words}, limit ${humanAndRaw(limit, unit)}`
    default:
      return words
  }
}

async function tightenAct(
  node: ActNode,
  tightening: EmergencyTightening,
  guardian: RoundSignature | null,
  judged: readonly string[],
  authorities: Authorities,
): Promise<Act> {
  const { scope, items, impactNotional, impactAccounts, validUntil } = tightening
  const address = node.deployment.contracts.controllerMandate
  const limits = await withChainErrors(
    () => node.client.readContract({ address, abi: controllerMandateAbi, functionName: 'settingsOf', args: [encodeScopeId(scope)] }),
    address,
  )
  const usd = (wad: bigint): string => `${grouped(wad / 10n ** 18n)} USD`
  const allowed = `alone up to ${usd(limits.impactNotionalLimit)} and ${limits.impactAccountsLimit} accounts, above with the guardian's signature`
  const ids: readonly ParamId[] = items.map(({ id }) => id)
  return {
    name: 'tighten',
    call: buildTighten(node.deployment, tightening, guardian),
    sentence: `Tighten ${ids.join(', ')} of ${scope}`,
    facts: { scope, ids, impactNotional, impactAccounts, guardian: guardian?.signer ?? null, validUntil },
    changes: [
      ...judged,
      `stated impact ${usd(impactNotional)} in ${impactAccounts} accounts; a steward sends ${allowed}`,
      `may be sent until ${isoTime(validUntil)}`,
    ],
    may: async () => `A steward sends it, ${allowed}. ${stewardsSentence(authorities)} ${guardianSentence(authorities)}`,
    done: `${ids.join(', ')} of ${scope} tightened`,
  }
}
