import { resolve } from 'node:path'
import type { Command } from 'commander'
import { backupStore } from '../../controller/store/backupStore.ts'
import { addConfigOption, type ConfigOption, openConfig } from '../context/openConfig.ts'
import { defineCommand } from '../kit/defineCommand.ts'
import type { Terminal } from '../kit/Terminal.ts'

type BackupOptions = ConfigOption & { readonly to: string }

/** `ballast controller backup`: a copy of an engine's store while the engine runs. */
export function backupVerb(terminal: Terminal): Command {
  return defineCommand(
    terminal,
    {
      name: 'backup',
      summary: 'copy the store of an engine, which may run meanwhile, into one file with its SHA-256 beside it',
      details: 'The copy is the store at one moment. It holds no key. Existing files are never overwritten.',
      examples: [{ run: 'controller backup --config engine.yaml --to backup/engine-1.sqlite', what: 'and backup/engine-1.sqlite.sha256' }],
    },
    (command) => addConfigOption(command.requiredOption('--to <file>', 'file of the copy')),
    async (_args, options: BackupOptions, context) => {
      const { config } = openConfig(options, context)
      const { sha256 } = backupStore(config.store.path, resolve(context.terminal.folder, options.to))
      context.output.result({ schema: 'ballast.storeBackup', version: 1, store: config.store.path, file: options.to, sha256 }, (colours) =>
        colours.good(`✓ ${options.to}, SHA-256 ${sha256}`),
      )
    },
  )
}
