import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { type LoadedConfig, loadConfig } from '../../controller/config/loadConfig.ts'
import { notFoundError, usageError } from '../kit/CliError.ts'
import type { CommandContext } from '../kit/defineCommand.ts'

/** `--config` of commands about one engine. */
export type ConfigOption = { readonly config?: string }

export function addConfigOption(command: Command): Command {
  return command.optionsGroup('Engine:').option('--config <file>', 'configuration of the engine (BALLAST_CONFIG)')
}

/**
 * The configuration of an engine: flags over environment over file over defaults.
 *
 * @param flags - Values from the command line by dotted path.
 * @throws {ConfigError} With every problem at once.
 * @throws {CliError} No file was named, or it does not exist.
 */
export function openConfig(
  options: ConfigOption,
  { terminal }: Pick<CommandContext, 'terminal'>,
  flags: Readonly<Record<string, unknown>> = {},
): LoadedConfig & { readonly file: string } {
  const named = options.config ?? (terminal.environment['BALLAST_CONFIG'] || undefined)
  if (named === undefined) throw usageError('No configuration was named.', 'Give --config <file> or set BALLAST_CONFIG.')
  const file = resolve(terminal.folder, named)
  if (!existsSync(file)) throw notFoundError(`There is no file ${named}.`)
  return { ...loadConfig({ file, env: terminal.environment, flags }), file: named }
}
