import type { Command, Option } from 'commander'
import { pathOf } from './runProgram.ts'

/** One command that does something, as the reference shows it. */
export type CommandDescription = {
  /** As typed: `ballast param list`. */
  readonly path: string
  readonly usage: string
  readonly summary: string
  readonly options: readonly { readonly flags: string; readonly description: string }[]
}

/** Every command of a program that has no verbs below it, in the order of the help. */
export function describeProgram(program: Command): CommandDescription[] {
  return program.commands.length === 0 ? [describe(program)] : program.commands.flatMap(describeProgram)
}

function describe(command: Command): CommandDescription {
  return {
    path: pathOf(command),
    usage: `${pathOf(command)} ${command.usage().replace('[options] ', '').replace('[options]', '')}`.trim(),
    summary: command.summary(),
    options: command.options.map((option: Option) => ({ flags: option.flags, description: option.description })),
  }
}

/** Options that every command has; the reference lists them once. */
export const commonFlags = ['--json', '--output <file>', '--quiet', '--verbose', '--no-color', '--timeout <seconds>']

/** The reference of all commands in Markdown: one table, a row per command with the options of its own. */
export function referenceTable(program: Command): string {
  const rows = describeProgram(program).map(({ usage, summary, options }) => {
    const own = options.filter(({ flags }) => !commonFlags.includes(flags)).map(({ flags }) => `\`${flags}\``)
    return `| \`${usage.replaceAll('|', '\\|')}\` | ${summary} | ${own.join(', ')} |`
  })
  return ['| command | does | options of its own |', '|---|---|---|', ...rows].join('\n')
}

/** Every option with its meaning, once; in Markdown. */
export function optionTable(program: Command): string {
  const meanings = new Map<string, Set<string>>()
  for (const { options } of describeProgram(program)) {
    for (const { flags, description } of options) meanings.set(flags, (meanings.get(flags) ?? new Set()).add(description))
  }
  const rows = [...meanings]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([flags, descriptions]) => `| \`${flags}\` | ${[...descriptions].join('; ').replaceAll('|', '\\|')} |`)
  return ['| option | meaning |', '|---|---|', ...rows].join('\n')
}
