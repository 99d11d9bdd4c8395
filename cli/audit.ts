import { join, resolve } from 'node:path'
import type { Command } from 'commander'
import { auditChain } from './audit/auditChain.ts'
import { auditDocument, auditText } from './audit/auditText.ts'
import { decodeHistory } from './audit/decodeHistory.ts'
import { type AcceptedRound, foldHistory } from './audit/foldHistory.ts'
import { type ReplayedRound, replayRounds } from './audit/replayRounds.ts'
import { countSteps, replayText, roundDocument } from './audit/replayText.ts'
import { buildReport } from './audit/report/buildReport.ts'
import { reportText } from './audit/report/reportText.ts'
import { writeExport } from './audit/writeExport.ts'
import { openCatalogue } from './context/openCatalogue.ts'
import { type HistoryOptions, openChainLog, readsNode } from './context/openChainLog.ts'
import { addConfigOption, type EvidenceOptions, openEvidence } from './context/openEvidence.ts'
import { projectRoot } from './context/projectRoot.ts'
import { runPath } from './context/runPath.ts'
import { CliError, notFoundError, usageError } from './kit/CliError.ts'
import { defineCommand, defineNoun } from './kit/defineCommand.ts'
import { addBlockOption, addChainOptions, addRunOption } from './kit/options.ts'
import type { Terminal } from './kit/Terminal.ts'
import { formatTable } from './kit/table.ts'
import { isoTime, parseTime } from './kit/time.ts'
import { grouped } from './kit/values.ts'
import { isScope } from './parameters/findParameter.ts'

/** `ballast audit`: prove that the history is complete and that every number follows from its inputs. */
export function auditNoun(terminal: Terminal): Command {
  return defineNoun('audit', 'prove the history complete and every number reproducible', [
    verifyVerb(terminal),
    replayVerb(terminal),
    reportVerb(terminal),
    exportVerb(terminal),
  ])
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
      const audit = await auditChain(log, context.signal)
      context.output.result(auditDocument(audit, origin), (colours) => auditText(audit, origin, colours))
      if (!audit.ok) throw new CliError('checkFailed', `The history does not verify: ${audit.faults.length} faults.`)
    },
  )
}

type ReplayOptions = EvidenceOptions & { readonly all?: true; readonly market?: string; readonly from?: string; readonly to?: string }

function replayVerb(terminal: Terminal): Command {
  return defineCommand(
    terminal,
    {
      name: 'replay',
      summary: 'compute every round again from its stored inputs and compare it byte by byte',
      details:
        'Each round is decided from its stored snapshot and state; the state it leaves must be the one the next round starts from. Exit code 7 when a round differs.',
      examples: [
        { run: 'audit replay --all', what: 'every round of the last run' },
        { run: 'audit replay --market ETH --from 2020-03-12 --to 2020-03-13', what: 'two days of one market' },
      ],
      kind: 'list',
    },
    (command) => {
      command
        .option('--all', 'every round of every scope')
        .option('--market <name>', 'only scopes of this market, for example ETH')
        .option('--from <time>', 'not before')
        .option('--to <time>', 'not after')
      addBlockOption(addChainOptions(addConfigOption(addRunOption(command))))
    },
    async (_args, options: ReplayOptions, context) => {
      const opened = await openEvidence(options, context)
      try {
        const chosen = chooseRounds(opened.history.rounds, options)
        const rounds: ReplayedRound[] = []
        for (const round of replayRounds(opened.evidence, chosen)) {
          context.signal.throwIfAborted()
          rounds.push(round)
          context.output.step(
            `round ${round.round} of ${round.scope}: ${round.identical ? 'identical' : 'differs'} (${rounds.length} of ${chosen.length})`,
          )
          // Lets a signal or a time limit in between two rounds.
          await new Promise((resolve) => setImmediate(resolve))
        }
        const records = rounds.map(roundDocument)
        const differ = rounds.filter(({ identical }) => !identical).length
        const document = {
          schema: 'ballast.replay',
          version: 1,
          origin: opened.origin,
          ok: differ === 0,
          rounds: rounds.length,
          differ,
          steps: countSteps(rounds),
          replayed: records,
        }
        context.output.list(document, records, (colours) => replayText(rounds, opened.origin, colours))
        if (differ > 0) throw new CliError('checkFailed', `${differ} of ${rounds.length} rounds differ.`)
      } finally {
        opened.close()
      }
    },
  )
}

