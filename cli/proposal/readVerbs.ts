import type { Command } from 'commander'
import { formatEther } from 'viem'
import { buildDirectory, type DecodedCall, decodeCall, describeCall, flattenCalls } from '../../proposals/decode/index.ts'
import { operationOf } from '../../proposals/encode/index.ts'
import { findSubmitted, type ProposalReading, readProposal, readSubmitted } from '../../proposals/lifecycle/index.ts'
import { titleOf } from '../../proposals/pipeline/index.ts'
import { showInvisible } from '../../proposals/text/index.ts'
import type { Hex } from '../../risk/types/index.ts'
import { CliError, usageError } from '../kit/CliError.ts'
import type { Colours } from '../kit/colours.ts'
import { defineCommand } from '../kit/defineCommand.ts'
import type { Document } from '../kit/json.ts'
import { addChainOptions, type ChainOptions } from '../kit/options.ts'
import type { Terminal } from '../kit/Terminal.ts'
import { formatTable } from '../kit/table.ts'
import { bothTimes, formatDuration, shortTime } from '../kit/time.ts'
import { nameOf, openDraft, openProposals, type ProposalNode, type ProposalOptions } from './openProposals.ts'
import { addProposalOptions } from './options.ts'
import { parseId } from './voteVerb.ts'

const liveStates: readonly string[] = ['pending', 'active', 'succeeded', 'queued']

/** `ballast proposal list`. */
export function listVerb(terminal: Terminal): Command {
  return defineCommand(
    terminal,
    {
      name: 'list',
      summary: 'list the proposals of the governor, newest first, ours or not',
      examples: [
        { run: 'proposal list --live', what: 'what can still be voted on or executed' },
        { run: 'proposal list --ndjson', what: 'one record per line' },
      ],
      kind: 'list',
    },
    (command) => void addChainOptions(command.option('--live', 'only what can still be executed')),
    async (_args, options: ChainOptions & { readonly live?: true }, context) => {
      const node = await openProposals(options, context)
      const submitted = await readSubmitted(node.client, node.deployment, node.governor)
      const all = await Promise.all(submitted.map(async (record) => ({ record, reading: await readProposal(node, record.proposal.id) })))
      const chosen = all.filter(({ reading }) => options.live !== true || liveStates.includes(reading.state)).reverse()
      const records = chosen.map(({ record, reading }) => ({ title: titleOf(record.proposal), ...readingDocument(reading) }))
      context.output.list({ schema: 'ballast.proposals', version: 1, governor: node.governor, proposals: records }, records, (colours) =>
        chosen.length === 0
          ? 'There is no proposal.'
          : formatTable(
              ['state', 'title', 'for', 'against', 'next', 'id'].map((title) => ({ title })),
              chosen.map(({ record, reading }) => [
                reading.state,
                showInvisible(titleOf(record.proposal)).slice(0, 60),
                votes(reading.votes.for),
                votes(reading.votes.against),
                nextStep(reading),
                reading.id.toString(),
              ]),
              colours.dim,
            ),
      )
    },
  )
}

/** `ballast proposal show`. */
export function showVerb(terminal: Terminal): Command {
  return defineCommand(
    terminal,
    {
      name: 'show',
      summary: 'show a proposal: state, votes against quorum, times, calls in words',
      examples: [{ run: 'proposal show 1234', what: 'from the chain alone' }],
    },
    (command) => void addProposalOptions(command.argument('<id>', 'id of the proposal')),
    async (args, options: ProposalOptions, context) => {
      const node = await openProposals(options, context)
      const { proposal } = await findSubmitted(node.client, node.deployment, node.governor, parseId(args[0]))
      const reading = await readProposal(node, proposal.id)
      const calls = decodeAll(proposal.targets, proposal.values, proposal.calldatas, node)
      const document = {
        schema: 'ballast.proposal',
        version: 1,
        title: titleOf(proposal),
        ...readingDocument(reading),
        operation: operationOf(node.governor, proposal),
        description: proposal.description,
        calls: calls.map(callDocument),
      }
      context.output.result(document, (colours) => showText(reading, titleOf(proposal), proposal.description, calls, colours))
    },
  )
}

/** `ballast proposal decode`. */
export function decodeVerb(terminal: Terminal): Command {
  return defineCommand(
    terminal,
    {
      name: 'decode',
      summary: 'decode calls, also inside timelock batches, multicalls and Safe transactions; exit code 7 when something is not understood',
      examples: [
        { run: 'proposal decode 1234', what: 'the calls of a submitted proposal' },
        { run: 'proposal decode 0x781bf8e8... --target 0xabc...', what: 'calldata, with its target' },
        { run: 'proposal decode draft.yaml', what: 'the calls that a draft would make' },
      ],
    },
    (command) =>
      void addProposalOptions(
        command.argument('<calls>', 'calldata, id, or draft file').option('--target <address>', 'target of the calldata'),
      ),
    async (args, options: ProposalOptions & { readonly target?: string }, context) => {
      const node = await openProposals(options, context)
      const calls = await callsOf(args[0] ?? '', options.target, node, context)
      const faults = calls.flatMap(flattenCalls).flatMap((call) => call.faults)
      context.output.result({ schema: 'ballast.calls', version: 1, calls: calls.map(callDocument) }, (colours) =>
        calls.flatMap((call) => callLines(call, 0, colours)).join('\n'),
      )
      if (faults.length > 0) throw new CliError('checkFailed', `Not everything is understood: ${faults[0]}.`)
    },
  )
}

