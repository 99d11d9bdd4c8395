import type { Command } from 'commander'
import { formatEther } from 'viem'
import { withChainErrors } from '../../chain/errors/index.ts'
import { ballastTokenAbi } from '../../chain/generated/index.ts'
import { encodeParamId, encodeScopeId } from '../../chain/ids/index.ts'
import { domainOf, type Veto, vetoTypes } from '../../chain/typed-data/index.ts'
import { buildVeto, buildVetoBySig } from '../../chain/write/index.ts'
import type { Address } from '../../risk/types/index.ts'
import { addActorOptions } from '../act/actorOptions.ts'
import { type ActNode, openActNode } from '../act/openActNode.ts'
import { openActor } from '../act/openActor.ts'
import type { ParameterOptions } from '../act/openParameter.ts'
import { addParameterOptions } from '../act/parameterOptions.ts'
import { type Act, type PerformOptions, perform } from '../act/perform.ts'
import { type Authorities, readAuthorities } from '../act/readAuthorities.ts'
import { readSignedFile, signedFields } from '../act/readSignedFile.ts'
import { signAct } from '../act/signAct.ts'
import { guardianSentence } from '../act/whoMay.ts'
import { CliError, usageError } from '../kit/CliError.ts'
import { defineCommand } from '../kit/defineCommand.ts'
import { parseWholeNumber } from '../kit/options.ts'
import type { Terminal } from '../kit/Terminal.ts'
import { formatDuration, isoTime } from '../kit/time.ts'
import { humanAndRaw } from '../kit/values.ts'
import { looseningWords, type OpenedLoosening, openLoosening, stateWords } from './openLoosening.ts'

type VetoOptions = PerformOptions & ParameterOptions & { readonly signOnly?: true; readonly valid: number; readonly signed?: string }

/** `ballast loosening veto`. */
export function vetoVerb(terminal: Terminal): Command {
  return defineCommand(
    terminal,
    {
      name: 'veto',
      summary: 'veto a pending loosening: the guardian alone, holders together; or sign a veto that somebody else sends',
      details:
        'Votes are those of the second before the loosening was made. The vote that reaches the threshold removes the loosening with its coupling group, and bars another one for one cooldown. ' +
        'With --sign-only nothing is sent and the voter needs no ether; somebody else sends the file with --signed.',
      examples: [
        { run: 'loosening veto priceScanRange --market ETH', what: 'what it would do, nothing is sent' },
        { run: 'loosening veto priceScanRange --market ETH --send', what: 'after a question' },
        { run: 'loosening veto priceScanRange --market ETH --sign-only --output veto.json', what: 'signs, sends nothing' },
        { run: 'loosening veto --signed veto.json --send', what: 'sends what a voter signed' },
      ],
    },
    (command) =>
      addActorOptions(
        addParameterOptions(command, '[parameter]')
          .option('--sign-only', 'sign the veto and print it')
          .option('--valid <hours>', 'how long the signature counts', parseWholeNumber('--valid', 1), 24)
          .option('--signed <file>', 'send this signed veto'),
      ),
    async (args, options: VetoOptions, context) => {
      const node = await openActNode(options, context)
      const contract = node.deployment.contracts.looseningVeto
      const authorities = await readAuthorities(node)
      if (options.signed !== undefined) {
        if (args.length > 0) throw usageError('--signed names the parameter already.', 'Leave the argument out.')
        const { signature, ...veto } = readSignedFile(options.signed, 'ballast.veto', contract, vetoShape, node, context)
        const opened = await openLoosening(node, veto.id, { scope: veto.scope })
        if (opened.loosening.pending.createdAt !== veto.createdAt)
          throw new CliError(
            'failure',
            `The veto is for the loosening made at ${isoTime(veto.createdAt)}; the one that pends was made at ${isoTime(opened.loosening.pending.createdAt)}.`,
            'It has to be signed again.',
          )
        const call = buildVetoBySig(node.deployment, veto, signature)
        await perform({ ...(await vetoAct(node, opened, veto.voter, authorities)), call }, options, node, context)
        return
      }
      const opened = await openLoosening(node, args[0], options)
      const { scope, spec, pending, time } = opened.loosening
      if (options.signOnly === true) {
        const actor = await openActor(options, node, context)
        await requireVotes(node, opened, actor.address, authorities)
        const veto: Veto = {
          scope,
          id: spec.id,
          createdAt: pending.createdAt,
          voter: actor.address,
          deadline: time + options.valid * 3_600,
        }
        const signature = await signAct(actor, {
          domain: domainOf('looseningVeto', node.chainId, contract),
          types: vetoTypes,
          primaryType: 'Veto',
          message: { ...veto, scope: encodeScopeId(scope), id: encodeParamId(spec.id) },
        })
        const document = { schema: 'ballast.veto', version: 1, chainId: node.chainId, contract, ...veto, signature }
        context.output.result(document, () => `${JSON.stringify(document, null, 2)}\n`)
        return
      }
      await perform(({ address }) => vetoAct(node, opened, address, authorities), options, node, context)
    },
  )
}

