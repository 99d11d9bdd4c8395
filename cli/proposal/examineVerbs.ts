import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import type { Command } from 'commander'
import { buildReport, type Report, renderDiff, renderMarkdown, reportJson } from '../../proposals/report/index.ts'
import { showInvisible } from '../../proposals/text/index.ts'
import { CliError } from '../kit/CliError.ts'
import type { Colours } from '../kit/colours.ts'
import { type CommandContext, defineCommand } from '../kit/defineCommand.ts'
import type { Document } from '../kit/json.ts'
import type { Terminal } from '../kit/Terminal.ts'
import { formatTable } from '../kit/table.ts'
import { type ExamineOptions, examine, type Named, nameOf, openProposals } from './openProposals.ts'
import { addExamineOptions } from './options.ts'
import { renderReportHtml } from './renderReportHtml.ts'

const subject = 'draft file, folder of a proposal, or id of a submitted one'

async function reportOf(
  argument: string | undefined,
  options: ExamineOptions,
  context: CommandContext,
): Promise<{ readonly report: Report; readonly named: Named }> {
  const named = nameOf(argument, context)
  const node = await openProposals(options, context)
  const { examination } = await examine(named, options, node, context)
  return { report: buildReport(examination), named }
}

/** `ballast proposal check`. */
export function checkVerb(terminal: Terminal): Command {
  return defineCommand(
    terminal,
    {
      name: 'check',
      summary: 'run every check on a draft or on any submitted proposal; exit code 7 when one fails',
      details:
        'The proposal is taken through its whole life on a copy of the chain inside this process; nothing is sent. Proposals that were made elsewhere are checked the same way.',
      examples: [
        { run: 'proposal check proposals/2026-03-14-raise-eth/draft.yaml', what: 'a draft' },
        { run: 'proposal check 1234 --json', what: 'a proposal on chain' },
      ],
    },
    (command) => void addExamineOptions(command.argument('<proposal>', subject)),
    async (args, options: ExamineOptions, context) => {
      const { report } = await reportOf(args[0], options, context)
      context.output.result(
        {
          schema: 'ballast.proposalCheck',
          version: 1,
          verdict: report.verdict,
          id: report.id,
          checks: report.checks as unknown as Document,
        },
        (colours) => checkText(report, colours),
      )
      failIfFailed(report)
    },
  )
}

/** `ballast proposal simulate`. */
export function simulateVerb(terminal: Terminal): Command {
  return defineCommand(
    terminal,
    {
      name: 'simulate',
      summary: 'propose, vote, queue and execute on a copy of the chain: changes, events, calls, gas',
      examples: [{ run: 'proposal simulate draft.yaml --rpc http://127.0.0.1:8545', what: 'from the latest block; --block pins another' }],
    },
    (command) => void addExamineOptions(command.argument('<proposal>', subject)),
    async (args, options: ExamineOptions, context) => {
      const { report } = await reportOf(args[0], options, context)
      const { pinned, steps, changes, events, calls } = report
      const failures = report.checks.find(({ name }) => name === 'simulation')?.errors ?? []
      context.output.result(
        { schema: 'ballast.simulation', version: 1, pinned, steps, changes, events, calls, failures } as unknown as Document,
        (colours) => simulationText(report, colours),
      )
      if (failures.length > 0) throw new CliError('reverted', failures[0] ?? '')
    },
  )
}

