import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { getAddress } from 'viem'
import { ProposalStateError } from '../../proposals/errors/index.ts'
import {
  buildVote,
  buildVoteBySig,
  readProposal,
  type SignedBallot,
  type Support,
  signBallot,
  supports,
} from '../../proposals/lifecycle/index.ts'
import type { Hex } from '../../risk/types/index.ts'
import { addTimedActorOptions } from '../act/actorOptions.ts'
import { advanceTo, openActor } from '../act/openActor.ts'
import { type PerformOptions, perform } from '../act/perform.ts'
import { CliError, usageError } from '../kit/CliError.ts'
import { defineCommand } from '../kit/defineCommand.ts'
import { didYouMean } from '../kit/nearest.ts'
import type { Terminal } from '../kit/Terminal.ts'
import { openProposals, type ProposalNode } from './openProposals.ts'

type VoteOptions = PerformOptions & { readonly reason: string; readonly signOnly?: true; readonly ballot?: string }

/** `ballast proposal vote`. */
export function voteVerb(terminal: Terminal): Command {
  return defineCommand(
    terminal,
    {
      name: 'vote',
      summary: 'vote for, against or abstain, with a reason; or sign a ballot that somebody else sends',
      details:
        'With --sign-only the ballot is signed and printed: the voter needs no ether. Somebody else sends it with --ballot, and its reason is kept. Without --send the call is simulated and shown.',
      examples: [
        { run: 'proposal vote 1234 for --reason "fits the crash of 2020" --send', what: 'votes, after a question' },
        { run: 'proposal vote 1234 against --sign-only --output ballot.json', what: 'signs, sends nothing' },
        { run: 'proposal vote --ballot ballot.json --send', what: 'sends a ballot that somebody signed' },
      ],
    },
    (command) =>
      addTimedActorOptions(
        command
          .argument('[id]', 'id of the proposal')
          .argument('[support]', 'for, against or abstain')
          .option('--reason <text>', 'kept on chain with the vote', '')
          .option('--sign-only', 'sign the ballot and print it')
          .option('--ballot <file>', 'send this signed ballot'),
      ),
    async (args, options: VoteOptions, context) => {
      const node = await openProposals(options, context)
      if (options.ballot !== undefined) {
        if (args.length > 0) throw usageError('--ballot names the proposal and the support already.', 'Leave the arguments out.')
        const { ballot, signature } = readBallotFile(resolve(terminal.folder, options.ballot), node)
        await waitForVoting(node, ballot.proposalId, options, context)
        const word = supports[ballot.support] ?? 'for'
        await perform(
          {
            name: 'vote',
            call: buildVoteBySig(node.governor, ballot, signature),
            sentence: `Vote of ${ballot.voter} ${word} proposal ${ballot.proposalId}, by signature`,
            facts: { proposalId: ballot.proposalId, support: word, voter: ballot.voter, reason: ballot.reason },
            done: `${ballot.voter} voted ${word}`,
          },
          options,
          node,
          context,
        )
        return
      }
      const id = parseId(args[0])
      const support = parseSupport(args[1])
      if (options.signOnly === true) {
        const { account } = await openActor(options, node, context)
        if (account === null) throw usageError('--sign-only needs the key of the voter.', 'Leave --from out.')
        const { ballot, signature } = await signBallot(node, account, id, support, options.reason)
        const document = {
          schema: 'ballast.ballot',
          version: 1,
          chainId: node.chainId,
          governor: node.governor,
          ...ballot,
          support,
          signature,
        }
        context.output.result(
          document,
          () => `${JSON.stringify(document, (_key, value: unknown) => (typeof value === 'bigint' ? value.toString() : value), 2)}\n`,
        )
        return
      }
      await waitForVoting(node, id, options, context)
      await perform(
        {
          name: 'vote',
          call: buildVote(node.governor, id, support, options.reason),
          sentence: `Vote ${support} proposal ${id}`,
          facts: { proposalId: id, support, reason: options.reason },
          done: `voted ${support}`,
        },
        options,
        node,
        context,
      )
    },
  )
}

async function waitForVoting(
  node: ProposalNode,
  id: bigint,
  options: VoteOptions,
  context: Parameters<typeof advanceTo>[2],
): Promise<void> {
  const reading = await readProposal(node, id)
  const isPending = reading.state === 'pending'
  if (options.advance === true && options.send === true) await advanceTo(isPending ? reading.snapshot + 1 : null, node, context)
  else if (reading.state !== 'active')
    throw new ProposalStateError({
      act: 'vote on',
      id,
      state: reading.state,
      needed: ['active'],
      readyAt: isPending ? reading.snapshot + 1 : null,
    })
}

function readBallotFile(file: string, { chainId, governor }: ProposalNode): SignedBallot {
  let record: Readonly<Record<string, unknown>>
  try {
    record = JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<string, unknown>>
  } catch (cause) {
    throw new CliError('failure', `${file} cannot be read as a ballot.`, 'Make one with --sign-only.', {}, { cause })
  }
  if (record['schema'] !== 'ballast.ballot' || record['version'] !== 1)
    throw new CliError('failure', `${file} is no ballot.`, 'Make one with --sign-only.')
  if (record['chainId'] !== chainId || getAddress(String(record['governor'])) !== governor)
    throw new CliError(
      'failure',
      `The ballot is for governor ${String(record['governor'])} on chain ${String(record['chainId'])}, not ${governor} on chain ${chainId}.`,
    )
  return {
    ballot: {
      proposalId: BigInt(String(record['proposalId'])),
      support: supports.indexOf(parseSupport(String(record['support']))),
      voter: getAddress(String(record['voter'])),
      nonce: BigInt(String(record['nonce'])),
      reason: String(record['reason'] ?? ''),
      params: '0x',
    },
    signature: String(record['signature']) as Hex,
  }
}

/** @throws {CliError} Not the id of a proposal. */
export function parseId(text: string | undefined): bigint {
  if (text === undefined || !/^(\d{1,78}|0x[0-9a-fA-F]{64})$/.test(text))
    throw usageError(`${JSON.stringify(text ?? '')} is no id of a proposal; it must be a whole number.`, 'See `ballast proposal list`.')
  return BigInt(text)
}

function parseSupport(text: string | undefined): Support {
  const found = supports.find((support) => support === text)
  if (found === undefined)
    throw usageError(`The vote is ${JSON.stringify(text ?? '')}; it must be ${supports.join(', ')}.`, didYouMean(text ?? '', [...supports]))
  return found
}
