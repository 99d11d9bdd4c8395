import { join, resolve } from 'node:path'
import type { Command } from 'commander'
import type { LocalAccount } from 'viem'
import { encodeAdjustment } from '../../chain/codec/index.ts'
import { ContractRevertError } from '../../chain/errors/index.ts'
import { adjustmentTypes } from '../../chain/typed-data/index.ts'
import { buildSubmitRound, simulateCall } from '../../chain/write/index.ts'
import type { Hash, RoundSignature, Signer } from '../../risk/types/index.ts'
import { readAuthorities } from '../act/readAuthorities.ts'
import { stewardsSentence } from '../act/whoMay.ts'
import { findClearing } from '../context/findClearing.ts'
import { confirm, type KeyOption, openTypedSigner } from '../context/openSender.ts'
import { projectRoot } from '../context/projectRoot.ts'
import { stepLines } from '../evidence/renderText.ts'
import { allVerified, type Step } from '../evidence/Step.ts'
import { CliError, notFoundError, usageError } from '../kit/CliError.ts'
import type { Colours } from '../kit/colours.ts'
import { defineCommand } from '../kit/defineCommand.ts'
import { addSendOptions, type SendOptions } from '../kit/options.ts'
import { toCliError } from '../kit/reportError.ts'
import type { Terminal } from '../kit/Terminal.ts'
import { checkWaitingRound } from './checkWaitingRound.ts'
import { fetchGroup } from './fetchGroup.ts'
import { addWaitingOptions, type OpenedWaiting, openWaiting, type WaitingOptions, type WaitingRound } from './openWaiting.ts'
import { roundLines, roundTitle, waitingDocument } from './roundText.ts'

type CosignOptions = WaitingOptions &
  SendOptions &
  KeyOption & { readonly priorState?: Hash; readonly clearing?: string; readonly accounts?: string }

/** `ballast round cosign`. */
export function cosignVerb(terminal: Terminal): Command {
  return defineCommand(
    terminal,
    {
      name: 'cosign',
      summary:
        'steward: compute a waiting round again on this machine, sign it and hand the signature to the engine, which sends the round',
      details:
        'Needs the same program as the engines, and a node. Everything that the round rests on is fetched from the engine with the key of the steward and computed again, also the accepted round before it, ' +
        'whose state it starts from; accounts of clearing come from the own node. What the market did is the word of the engines. A round that does not follow to the last bit is not signed (exit code 7). What the steward signs is charged to the tightening budget of stewards.',
      examples: [
        { run: 'round cosign --engine http://127.0.0.1:8600 --keystore steward.json', what: 'checks the round that waits; signs nothing' },
        {
          run: 'round cosign 0x5f1c... --engine http://127.0.0.1:8600 --keystore steward.json --send',
          what: 'this one, as `round list` shows it, after a question',
        },
        {
          run: 'round cosign --scope market:ETH --engine http://127.0.0.1:8600 --send --yes',
          what: 'unattended, with the key in BALLAST_PRIVATE_KEY',
        },
      ],
    },
    (command) =>
      addSendOptions(
        addWaitingOptions(
          command
            .argument('[digest]', 'the round, by its digest; default is the only one that waits')
            .option(
              '--prior-state <hash>',
              'state that the round must start from, when the round before was made by another version and cannot be computed again',
              parsePriorState,
            )
            .option('--clearing <file>', 'addresses of clearing; default <chain id>.clearing.json beside the deployment')
            .option('--accounts <file>', 'what was read of the accounts of clearing; default var/accounts-<chain id>.sqlite'),
        ),
      ).option('--keystore <file>', 'keystore file of the key that acts; else BALLAST_PRIVATE_KEY'),
    async (args, options: CosignOptions, context) => {
      const { output } = context
      const opened = await openWaiting(options, context)
      const account = await openTypedSigner(options, context)
      const authorities = await readAuthorities(opened.node)
      if (!authorities.stewards.includes(account.address))
        throw new CliError('reverted', `${account.address} is not a steward.`, stewardsSentence(authorities))
      const waiting = chooseRound(opened, args[0])
      output.step(`computing ${roundTitle(waiting)} again`)
      const signer: Signer = { address: account.address, signDigest: (hash) => sign(account, hash) }
      const clearing = findClearing(options, opened.node.chainId, context)
      const steps = await checkWaitingRound(opened.node, waiting, {
        fetchDocument: (hash) => opened.client.fetchDocument(hash, signer, opened.engine),
        priorState: options.priorState ?? null,
        fetchGroup:
          clearing === null
            ? null
            : (snapshot) => fetchGroup(opened.node, clearing, snapshot, accountsFile(options, opened.node, terminal)),
        engine: opened.engine,
      })
      const lines = [roundTitle(waiting), ...roundLines(waiting, opened.node.catalogue).map((line) => `  ${line}`)]
      const document = {
        schema: 'ballast.cosign',
        version: 1,
        engine: opened.engine,
        ...waitingDocument(waiting),
        steward: account.address,
        steps: steps.map(({ id, status, expected, got, blockedBy }) => ({ id, status, expected, got, blockedBy })),
      }
      if (!allVerified(steps) || !isFolded(steps)) {
        output.result({ ...document, verified: false, sent: false }, (colours) => [...lines, ...checkLines(steps, colours)].join('\n'))
        throw new CliError(
          'checkFailed',
          `${roundTitle(waiting)} does not follow from its inputs here; nothing was signed.`,
          'Ask the operators before anything else.',
        )
      }
      if (options.send !== true) {
        output.result({ ...document, verified: true, sent: false }, (colours) =>
          [...lines, ...checkLines(steps, colours), 'Nothing was signed; add --send.'].join('\n'),
        )
        return
      }
      output.say([...lines, ...checkLines(steps, output.colours)].join('\n'))
      await confirm(`Co-sign ${waiting.digest} as ${account.address}?`, options.yes, context)
      const cosign = await signRound(opened, waiting, account)
      await assertTaken(opened, waiting, cosign, stewardsSentence(authorities))
      await opened.client.sendCosign(waiting.adjustment.scope, waiting.digest, cosign)
      output.result({ ...document, verified: true, sent: true }, (colours) =>
        colours.good(`✓ ${roundTitle(waiting)}: co-signed by ${account.address}; the engine at ${opened.client.host} sends it`),
      )
    },
  )
}

