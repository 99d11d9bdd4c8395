import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { Command } from 'commander'
import { addConfigOption, type EvidenceOptions, openEvidence } from './context/openEvidence.ts'
import { compareWithStatic } from './evidence/compareWithStatic.ts'
import type { Explanation } from './evidence/Explanation.ts'
import { explain } from './evidence/explain.ts'
import { explanationDocument } from './evidence/explanationDocument.ts'
import { renderExplanationHtml } from './evidence/renderHtml.ts'
import { renderExplanationText } from './evidence/renderText.ts'
import { CliError, usageError } from './kit/CliError.ts'
import { defineCommand } from './kit/defineCommand.ts'
import { addBlockOption, addChainOptions, addRunOption } from './kit/options.ts'
import type { Terminal } from './kit/Terminal.ts'
import { parseTime } from './kit/time.ts'

type ExplainOptions = EvidenceOptions & {
  readonly market?: string
  readonly scope?: string
  readonly at?: string
  readonly against?: string
  readonly html?: string
}

/** `ballast explain`: why this number. */
export function explainCommand(terminal: Terminal): Command {
  return defineCommand(
    terminal,
    {
      name: 'explain',
      summary: 'why a parameter is what it is: from the stored word back to the raw bars',
      details:
        'Every step is recomputed on this machine and marked verified (✓), failed (✗) or not claimed (?) because it rests on a failed one. Exit code 7 when a step failed.\n' +
        'The evidence is a run folder, or with --rpc and --config a chain and the store of an engine.',
      examples: [
        { run: 'explain margin.priceScanRange --market ETH --at 2020-03-12T11:00Z', what: 'one screen' },
        { run: 'explain priceScanRange --at 2020-03-12T11:00Z --against static', what: 'and what the same accounts had suffered' },
        { run: 'explain priceScanRange --html why.html', what: 'the same as a page' },
      ],
    },
    (command) => {
      command
        .argument('<parameter>', 'its id, or the part after the last dot')
        .option('--market <name>', 'market, for example ETH')
        .option('--scope <scope>', 'scope, for example asset:ETH')
        .option('--at <time>', 'the value in force then; default is the last one')
        .option('--against <what>', 'compare with `static`: values frozen at their defaults')
        .option('--html <file>', 'also write the screen as a page')
        .option('--data <folder>', 'data folder with the recording, when it is not where the engine had it')
      addBlockOption(addChainOptions(addConfigOption(addRunOption(command))))
    },
    async (args, options: ExplainOptions, context) => {
      if (options.against !== undefined && options.against !== 'static')
        throw usageError(`--against is ${JSON.stringify(options.against)}; it must be static.`)
      const at = options.at === undefined ? undefined : parseTime(options.at, '--at')
      const data = options.data === undefined ? {} : { data: resolve(terminal.folder, options.data) }
      const opened = await openEvidence({ ...options, ...data }, context)
      try {
        const found = await explain(opened.evidence, opened.history, {
          parameter: args[0] ?? '',
          scope: options.scope ?? options.market,
          at,
        })
        const against = options.against === undefined ? null : compareWithStatic(opened.evidence, opened.history, found.market)
        const explanation: Explanation = { ...found, against }
        if (options.html !== undefined) writePage(resolve(terminal.folder, options.html), renderExplanationHtml(explanation))
        if (options.html !== undefined) context.output.say(`Wrote ${options.html}.`)
        context.output.result(explanationDocument(explanation), (colours) => renderExplanationText(explanation, colours))
        if (!explanation.verified) throw new CliError('checkFailed', 'Not every step is verified.')
      } finally {
        opened.close()
      }
    },
  )
}

function writePage(file: string, page: string): void {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, page)
}
