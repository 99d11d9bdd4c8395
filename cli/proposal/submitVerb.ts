import type { Command } from 'commander'
import { deployPostConditions } from '../../proposals/conditions/index.ts'
import { encodeProposal } from '../../proposals/encode/index.ts'
import { assertTimestampClock, buildPropose } from '../../proposals/lifecycle/index.ts'
import { buildReport } from '../../proposals/report/index.ts'
import { addActorOptions } from '../act/actorOptions.ts'
import { type PerformOptions, perform } from '../act/perform.ts'
import { addConfigOption } from '../context/openConfig.ts'
import { CliError, usageError } from '../kit/CliError.ts'
import { defineCommand } from '../kit/defineCommand.ts'
import { addRunOption } from '../kit/options.ts'
import type { Terminal } from '../kit/Terminal.ts'
import { checkText } from './examineVerbs.ts'
import { type ExamineOptions, examine, nameOf, openProposals } from './openProposals.ts'
import { addClearingOption } from './options.ts'

type SubmitOptions = PerformOptions & ExamineOptions

/** `ballast proposal submit`. */
export function submitVerb(terminal: Terminal): Command {
  return defineCommand(
    terminal,
    {
      name: 'submit',
      summary: 'check a draft again, then submit it; a failed check blocks it',
      details:
        'The contract of post-conditions, which has no owner and one address on every chain, is deployed first where it is missing. With --safe the call is written for a Safe that proposes.',
      examples: [
        { run: 'proposal submit proposals/2026-03-14-raise-eth --send', what: 'after a question' },
        { run: 'proposal submit draft.yaml --safe 0x5afe... --output batch.json', what: 'a file for the Transaction Builder' },
      ],
    },
    (command) => {
      addActorOptions(addClearingOption(command.argument('<draft>', 'draft file or folder of the proposal')))
      addConfigOption(addRunOption(command))
    },
    async (args, options: SubmitOptions, context) => {
      const named = nameOf(args[0], context)
      if (named.kind === 'id') throw usageError('An id names a proposal that was submitted already.', 'Give the draft file.')
      const node = await openProposals(options, context)
      await assertTimestampClock(node)
      const { examination, built } = await examine(named, options, node, context)
      const report = buildReport(examination)
      if (report.verdict === 'failed') {
        context.output.say(checkText(report, context.output.colours))
        const failed = report.checks.filter(({ errors }) => errors.length > 0).map(({ name }) => name)
        throw new CliError('checkFailed', `The draft fails: ${failed.join(', ')}. Nothing was sent.`, '', { failed })
      }
      if (built === null) throw usageError('Only a draft can be submitted.')
      const proposal = encodeProposal(built.draft)
      await perform(
        {
          name: 'submit',
          call: buildPropose(node.governor, proposal),
          sentence: `Submit "${built.draft.title}" with ${proposal.targets.length} calls (${report.verdict})`,
          facts: { proposalId: proposal.id, verdict: report.verdict },
          prepare: async ({ wallet }) => {
            if (await deployPostConditions(node.client, wallet, node.postConditions))
              context.output.say(`Deployed the post-conditions at ${node.postConditions.address}.`)
          },
          done: `proposal ${proposal.id} submitted`,
        },
        options,
        node,
        context,
      )
    },
  )
}