const vetoShape = {
  scope: signedFields.scope,
  id: signedFields.id,
  createdAt: signedFields.instant,
  voter: signedFields.address,
  deadline: signedFields.instant,
  signature: signedFields.bytes,
}

async function vetoAct(node: ActNode, opened: OpenedLoosening, voter: Address, authorities: Authorities): Promise<Act> {
  const { loosening, mates } = opened
  const { scope, spec, pending, votes, needed, cooldown } = loosening
  const isGuardian = voter === authorities.guardian
  const own = isGuardian ? 0n : await requireVotes(node, opened, voter, authorities)
  const falls = isGuardian || (needed !== null && votes + own >= needed)
  const tally = isGuardian
    ? 'the guardian vetoes alone'
    : `${formatEther(own)} votes of ${voter} join ${formatEther(votes)}; ${formatEther(needed ?? 0n)} are needed: ${falls ? 'it falls' : 'it stands until more join'}`
  const effects = [loosening, ...mates].map(
    (each) =>
      `${each.spec.id}: stays ${humanAndRaw(each.value, each.spec.unit)}, the pending ${humanAndRaw(each.pending.target, each.spec.unit)} is removed`,
  )
  return {
    name: 'veto',
    call: buildVeto(node.deployment, scope, spec.id),
    sentence: `Veto the loosening of ${looseningWords(loosening)}`,
    facts: { scope, id: spec.id, createdAt: pending.createdAt, voter, votes: own, removes: falls },
    changes: falls ? [tally, ...effects, `no loosening of ${spec.id} for ${formatDuration(cooldown * 60)}`] : [tally],
    may: async () => refusal(opened, authorities),
    done: falls ? `${spec.id} of ${scope}: loosening vetoed` : `${spec.id} of ${scope}: ${formatEther(own)} votes against the loosening`,
  }
}

/**
 * Votes of a holder at the second before the loosening was made; zero for the guardian.
 *
 * @throws {CliError} There are none.
 */
async function requireVotes(
  { client, token }: ActNode,
  opened: OpenedLoosening,
  voter: Address,
  authorities: Authorities,
): Promise<bigint> {
  if (voter === authorities.guardian) return 0n
  const at = opened.loosening.pending.createdAt - 1
  const votes =
    token === null
      ? 0n
      : await withChainErrors(
          () => client.readContract({ address: token, abi: ballastTokenAbi, functionName: 'getPastVotes', args: [voter, BigInt(at)] }),
          token,
        )
  if (votes === 0n)
    throw new CliError('reverted', `${voter} is not the guardian and had no votes at ${isoTime(at)}.`, refusal(opened, authorities), {
      voter,
    })
  return votes
}

function refusal({ loosening }: OpenedLoosening, authorities: Authorities): string {
  const holders = loosening.needed === null ? '' : ` Holders may, each once, with votes of ${isoTime(loosening.pending.createdAt - 1)}.`
  return `${guardianSentence(authorities)}${holders} The loosening ${stateWords(loosening)}.`
}