async function callsOf(
  argument: string,
  target: string | undefined,
  node: ProposalNode,
  context: Parameters<typeof nameOf>[1],
): Promise<DecodedCall[]> {
  if (/^0x([0-9a-fA-F]{2})*$/.test(argument) && argument.length !== 66) {
    if (target === undefined || !/^0x[0-9a-fA-F]{40}$/.test(target))
      throw usageError('Calldata needs its target.', 'Add --target <address>.')
    return decodeAll([target as Hex], [0n], [argument.toLowerCase() as Hex], node)
  }
  const named = nameOf(argument, context)
  if (named.kind === 'draft') {
    const { draft, contracts, successors } = await openDraft(named.file, node)
    const directory = buildDirectory(node.deployment, {
      postConditions: node.postConditions.address,
      clearing: node.clearing,
      contracts,
      successors,
    })
    return draft.actions.map((action) => decodeCall(action, directory))
  }
  const { proposal } = await findSubmitted(node.client, node.deployment, node.governor, named.id)
  return decodeAll(proposal.targets, proposal.values, proposal.calldatas, node)
}

function decodeAll(
  targets: readonly Hex[],
  values: readonly bigint[],
  data: readonly Hex[],
  { deployment, clearing, postConditions }: ProposalNode,
): DecodedCall[] {
  const directory = buildDirectory(deployment, { postConditions: postConditions.address, clearing })
  return targets.map((target, i) => decodeCall({ target, value: values[i] ?? 0n, data: data[i] ?? '0x' }, directory))
}

function callDocument(call: DecodedCall): { readonly [key: string]: Document } {
  const { target, value, data, contract, signature, delegatecall, faults, collisions, children } = call
  return {
    text: describeCall(call),
    contract,
    target,
    value,
    signature,
    data,
    delegatecall,
    faults: [...faults],
    collisions: [...collisions],
    calls: children.map(callDocument),
  }
}

function callLines(call: DecodedCall, depth: number, colours: Colours): string[] {
  const indent = '  '.repeat(depth)
  return [
    `${indent}${showInvisible(describeCall(call))}`,
    ...call.faults.map((fault) => `${indent}  ${colours.bad('not understood:')} ${fault}`),
    ...call.collisions.map((other) => `${indent}  ${colours.warn('same selector:')} ${other}`),
    ...call.children.flatMap((child) => callLines(child, depth + 1, colours)),
  ]
}

function readingDocument(reading: ProposalReading): { readonly [key: string]: Document } {
  const { id, state, proposer, snapshot, deadline, eta, votes: cast, quorum } = reading
  return {
    id,
    state,
    proposer,
    voteStarts: bothTimes(snapshot),
    voteEnds: bothTimes(deadline),
    executableFrom: eta === null ? null : bothTimes(eta),
    votes: { for: cast.for, against: cast.against, abstain: cast.abstain },
    quorum,
  }
}

const votes = (units: bigint): string => Number(formatEther(units)).toLocaleString('en-US', { maximumFractionDigits: 0 })

function nextStep({ state, snapshot, deadline, eta, time }: ProposalReading): string {
  const at = { pending: ['vote', snapshot + 1], active: ['ends', deadline + 1], queued: ['execute', eta ?? 0] } as const
  if (state === 'succeeded') return 'queue now'
  if (state !== 'pending' && state !== 'active' && state !== 'queued') return ''
  const [what, second] = at[state]
  return second <= time ? `${what} now` : `${what} in ${formatDuration(second - time)}`
}

function showText(reading: ProposalReading, title: string, description: string, calls: readonly DecodedCall[], colours: Colours): string {
  const { state, proposer, snapshot, deadline, eta, votes: cast, quorum, id } = reading
  const counted = cast.for + cast.abstain
  return [
    colours.strong(showInvisible(title)),
    `id         ${id}`,
    `state      ${state}${nextStep(reading) === '' ? '' : `, ${nextStep(reading)}`}`,
    `proposer   ${proposer}`,
    `vote       ${shortTime(snapshot)} to ${shortTime(deadline)} UTC`,
    `execution  ${eta === null ? 'not queued' : `from ${shortTime(eta)} UTC`}`,
    `votes      for ${votes(cast.for)}, against ${votes(cast.against)}, abstain ${votes(cast.abstain)}`,
    `quorum     ${quorum === null ? 'known when voting begins' : `${votes(quorum)}, ${counted >= quorum ? 'reached' : `${votes(quorum - counted)} missing`}`}`,
    '',
    ...calls.flatMap((call, i) => callLines(call, 0, colours).map((line, j) => `${j === 0 ? `${i + 1}. ` : '   '}${line}`)),
    '',
    ...showInvisible(description)
      .split('\n')
      .map((line) => `  ${line}`),
  ].join('\n')
}
