import type { Command } from 'commander'
import { decodeEntry } from '../../chain/codec/index.ts'
import { withChainErrors } from '../../chain/errors/index.ts'
import { controllerMandateAbi, riskParametersAbi } from '../../chain/generated/index.ts'
import { encodeParamId, encodeScopeId } from '../../chain/ids/index.ts'
import { domainOf, undoTypes } from '../../chain/typed-data/index.ts'
import { buildStoreUndo, buildUndo, simulateCall } from '../../chain/write/index.ts'
import type { ParameterEntry, RoundSignature } from '../../risk/types/index.ts'
import { addActorOptions } from '../act/actorOptions.ts'
import { type ActNode, openActNode } from '../act/openActNode.ts'
import { openActor } from '../act/openActor.ts'
import { type OpenedParameter, openParameter, type ParameterOptions } from '../act/openParameter.ts'
import { addParameterOptions } from '../act/parameterOptions.ts'
import { type Act, type Caller, type PerformOptions, perform } from '../act/perform.ts'
import { type Authorities, readAuthorities } from '../act/readAuthorities.ts'
import { readSignedFile, signedFields } from '../act/readSignedFile.ts'
import { signAct } from '../act/signAct.ts'
import { guardianSentence, stewardsSentence } from '../act/whoMay.ts'
import { reasonWords, writerWords } from '../evidence/words.ts'
import { CliError, notFoundError, usageError } from '../kit/CliError.ts'
import { defineCommand } from '../kit/defineCommand.ts'
import type { Document } from '../kit/json.ts'
import { parseWholeNumber } from '../kit/options.ts'
import type { Terminal } from '../kit/Terminal.ts'
import { formatDuration, isoTime } from '../kit/time.ts'
import { humanAndRaw } from '../kit/values.ts'

type UndoOptions = PerformOptions & ParameterOptions & { readonly entry?: number; readonly signOnly?: true; readonly signed?: string }

/** `ballast param undo`. */
export function undoVerb(terminal: Terminal): Command {
  return defineCommand(
    terminal,
    {
      name: 'undo',
      summary: 'repair a bad tightening: a steward and the guardian sign, anyone sends',
      details:
        'One of the two signs with --sign-only and passes the file on; the other adds its signature with --signed, or sends at once, which signs too. A contract wallet puts its signature of the ' +
        'digest into the file by hand. After the lane tripped on realised liquidations the guardian suffices. The store is asked before anybody signs.',
      examples: [
        { run: 'param undo priceScanRange --market ETH', what: 'what the last tightening and its undo do; nothing is sent' },
        { run: 'param undo priceScanRange --market ETH --sign-only --output undo.json', what: 'the steward signs' },
        { run: 'param undo --signed undo.json --send', what: 'the guardian signs and sends' },
        { run: 'param undo --signed undo.json --sign-only --output both.json', what: 'or signs, for anyone to send' },
      ],
    },
    (command) =>
      addActorOptions(
        addParameterOptions(command, '[parameter]')
          .option('--entry <number>', 'entry of its history to undo; default is the last', parseWholeNumber('--entry', 1))
          .option('--sign-only', 'sign the undo and print it')
          .option('--signed <file>', 'add to, or send, this signed undo'),
      ),
    async (args, options: UndoOptions, context) => {
      const node = await openActNode(options, context)
      const contract = node.deployment.contracts.riskStewards
      if (options.signed !== undefined && (args.length > 0 || options.entry !== undefined))
        throw usageError('--signed names parameter and entry already.', 'Leave the others out.')
      const given = options.signed === undefined ? null : readSignedFile(options.signed, 'ballast.undo', contract, undoShape, node, context)
      const opened =
        given === null ? await openParameter(node, args[0], options) : await openParameter(node, given.id, { scope: given.scope })
      const undo = await openUndo(node, opened, given?.entry ?? options.entry)
      const authorities = await readAuthorities(node)
      const signatures: Signatures = given ?? { steward: null, guardian: null }
      await simulateCall(
        node.client,
        buildStoreUndo(node.deployment, opened.scope, opened.spec.id, undo.entry),
        contract,
        undefined,
        node.catalogue,
      )

      if (options.signOnly === true) {
        const actor = await openActor(options, node, context)
        const complete = await signed(node, undo, signatures, actor, authorities)
        if (complete === signatures)
          throw new CliError(
            'reverted',
            `${actor.address} is neither the guardian nor a steward, or signed already.`,
            whoSigns(authorities),
          )
        const { scope, spec } = opened
        const document = {
          schema: 'ballast.undo',
          version: 1,
          chainId: node.chainId,
          contract,
          scope,
          id: spec.id,
          entry: undo.entry,
          ...complete,
        }
        context.output.say(undo.changes.join('\n'))
        context.output.result(document as Document, () => `${JSON.stringify(document, null, 2)}\n`)
        return
      }
      await perform((caller) => undoAct(node, undo, signatures, caller, authorities), options, node, context)
    },
  )
}