/** @throws {CliError} Nothing waits, another round does, or more than one. */
function chooseRound({ rounds, client }: OpenedWaiting, digest: string | undefined): WaitingRound {
  const shown = rounds.map((round) => `${round.digest} (round ${round.adjustment.round} of ${round.adjustment.scope})`)
  if (digest !== undefined) {
    const named = rounds.find((round) => round.digest === digest.toLowerCase())
    if (named !== undefined) return named
    throw notFoundError(
      `No round ${digest} waits for a steward at ${client.host}.`,
      shown.length === 0 ? `${sentOrGone} Nothing waits there now.` : `${sentOrGone} There waits ${shown.join(', ')}.`,
    )
  }
  const [first, second] = rounds
  if (first === undefined) throw notFoundError(`No round waits for a steward at ${client.host}.`, sentOrGone)
  if (second !== undefined)
    throw usageError(`More than one round waits: ${shown.join(', ')}.`, 'Name one by its digest, or its scope with --scope.')
  return first
}

const sentOrGone =
  'A round waits only until a steward has signed it, or its time is over: `ballast controller status` shows the last that was accepted.'

function accountsFile({ accounts }: CosignOptions, { chainId }: OpenedWaiting['node'], { folder }: Pick<Terminal, 'folder'>): string {
  return accounts === undefined ? join(projectRoot, 'var', `accounts-${chainId}.sqlite`) : resolve(folder, accounts)
}

function parsePriorState(text: string): Hash {
  if (!/^0x[0-9a-f]{64}$/.test(text)) throw usageError(`--prior-state is ${JSON.stringify(text)}; it must be 32 bytes as lower-case hex.`)
  return text as Hash
}

function sign(account: LocalAccount, hash: Hash): Promise<Hash> {
  if (account.sign === undefined) throw new TypeError('The account signs no digests.')
  return account.sign({ hash })
}

/** Whether the state that the round starts from was compared with one computed or named here. */
function isFolded(steps: readonly Step[]): boolean {
  return steps.some(({ id, status }) => id === 'fold' && status === 'verified')
}

function checkLines(steps: readonly Step[], colours: Colours): string[] {
  return steps.flatMap((step, i) => stepLines({ ...step, facts: [] }, i + 1, colours))
}

async function signRound({ domain }: OpenedWaiting, { adjustment }: WaitingRound, account: LocalAccount): Promise<RoundSignature> {
  const message = encodeAdjustment(adjustment)
  return {
    signer: account.address,
    data: await account.signTypedData({ domain, types: adjustmentTypes, primaryType: 'Adjustment', message }),
  }
}

/**
 * The round with the steward's signature, simulated: time has passed since it was checked.
 *
 * @throws {CliError} The mandate refuses it now.
 */
async function assertTaken(
  { node, engine }: OpenedWaiting,
  { adjustment, signatures }: WaitingRound,
  cosign: RoundSignature,
  may: string,
): Promise<void> {
  try {
    await simulateCall(node.client, buildSubmitRound(node.deployment, adjustment, signatures, cosign), engine, undefined, node.catalogue)
  } catch (error) {
    if (!(error instanceof ContractRevertError)) throw error
    const { kind, message, context } = toCliError(error)
    throw new CliError(kind, message, `The signature was not handed over. ${may}`, context, { cause: error })
  }
}
