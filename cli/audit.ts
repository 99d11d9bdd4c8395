import type { Command } from 'commander'
import { auditChain } from './audit/auditChain.ts'
import { auditDocument, auditText } from './audit/auditText.ts'
import { type HistoryOptions, openChainLog } from './context/openChainLog.ts'
import { CliError } from './kit/CliError.ts'
import { defineCommand, defineNoun } from './kit/defineCommand.ts'
import { addBlockOption, addChainOptions, addRunOption } from './kit/options.ts'
import type { Terminal } from './kit/Terminal.ts'

/** `ballast audit`: prove that the history is complete and that every number follows from its inputs. */
export function auditNoun(terminal: Terminal): Command {
  return defineNoun('audit', 'prove the history complete and every number reproducible', [verifyVerb(terminal)])
}

function verifyVerb(terminal: Terminal): Command {
  return defineCommand(
    terminal,
    {
      name: 'verify',
      summary: 'recompute the history from the chain alone: hashes, values, ranges, limits, signatures',
      details: 'Believes no engine and no index. Exit code 7 when anything does not agree.',
      examples: [
        { run: 'audit verify', what: 'the chain log of the last run' },
        { run: 'audit verify --rpc http://127.0.0.1:8545', what: 'a live chain' },
      ],
    },
    (command) => addBlockOption(addChainOptions(addRunOption(command))),
    async (_args, options: HistoryOptions, context) => {
      const { log, origin } = await openChainLog(options, context)
      const audit = await auditChain(log)
      context.output.result(auditDocument(audit, origin), (colours) => auditText(audit, origin, colours))
      if (!audit.ok) throw new CliError('checkFailed', `The history does not verify: ${audit.faults.length} faults.`)
    },
  )
}