/** `ballast proposal report`. */
export function reportVerb(terminal: Terminal): Command {
  return defineCommand(
    terminal,
    {
      name: 'report',
      summary: 'write the report: report.md, report.html, report.json and diff.md',
      details:
        'The files go beside the draft, or into --folder. Two runs at one block give the same bytes. They are written also when a check fails; the exit code is then 7.',
      examples: [
        { run: 'proposal report proposals/2026-03-14-raise-eth', what: 'beside the draft' },
        { run: 'proposal report 1234 --folder reports/1234', what: 'of a submitted proposal' },
      ],
    },
    (command) => void addExamineOptions(command.argument('<proposal>', subject).option('--folder <folder>', 'where the files go')),
    async (args, options: ExamineOptions & { readonly folder?: string }, context) => {
      const { report, named } = await reportOf(args[0], options, context)
      const folder = folderOf(options.folder, named, report, terminal)
      mkdirSync(folder, { recursive: true })
      const files = {
        'report.md': renderMarkdown(report),
        'report.html': renderReportHtml(report),
        'report.json': reportJson(report),
        'diff.md': `${renderDiff(report.changes)}\n`,
      }
      for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
      const shown = relative(terminal.folder, folder) || '.'
      context.output.result(
        { schema: 'ballast.reportWritten', version: 1, verdict: report.verdict, folder: shown, files: Object.keys(files) },
        (colours) => [verdictLine(report, colours), `Wrote ${Object.keys(files).join(', ')} into ${shown}.`].join('\n'),
      )
      failIfFailed(report)
    },
  )
}

function folderOf(given: string | undefined, named: Named, { id }: Report, { folder }: Terminal): string {
  if (given !== undefined) return resolve(folder, given)
  return named.kind === 'draft' ? dirname(named.file) : resolve(folder, 'proposals', `id-${id.slice(0, 12)}`)
}

function failIfFailed({ verdict, checks }: Report): void {
  if (verdict !== 'failed') return
  const failed = checks.filter(({ errors }) => errors.length > 0).map(({ name }) => name)
  throw new CliError('checkFailed', `The proposal fails: ${failed.join(', ')}.`, '', { failed })
}

function verdictLine({ verdict, title }: Report, colours: Colours): string {
  const paint = verdict === 'failed' ? colours.bad : verdict === 'passed' ? colours.good : colours.warn
  return `${paint(verdict)}  ${showInvisible(title)}`
}

/** Every check with what it found; foreign text cannot steer the terminal. */
export function checkText(report: Report, colours: Colours): string {
  const lines = report.checks.flatMap(({ name, errors, warnings, info }) => {
    const mark = errors.length > 0 ? colours.bad('✗') : warnings.length > 0 ? colours.warn('!') : colours.good('✓')
    const shown = errors.length + warnings.length > 0 ? [] : info.slice(0, 1)
    return [
      `${mark} ${name.padEnd(18)} ${shown.map((text) => colours.dim(showInvisible(text).slice(0, 140))).join('')}`.trimEnd(),
      ...errors.map((text) => `    ${colours.bad('error')} ${showInvisible(text)}`),
      ...warnings.map((text) => `    ${colours.warn('warning')} ${showInvisible(text)}`),
    ]
  })
  return [verdictLine(report, colours), '', changesText(report, colours), '', ...lines].join('\n')
}

function changesText({ changes }: Report, colours: Colours): string {
  if (changes.length === 0) return 'Nothing changes.'
  const rows = changes
    .slice(0, 40)
    .map(({ subject: where, what, before, after, change, range }) => [where, what, before, after, change, range])
  const more = changes.length > rows.length ? `\n... and ${changes.length - rows.length} more changes` : ''
  return (
    formatTable(
      ['where', 'what', 'current', 'proposed', 'change', 'range'].map((title) => ({ title })),
      rows,
      colours.dim,
    ) + more
  )
}

function simulationText(report: Report, colours: Colours): string {
  return [
    colours.strong(`${showInvisible(report.title)}, from block ${report.pinned.block}`),
    '',
    formatTable(
      [{ title: 'step' }, { title: 'chain time' }, { title: 'gas', align: 'right' }, { title: 'by' }],
      report.steps.map(({ step, time, gasUsed, by }) => [step, time, gasUsed, by]),
      colours.dim,
    ),
    '',
    changesText(report, colours),
    '',
    ...report.calls,
    '',
    ...report.events.map(
      ({ contract, address, name, args }) =>
        `${contract ?? address} ${name ?? 'unknown event'} ${Object.entries(args)
          .map(([key, value]) => `${key}=${value.slice(0, 80)}`)
          .join(' ')}`,
    ),
  ].join('\n')
}
