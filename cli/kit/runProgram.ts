import { type Command, CommanderError } from 'commander'
import { CliError } from './CliError.ts'
import { type ExitCode, exitCodes } from './exitCodes.ts'
import { didYouMean } from './nearest.ts'
import { reportError } from './reportError.ts'
import type { Terminal } from './Terminal.ts'

/**
 * Runs one command line.
 *
 * @param args - Without the interpreter and the script.
 * @returns The exit code; failures have been reported on stderr.
 */
export async function runProgram(program: Command, terminal: Terminal, args: readonly string[]): Promise<ExitCode> {
  try {
    prepare(program, terminal)
    await program.parseAsync([...args], { from: 'user' })
    return exitCodes.ok
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return exitCodes.ok
    return reportError(terminal, args, error)
  }
}

/** Failures of parsing become exceptions; help and version go through the terminal. */
function prepare(command: Command, terminal: Terminal): void {
  command
    .exitOverride()
    .showSuggestionAfterError(true)
    .configureOutput({ writeOut: terminal.writeOut, writeErr: () => undefined, getOutHelpWidth: () => 120, getErrHelpWidth: () => 120 })
    .configureHelp({ showGlobalOptions: false })
  if (command.commands.length > 0) {
    command.action((_options: unknown, self: Command) => {
      const word = self.args.find((text) => !text.startsWith('-'))
      if (word !== undefined) throw unknownCommand(command, word)
      command.outputHelp()
    })
    // An unknown verb is reported as such, whatever options follow it.
    command.allowUnknownOption(true)
    command.allowExcessArguments(true)
  }
  for (const child of command.commands) prepare(child, terminal)
}

function unknownCommand(command: Command, word: string): CliError {
  const names = command.commands.map((verb) => verb.name())
  const hint = didYouMean(word, names) || `Known: ${names.join(', ')}.`
  return new CliError('usage', `${pathOf(command)} has no ${JSON.stringify(word)}.`, hint, { given: word, known: names })
}

/** The command as typed: `ballast param list`. */
export function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`
}
