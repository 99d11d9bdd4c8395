import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import type { Command } from 'commander'
import { getAddress, isAddress } from 'viem'
import { readProtocolState } from '../../proposals/state/index.ts'
import { draftTemplates, writeDraft } from '../../proposals/templates/index.ts'
import type { ScopeId } from '../../risk/types/index.ts'
import { parseAssignment } from '../act/parseAssignment.ts'
import { addConfigOption } from '../context/openConfig.ts'
import { CliError, usageError } from '../kit/CliError.ts'
import { defineCommand } from '../kit/defineCommand.ts'
import { addRunOption } from '../kit/options.ts'
import type { Terminal } from '../kit/Terminal.ts'
import { isoTime } from '../kit/time.ts'
import { openProposals, type ProposalOptions } from './openProposals.ts'
import { type EvidenceOptions, openRiskEvidence } from './openRiskEvidence.ts'
import { addProposalOptions } from './options.ts'

type DraftOptions = ProposalOptions &
  EvidenceOptions & {
    readonly title?: string
    readonly why: string
    readonly scope?: string
    readonly set: readonly string[]
    readonly file?: string
    readonly proposer?: string
    readonly folder: string
  }

const NO_REASON = 'Say why: evidence, risks, and how to go back.'

/** `ballast proposal draft`. */
export function draftVerb(terminal: Terminal): Command {
  return defineCommand(
    terminal,
    {
      name: 'draft',
      summary: 'begin a draft from a template that knows live values, ranges and what the engine recommends',
      details: `Templates: ${draftTemplates.join(', ')}. The draft goes into a folder of its own, <date>-<slug>/draft.yaml, with the date of the chain; an existing one is never overwritten. Where an engine's evidence is at hand (--run, --config), its targets stand beside the live values, and set-values proposes them unless --set names others.`,
      examples: [
        { run: 'proposal draft set-values --scope market:ETH --set priceScanRange="26 %"', what: 'one value, all others beside it' },
        { run: 'proposal draft renew-mandate --scope market:ETH --title "Renew the ETH mandate"', what: 'a year from now' },
      ],
    },
    (command) => {
      addProposalOptions(
        command
          .argument('<template>', 'kind of proposal')
          .option('--title <text>', 'title of the proposal; also names the folder')
          .option('--why <text>', 'reasons, in Markdown', NO_REASON)
          .option('--scope <scope>', 'scope, for example market:ETH')
          .option(
            '--set <name=value>',
            'a parameter and its new value; may be repeated',
            (text: string, all: readonly string[]) => [...all, text],
            [] as readonly string[],
          )
          .option('--file <file>', 'contents of a market, or deployment of a successor')
          .option('--proposer <address>', 'only this account can submit the draft')
          .option('--folder <folder>', 'where the folder of the proposal goes', 'proposals'),
      )
      addConfigOption(addRunOption(command))
    },
    async (args, options: DraftOptions, context) => {
      const node = await openProposals(options, context)
      const template = args[0] ?? ''
      const state = await readProtocolState(node.client, node.deployment, node.catalogue, { clearing: node.clearing })
      const risk = openRiskEvidence(options, node.deployment, node.catalogue, context)
      const title =
        options.title ??
        `${template.replaceAll('-', ' ').replace(/^./, (letter) => letter.toUpperCase())}${options.scope === undefined ? '' : ` of ${options.scope}`}`
      try {
        const report = risk.evidence.find(
          ({ configuration }) => options.scope === undefined || configuration.scope === options.scope,
        )?.report
        const text = writeDraft(template, state, {
          title,
          why: options.why,
          proposer: parseProposer(options.proposer),
          scope: (options.scope as ScopeId | undefined) ?? null,
          set: Object.fromEntries(options.set.map((each) => parseAssignment(each))),
          recommendations: report?.recommendations ?? [],
          file: options.file ?? null,
        })
        const folder = resolve(terminal.folder, options.folder, `${isoTime(state.time).slice(0, 10)}-${slugOf(title)}`)
        const file = join(folder, 'draft.yaml')
        if (existsSync(file))
          throw new CliError('failure', `${relative(terminal.folder, file)} exists already.`, 'Give another --title, or edit it.', { file })
        mkdirSync(folder, { recursive: true })
        writeFileSync(file, text)
        const shown = relative(terminal.folder, file)
        context.output.result(
          { schema: 'ballast.draftWritten', version: 1, template, file: shown },
          () => `${text}\nWrote ${shown}. Edit it, then: ballast proposal check ${shown}`,
        )
      } finally {
        risk.close()
      }
    },
  )
}

function parseProposer(text: string | undefined): `0x${string}` | null {
  if (text === undefined) return null
  if (!isAddress(text, { strict: false })) throw usageError(`--proposer is ${JSON.stringify(text)}; it must be an address.`)
  return getAddress(text)
}

/** Lower-case words with hyphens, at most 60 characters. */
function slugOf(title: string): string {
  const slug = title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
  return slug.slice(0, 60) || 'proposal'
}
