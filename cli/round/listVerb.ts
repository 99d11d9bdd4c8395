import type { Command } from 'commander'
import { defineCommand } from '../kit/defineCommand.ts'
import type { Terminal } from '../kit/Terminal.ts'
import { addWaitingOptions, openWaiting, type WaitingOptions } from './openWaiting.ts'
import { roundLines, roundTitle, waitingDocument } from './roundText.ts'

/** `ballast round list`. */
export function listVerb(terminal: Terminal): Command {
  return defineCommand(
    terminal,
    {
      name: 'list',
      summary: 'list rounds that wait for a steward at an engine: what they change and why, the impact, until when',
      details:
        'A round waits at the engine that sends it: the proposer of the hour at first, soon at every engine that signed it. Digest and report are computed again from what the engine says; lane and limits come from the chain.',
      examples: [{ run: 'round list --engine http://127.0.0.1:8600', what: 'of every scope that this engine runs' }],
      kind: 'list',
    },
    addWaitingOptions,
    async (_args, options: WaitingOptions, context) => {
      const { node, client, engine, rounds } = await openWaiting(options, context)
      const records = rounds.map(waitingDocument)
      context.output.list({ schema: 'ballast.waitingRounds', version: 1, engine, rounds: records }, records, (colours) =>
        rounds.length === 0
          ? `No round waits for a steward at ${client.host}.`
          : rounds
              .map((round) =>
                [colours.strong(roundTitle(round)), ...roundLines(round, node.catalogue).map((line) => `  ${line}`)].join('\n'),
              )
              .join('\n\n'),
      )
    },
  )
}
