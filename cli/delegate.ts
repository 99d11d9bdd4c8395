import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { formatEther, getAddress, isAddress } from 'viem'
import { withChainErrors } from '../chain/errors/index.ts'
import { ballastTokenAbi } from '../chain/generated/index.ts'
import { readBlock } from '../chain/read/index.ts'
import { buildDelegate, buildDelegateBySig, readDelegates, type SignedDelegation, signDelegation } from '../proposals/lifecycle/index.ts'
import type { Address, Hex } from '../risk/types/index.ts'
import { addActorOptions } from './act/actorOptions.ts'
import { openActor } from './act/openActor.ts'
import { type PerformOptions, perform } from './act/perform.ts'
import { CliError, usageError } from './kit/CliError.ts'
import { defineCommand, defineNoun } from './kit/defineCommand.ts'
import { addChainOptions, type ChainOptions, parseWholeNumber } from './kit/options.ts'
import type { Terminal } from './kit/Terminal.ts'
import { formatTable } from './kit/table.ts'
import { openProposals, type ProposalNode } from './proposal/openProposals.ts'

/** `ballast delegate`: whose votes count for whom. */
export function delegateNoun(terminal: Terminal): Command {
  return defineNoun('delegate', 'delegate votes, and see who holds them', [setVerb(terminal), showVerb(terminal)])
}

type SetOptions = PerformOptions & { readonly signOnly?: true; readonly signed?: string; readonly valid: number }

function setVerb(terminal: Terminal): Command {
  return defineCommand(
    terminal,
    {
      name: 'set',
      summary: 'delegate all votes of an account, also to itself; or sign a delegation that somebody else sends',
      details:
        'Tokens vote only when they are delegated. With --sign-only the holder needs no ether; somebody else sends the file with --signed.',
      examples: [
        { run: 'delegate set 0xabc... --send', what: 'after a question' },
        { run: 'delegate set 0xabc... --sign-only --output delegation.json', what: 'signs, sends nothing' },
        { run: 'delegate set --signed delegation.json --send', what: 'sends what a holder signed' },
      ],
    },
    (command) =>
      addActorOptions(
        command
          .argument('[account]', 'who will vote')
          .option('--sign-only', 'sign the delegation and print it')
          .option('--valid <hours>', 'how long the signature counts', parseWholeNumber('--valid', 1), 24)
          .option('--signed <file>', 'send this signed delegation'),
      ),
    async (args, options: SetOptions, context) => {
      const node = await openProposals(options, context)
      if (options.signed !== undefined) {
        if (args.length > 0) throw usageError('--signed names the account already.', 'Leave the argument out.')
        const signed = readSigned(resolve(terminal.folder, options.signed), node)
        await perform(
          {
            name: 'delegate',
            call: buildDelegateBySig(node.token, signed),
            sentence: `Delegate the votes of ${signed.holder} to ${signed.delegatee}, by signature`,
            facts: { holder: signed.holder, delegatee: signed.delegatee },
            done: `${signed.holder} delegates to ${signed.delegatee}`,
          },
          options,
          node,
          context,
        )
        return
      }
      const delegatee = parseAccount(args[0])
      if (options.signOnly === true) {
        const { account } = await openActor(options, node, context)
        if (account === null) throw usageError('--sign-only needs the key of the holder.', 'Leave --from out.')
        const { time } = await readBlock(node.client)
        const signed = await signDelegation(node.client, node.token, account, delegatee, time + options.valid * 3_600)
        const document = {
          schema: 'ballast.delegation',
          version: 1,
          chainId: node.chainId,
          token: node.token,
          ...signed,
          nonce: signed.nonce.toString(),
        }
        context.output.result(document, () => `${JSON.stringify(document, null, 2)}\n`)
        return
      }
      await perform(
        {
          name: 'delegate',
          call: buildDelegate(node.token, delegatee),
          sentence: `Delegate all votes to ${delegatee}`,
          facts: { delegatee },
          done: `delegated to ${delegatee}`,
        },
        options,
        node,
        context,
      )
    },
  )
}

