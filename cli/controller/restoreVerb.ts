import { resolve } from 'node:path'
import type { Command } from 'commander'
import { systemClock } from '../../controller/clock/systemClock.ts'
import { restoreStore } from '../../controller/store/restoreStore.ts'
import { addConfigOption, type ConfigOption, openConfig } from '../context/openConfig.ts'
import { defineCommand } from '../kit/defineCommand.ts'
import type { Terminal } from '../kit/Terminal.ts'
import { bothTimes, shortTime } from '../kit/time.ts'

/** The longest `validitySeconds` that an engine configuration may have: what was signed before now cannot be accepted later than this. Seconds. */
const WAIT_SECONDS = 900

/** `ballast controller restore`: a copy in the place of a store that is gone. */
export function restoreVerb(terminal: Terminal): Command {
  return defineCommand(
    terminal,
    {
      name: 'restore',
      summary: 'put a copy in the place of a store that is gone, after a check of its SHA-256, its pages and its schema',
      details:
        'A store that is still there is never overwritten: move it away first. The copy does not know what the engine signed after it was made; start the engine only after the ' +
        'time that is shown.',
      examples: [{ run: 'controller restore backup/engine-1.sqlite --config engine.yaml', what: 'to store.path of the configuration' }],
    },
    (command) => addConfigOption(command.argument('<file>', 'copy that `controller backup` made')),
    async ([file], options: ConfigOption, context) => {
      const { config } = openConfig(options, context)
      const { sha256 } = restoreStore(resolve(context.terminal.folder, file as string), config.store.path)
      const startAfter = systemClock.now() + WAIT_SECONDS
      context.output.result(
        { schema: 'ballast.storeRestored', version: 1, store: config.store.path, sha256, startAfter: bothTimes(startAfter) },
        (colours) =>
          `${colours.good(`✓ ${config.store.path}, SHA-256 ${sha256}`)}\nStart the engine after ${shortTime(startAfter)} UTC: what it signed since the copy can be accepted until then.`,
      )
    },
  )
}
