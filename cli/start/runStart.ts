import { writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { type ReplayedRound, replayRounds } from '../audit/replayRounds.ts'
import { openEvidence } from '../context/openEvidence.ts'
import { projectRoot } from '../context/projectRoot.ts'
import type { Explanation } from '../evidence/Explanation.ts'
import { explain } from '../evidence/explain.ts'
import { renderExplanationHtml } from '../evidence/renderHtml.ts'
import { renderExplanationText } from '../evidence/renderText.ts'
import { CliError } from '../kit/CliError.ts'
import type { CommandContext } from '../kit/defineCommand.ts'
import { runFiles } from '../run/RunManifest.ts'
import { loadMarket } from './loadMarket.ts'
import { parseStartOptions, type StartFlags } from './parseStartOptions.ts'
import { createProgress } from './progress.ts'
import { type RanMarket, runMarket } from './runMarket.ts'
import { largestMove, summarise, summaryDocument } from './summarise.ts'
import { summaryText } from './summaryText.ts'

/**
 * Runs the loop and shows what happened; unless `--once` was given, engines and chain stay up until the signal.
 *
 * @throws {CliError} checkFailed when one of the four flags is false.
 */
export async function runStart(flags: StartFlags, context: CommandContext): Promise<void> {
  const { terminal, output, signal } = context
  const options = parseStartOptions(flags, terminal.folder, Math.floor(Date.now() / 1000))
  const configuration = loadMarket(join(projectRoot, 'config'), options.market)
  const progress = createProgress(context)
  const ran = await runMarket(options, configuration, progress, signal)
  try {
    progress.end()
    const ok = await report(ran, options.folder, context)
    if (flags.once === true) {
      if (!ok) throw new CliError('checkFailed', 'One of the four flags is false.')
      return
    }
    output.say('')
    for (const [i, { url }] of ran.engines.engines.entries()) output.say(`Status of engine ${i + 1}: ${url}`)
    output.say(`JSON-RPC of the chain: ${ran.chain.url}. Ctrl-C stops everything.`)
    await untilAborted(signal)
  } finally {
    await ran.close()
  }
}

/** Summary and explain screen; returns whether the four flags are true. */
async function report(ran: RanMarket, folder: string, context: CommandContext): Promise<boolean> {
  const { output } = context
  const opened = await openEvidence({ run: folder }, { ...context, terminal: { ...context.terminal, environment: {} } })
  try {
    output.say('Recomputing every round ...')
    const replayed: ReplayedRound[] = [...replayRounds(opened.evidence, opened.history.rounds)]
    const { catalogue } = opened.evidence
    const summary = await summarise(ran.manifest, relative(projectRoot, folder), ran.log, catalogue, ran.ticks, ran.cleared, replayed)
    writeFileSync(join(folder, runFiles.summary), `${JSON.stringify(summary, null, 2)}\n`)
    const move = largestMove(ran.log, catalogue)
    const explanation = move === null ? null : await explainMove(opened, move)
    if (explanation !== null) writeFileSync(join(folder, 'explain.html'), renderExplanationHtml(explanation))
    output.result(summaryDocument(summary), (colours) =>
      [
        summaryText(summary, ran.log, opened.evidence.documents, catalogue, colours),
        ...(explanation === null
          ? []
          : ['', colours.strong('Press replay: the largest move'), '', renderExplanationText(explanation, colours)]),
        '',
        `Run folder: ${summary.run} (explain.html is the last screen as a page). Try: bin/ballast explain ${move?.id.split('.').at(-1) ?? 'priceScanRange'} --against static`,
      ].join('\n'),
    )
    return summary.historyVerified && summary.replayIdentical && summary.rangesRespected && summary.accountsAddUp
  } finally {
    opened.close()
  }
}

async function explainMove(
  { evidence, history }: Awaited<ReturnType<typeof openEvidence>>,
  { scope, id, time }: NonNullable<ReturnType<typeof largestMove>>,
): Promise<Explanation> {
  return { ...(await explain(evidence, history, { parameter: id, scope, at: time })), against: null }
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
