import { Command } from 'commander'
import { CliError } from './CliError.ts'
import { createOutput, type Output, type OutputOptions } from './Output.ts'
import { addOutputOptions } from './options.ts'
import type { Terminal } from './Terminal.ts'

/** What the work of a command gets besides its arguments. */
export type CommandContext = {
  readonly terminal: Terminal
  readonly output: Output
  /** Aborted by Ctrl-C and by `--timeout`. */
  readonly signal: AbortSignal
}

export type CommandText = {
  readonly name: string
  readonly summary: string
  /** Whole paragraphs for `--help`, after the summary. */
  readonly details?: string
  /** Complete command lines without `ballast`, each with a remark; help shows them first. */
  readonly examples: readonly { readonly run: string; readonly what: string }[]
  /** What stands before each example; `ballast` unless it is another program. */
  readonly prefix?: string
  /** `list` adds `--ndjson`. */
  readonly kind?: 'document' | 'list'
  /** True for a command that runs until it is told to stop: it ends in order after Ctrl-C, which is then no failure. */
  readonly lasting?: true
}

type AllOptions = OutputOptions & { readonly timeout?: number }

/**
 * Makes a verb: examples first in its help, the options of every command, and a place where its result goes.
 *
 * @param addOptions - Adds arguments and options of its own.
 * @param work - Does it. Options it declared arrive in `options`, arguments in `args`, in order.
 */
export function defineCommand<Options>(
  terminal: Terminal,
  text: CommandText,
  addOptions: (command: Command) => void,
  work: (args: readonly string[], options: Options, context: CommandContext) => Promise<void> | void,
): Command {
  const command = new Command(text.name)
    .summary(text.summary)
    .description(text.details === undefined ? text.summary : `${text.summary}\n\n${text.details}`)
  addExamples(command, text)
  addOptions(command)
  addOutputOptions(command, text.kind)
  return command.action(async () => {
    const options = command.opts<AllOptions & Options>()
    const limit = options.timeout === undefined ? undefined : AbortSignal.timeout(options.timeout * 1000)
    const signal = limit === undefined ? terminal.signal : AbortSignal.any([terminal.signal, limit])
    const output = createOutput(terminal, options)
    const running = Promise.resolve(work(command.args, options, { terminal, output, signal }))
    await Promise.race([running, rejectWhenAborted(text.lasting ? undefined : terminal.signal, limit, options.timeout)])
  })
}

/** Makes a noun: a name with verbs. */
export function defineNoun(name: string, summary: string, verbs: readonly Command[]): Command {
  const noun = new Command(name).summary(summary).description(summary)
  for (const verb of verbs) noun.addCommand(verb)
  return noun
}

function addExamples(command: Command, { examples, prefix = 'ballast ' }: CommandText): void {
  const longest = Math.max(...examples.map(({ run }) => run.length))
  const lines = examples.map(({ run, what }) => `  ${prefix}${run.padEnd(longest)}  # ${what}`)
  command.addHelpText('before', `Examples:\n${lines.join('\n')}\n`)
}

function rejectWhenAborted(stopped: AbortSignal | undefined, limit: AbortSignal | undefined, seconds: number | undefined): Promise<never> {
  return new Promise((_, reject) => {
    const interrupt = (): void => reject(new CliError('interrupted', 'Interrupted.'))
    if (stopped?.aborted) interrupt()
    stopped?.addEventListener('abort', interrupt, { once: true })
    limit?.addEventListener(
      'abort',
      () => reject(new CliError('timeout', `Not done after ${seconds} s.`, 'Give more time with --timeout.')),
      {
        once: true,
      },
    )
  })
}