function showVerb(terminal: Terminal): Command {
  return defineCommand(
    terminal,
    {
      name: 'show',
      summary: 'show who has votes, most first; or one account with its tokens and its delegate',
      examples: [
        { run: 'delegate show', what: 'everybody with votes, and their share of the supply' },
        { run: 'delegate show 0xabc...', what: 'one account' },
      ],
      kind: 'list',
    },
    (command) => void addChainOptions(command.argument('[account]', 'address')),
    async (args, options: ChainOptions, context) => {
      const node = await openProposals(options, context)
      const supply = await readToken(node, 'totalSupply', [])
      const share = (units: bigint): string => `${(Number((units * 10_000n) / supply) / 100).toFixed(2)} %`
      if (args[0] !== undefined) {
        const account = parseAccount(args[0])
        const [tokens, votes, delegatee] = await Promise.all([
          readToken(node, 'balanceOf', [account]),
          readToken(node, 'getVotes', [account]),
          withChainErrors(() =>
            node.client.readContract({ address: node.token, abi: ballastTokenAbi, functionName: 'delegates', args: [account] }),
          ),
        ])
        const isNobody = BigInt(delegatee) === 0n
        const record = { account, tokens, votes, delegate: isNobody ? null : delegatee }
        context.output.list({ schema: 'ballast.delegate', version: 1, ...record }, [record], () =>
          [
            `account   ${account}`,
            `tokens    ${formatEther(tokens)}`,
            `votes     ${formatEther(votes)} (${share(votes)} of the supply)`,
            `delegate  ${isNobody ? 'nobody: these tokens do not vote' : delegatee}`,
          ].join('\n'),
        )
        return
      }
      const delegates = await readDelegates(node.client, node.deployment, node.token)
      const records = delegates.map(({ account, votes }) => ({ account, votes, share: share(votes) }))
      context.output.list({ schema: 'ballast.delegates', version: 1, token: node.token, supply, delegates: records }, records, (colours) =>
        delegates.length === 0
          ? 'Nobody has votes: no tokens are delegated.'
          : formatTable(
              [{ title: 'account' }, { title: 'votes', align: 'right' }, { title: 'of the supply', align: 'right' }],
              records.map(({ account, votes, share: part }) => [account, formatEther(votes), part]),
              colours.dim,
            ),
      )
    },
  )
}

function readToken(
  { client, token }: ProposalNode,
  functionName: 'totalSupply' | 'balanceOf' | 'getVotes',
  args: readonly Address[],
): Promise<bigint> {
  return withChainErrors(
    () =>
      client.readContract({ address: token, abi: ballastTokenAbi, functionName, args } as Parameters<
        typeof client.readContract
      >[0]) as Promise<bigint>,
  )
}

function readSigned(file: string, { chainId, token }: ProposalNode): SignedDelegation {
  let record: Readonly<Record<string, unknown>>
  try {
    record = JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<string, unknown>>
  } catch (cause) {
    throw new CliError('failure', `${file} cannot be read as a delegation.`, 'Make one with --sign-only.', {}, { cause })
  }
  if (record['schema'] !== 'ballast.delegation' || record['version'] !== 1)
    throw new CliError('failure', `${file} is no delegation.`, 'Make one with --sign-only.')
  if (record['chainId'] !== chainId || getAddress(String(record['token'])) !== token)
    throw new CliError(
      'failure',
      `The delegation is for token ${String(record['token'])} on chain ${String(record['chainId'])}, not ${token} on chain ${chainId}.`,
    )
  return {
    holder: getAddress(String(record['holder'])),
    delegatee: getAddress(String(record['delegatee'])),
    nonce: BigInt(String(record['nonce'])),
    expiry: Number(record['expiry']),
    signature: String(record['signature']) as Hex,
  }
}

function parseAccount(text: string | undefined): Address {
  if (text === undefined || !isAddress(text, { strict: false })) throw usageError(`${JSON.stringify(text ?? '')} is no address.`)
  return getAddress(text)
}
