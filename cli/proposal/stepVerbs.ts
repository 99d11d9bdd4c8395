import type { Command } from 'commander'
import { ProposalStateError } from '../../proposals/errors/index.ts'
import { buildStep, findSubmitted, type ProposalReading, readProposal } from '../../proposals/lifecycle/index.ts'
import { titleOf } from '../../proposals/pipeline/index.ts'
import { showInvisible } from '../../proposals/text/index.ts'
import type { UnixSeconds } from '../../risk/types/index.ts'
import { addActorOptions, addTimedActorOptions } from '../act/actorOptions.ts'
import { advanceTo } from '../act/openActor.ts'
import { type PerformOptions, perform } from '../act/perform.ts'
import { readAuthorities } from '../act/readAuthorities.ts'
import { guardianSentence } from '../act/whoMay.ts'
import { defineCommand } from '../kit/defineCommand.ts'
import type { Terminal } from '../kit/Terminal.ts'
import { openProposals } from './openProposals.ts'
import { parseId } from './voteVerb.ts'

type Step = {
  readonly name: 'queue' | 'execute' | 'cancel'
  readonly summary: string
  readonly needed: readonly ProposalReading['state'][]
  /** Second at which it becomes possible; null when it is, or never will be. */
  readonly readyAt: (reading: ProposalReading) => UnixSeconds | null
  readonly done: string
}

const steps: readonly Step[] = [
  {
    name: 'queue',
    summary: 'put a successful proposal into the timelock; anyone may',
    needed: ['succeeded'],
    readyAt: ({ state, deadline }) => (state === 'active' || state === 'pending' ? deadline + 1 : null),
    done: 'queued',
  },
  {
    name: 'execute',
    summary: 'execute a queued proposal whose delay has passed; anyone may',
    needed: ['queued'],
    readyAt: ({ eta, time }) => (eta !== null && eta > time ? eta : null),
    done: 'executed',
  },
  {
    name: 'cancel',
    summary: 'cancel: the guardian at any stage, the proposer before voting begins',
    needed: ['pending', 'active', 'succeeded', 'queued'],
    readyAt: () => null,
    done: 'canceled',
  },
]

/** `ballast proposal queue|execute|cancel`. */
export function stepVerbs(terminal: Terminal): Command[] {
  return steps.map((step) => stepVerb(terminal, step))
}

function stepVerb(terminal: Terminal, { name, summary, needed, readyAt, done }: Step): Command {
  return defineCommand(
    terminal,
    {
      name,
      summary,
      details: 'Without --send the call is simulated and shown. The proposal is found by its id, whoever submitted it.',
      examples: [{ run: `proposal ${name} 1234 --send`, what: 'after a question' }],
    },
    (command) => (name === 'cancel' ? addActorOptions : addTimedActorOptions)(command.argument('<id>', 'id of the proposal')),
    async (args, options: PerformOptions, context) => {
      const node = await openProposals(options, context)
      const id = parseId(args[0])
      const { proposal } = await findSubmitted(node.client, node.deployment, node.governor, id)
      const first = await readProposal(node, id)
      if (options.advance === true && options.send === true) await advanceTo(readyAt(first), node, context)
      const reading = await readProposal(node, id)
      const ready = readyAt(reading)
      if (!needed.includes(reading.state) || (name === 'execute' && ready !== null))
        throw new ProposalStateError({ act: name, id, state: reading.state, needed, readyAt: ready })
      await perform(
        {
          name,
          call: buildStep(node.governor, name, proposal),
          sentence: `${name.charAt(0).toUpperCase()}${name.slice(1)} proposal ${id}, ${showInvisible(titleOf(proposal))}`,
          facts: { proposalId: id },
          ...(name === 'cancel' && {
            may: async () =>
              `The guardian may at any stage, the proposer before voting begins. ${guardianSentence(await readAuthorities(node))}`,
          }),
          done,
        },
        options,
        node,
        context,
      )
    },
  )
}