function chooseRounds(rounds: readonly AcceptedRound[], { all, market, from, to }: ReplayOptions): AcceptedRound[] {
  if (all === true && (market !== undefined || from !== undefined || to !== undefined))
    throw usageError('--all stands alone.', 'Leave it out to choose a market or a window.')
  const start = from === undefined ? 0 : parseTime(from, '--from')
  const end = to === undefined ? Number.MAX_SAFE_INTEGER : parseTime(to, '--to')
  if (start > end) throw usageError(`--from ${from} is after --to ${to}.`)
  const chosen = rounds.filter(
    (round) => (market === undefined || isScope(round.scope, market)) && round.observedAt >= start && round.observedAt <= end,
  )
  if (chosen.length === 0)
    throw notFoundError(
      'No accepted round fits.',
      rounds.length === 0
        ? 'The history has no rounds.'
        : `There are rounds of ${[...new Set(rounds.map(({ scope }) => scope))].join(', ')}.`,
    )
  return chosen
}

type ReportOptions = EvidenceOptions & { readonly from?: string; readonly to?: string }

function reportVerb(terminal: Terminal): Command {
  return defineCommand(
    terminal,
    {
      name: 'report',
      summary: 'who changed what, what was clipped, held, rejected, vetoed, undone; response to the market; coverage',
      details: "Markdown. Tables of changes come from the chain; held, clipped, responses and coverage from the engines' stored documents.",
      examples: [
        { run: 'audit report', what: 'everything in the last run' },
        { run: 'audit report --from 2020-03-12 --to 2020-03-14 --output report.md', what: 'three days, into a file' },
      ],
    },
    (command) => {
      command.option('--from <time>', 'not before').option('--to <time>', 'not after')
      addBlockOption(addChainOptions(addConfigOption(addRunOption(command))))
    },
    async (_args, options: ReportOptions, context) => {
      const { evidence, history, origin, close } = await openEvidence(options, context)
      try {
        const { log, links, documents } = evidence
        const from = options.from === undefined ? (links[0]?.time ?? 0) : parseTime(options.from, '--from')
        const to = options.to === undefined ? log.until.time : parseTime(options.to, '--to')
        if (from > to) throw usageError(`--from ${isoTime(from)} is after --to ${isoTime(to)}.`)
        const report = buildReport(log, links, history, documents, from, to)
        context.output.result({ schema: 'ballast.auditReport', version: 1, origin, ...report }, () => reportText(report, origin))
      } finally {
        close()
      }
    },
  )
}

type ExportOptions = HistoryOptions & { readonly to?: string }

function exportVerb(terminal: Terminal): Command {
  return defineCommand(
    terminal,
    {
      name: 'export',
      summary: 'write history and rounds as CSV, the chain log as NDJSON, and a SHA-256 manifest',
      details: 'From a run folder its stores and configuration come along: the export is a run folder itself.',
      examples: [{ run: 'audit export --to var/export', what: 'the last run, for somebody else to audit' }],
    },
    (command) => {
      command.option('--to <folder>', 'folder to write; default is var/export')
      addBlockOption(addChainOptions(addRunOption(command)))
    },
    async (_args, options: ExportOptions, context) => {
      const { log } = await openChainLog(options, context)
      const run = readsNode(options, context) ? null : runPath(options, context)
      const folder = options.to === undefined ? join(projectRoot, 'var', 'export') : resolve(terminal.folder, options.to)
      const catalogue = openCatalogue(log.deployment, run === null ? [] : [run])
      const manifest = writeExport(folder, log, foldHistory(decodeHistory(log.logs)).rounds, catalogue, run)
      context.output.result({ ...manifest, folder }, (colours) =>
        [
          formatTable(
            [{ title: 'file' }, { title: 'bytes', align: 'right' }, { title: 'sha256' }],
            manifest.files.map(({ name, bytes, sha256 }) => [name, grouped(bytes), sha256]),
            colours.dim,
          ),
          `Chain ${manifest.chainId} up to block ${manifest.toBlock} (${manifest.toBlockHash}). Written to ${folder}.`,
        ].join('\n'),
      )
    },
  )
}