type Signatures = { readonly steward: RoundSignature | null; readonly guardian: RoundSignature | null }
type Undo = OpenedParameter & { readonly entry: number; readonly changes: readonly string[] }

const undoShape = {
  scope: signedFields.scope,
  id: signedFields.id,
  entry: signedFields.count,
  steward: signedFields.signature,
  guardian: signedFields.signature,
}

/** @throws {CliError} The history has no such entry. */
async function openUndo(node: ActNode, opened: OpenedParameter, wanted: number | undefined): Promise<Undo> {
  const { scope, spec, live } = opened
  const last = live.state.historyLength - 1
  const entry = wanted ?? last
  if (entry < 1 || entry > last)
    throw notFoundError(
      `${spec.id} of ${scope} has no entry ${entry} to undo.`,
      `Its history has the entries 0 to ${last}; 0 is the first value.`,
    )
  const at = { address: node.deployment.contracts.riskParameters, abi: riskParametersAbi } as const
  const read = async (i: number): Promise<ParameterEntry> =>
    decodeEntry(
      await withChainErrors(() =>
        node.client.readContract({ ...at, functionName: 'entry', args: [encodeScopeId(scope), encodeParamId(spec.id), i] }),
      ),
    )
  const [before, undone, window, hold] = await Promise.all([
    read(entry - 1),
    read(entry),
    withChainErrors(() => node.client.readContract({ ...at, functionName: 'UNDO_WINDOW' })),
    withChainErrors(() =>
      node.client.readContract({ address: node.deployment.contracts.controllerMandate, abi: controllerMandateAbi, functionName: 'HOLD' }),
    ),
  ])
  const shown = (value: number): string => humanAndRaw(value, spec.unit)
  return {
    ...opened,
    entry,
    changes: [
      `${spec.id} of ${scope}: ${shown(live.state.value)} → ${shown(before.value)}`,
      `undoes entry ${entry}: ${shown(before.value)} to ${shown(undone.value)} at ${isoTime(undone.time)} by ${writerWords(undone.writer)}, ${reasonWords(undone.reason)}`,
      `possible until ${isoTime(undone.time + window)}; then the lane may only tighten for ${formatDuration(hold)}`,
    ],
  }
}

async function undoAct(node: ActNode, undo: Undo, given: Signatures, caller: Caller, authorities: Authorities): Promise<Act> {
  const { scope, spec, entry, changes } = undo
  const { steward, guardian } = caller.account === null ? given : await signed(node, undo, given, caller, authorities)
  if (guardian === null)
    throw new CliError(
      'usage',
      'The signature of the guardian is missing.',
      `Sign with --sign-only and pass the file on. ${whoSigns(authorities)}`,
    )
  return {
    name: 'undo',
    call: buildUndo(node.deployment, scope, spec.id, entry, steward, guardian),
    sentence: `Undo entry ${entry} of ${spec.id} of ${scope}`,
    facts: { scope, id: spec.id, entry, steward: steward?.signer ?? null, guardian: guardian.signer },
    changes,
    may: async () => whoSigns(authorities),
    done: `${spec.id} of ${scope}: entry ${entry} undone`,
  }
}

/** With the caller's signature in the place that is open to it; as given when there is none. */
async function signed(
  node: ActNode,
  { scope, spec, entry }: Undo,
  given: Signatures,
  caller: Caller,
  { guardian, stewards }: Authorities,
): Promise<Signatures> {
  const office =
    caller.address === guardian && given.guardian === null
      ? 'guardian'
      : stewards.includes(caller.address) && given.steward === null && given.guardian?.signer !== caller.address
        ? 'steward'
        : null
  if (office === null) return given
  const data = await signAct(caller, {
    domain: domainOf('riskStewards', node.chainId, node.deployment.contracts.riskStewards),
    types: undoTypes,
    primaryType: 'Undo',
    message: { scope: encodeScopeId(scope), id: encodeParamId(spec.id), entry },
  })
  return { ...given, [office]: { signer: caller.address, data } }
}

function whoSigns(authorities: Authorities): string {
  return `A steward and the guardian sign, two accounts. ${stewardsSentence(authorities)} ${guardianSentence(authorities)}`
}
