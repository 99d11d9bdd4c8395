import type { Command } from 'commander'
import { redactConfig, sends } from '../controller/config/loadConfig.ts'
import { addConfigOption, type ConfigOption, openConfig } from './context/openConfig.ts'
import type { Colours } from './kit/colours.ts'
import { defineCommand, defineNoun } from './kit/defineCommand.ts'
import type { Document } from './kit/json.ts'
import type { Terminal } from './kit/Terminal.ts'
import { formatTable } from './kit/table.ts'

/** `ballast config`: the configuration of an engine. Secrets are not part of it. */
export function configNoun(terminal: Terminal): Command {
  return defineNoun('config', 'check and show the configuration of an engine', [checkVerb(terminal), showVerb(terminal)])
}

function checkVerb(terminal: Terminal): Command {
  return defineCommand(
    terminal,
    {
      name: 'check',
      summary: 'check a configuration and name all its problems at once',
      details: 'Exit code 3 when there are any, each with path, value and limit.',
      examples: [{ run: 'config check --config engine.yaml', what: 'before a start' }],
    },
    addConfigOption,
    (_args, options: ConfigOption, context) => {
      const { config, file } = openConfig(options, context)
      const sending = sends(config)
      context.output.result({ schema: 'ballast.configCheck', version: 1, file, ok: true, sends: sending }, (colours) =>
        [
          colours.good(`✓ ${file} is valid`),
          sending ? 'This engine signs and sends.' : 'Dry run: this engine neither signs for others nor sends.',
        ].join('\n'),
      )
    },
  )
}

function showVerb(terminal: Terminal): Command {
  return defineCommand(
    terminal,
    {
      name: 'show',
      summary: 'show the effective configuration and where each value comes from',
      details:
        'Flags win over environment, environment over file, file over defaults. Endpoints are shown by host, since a URL may carry a key.',
      examples: [{ run: 'config show --config engine.yaml', what: 'value and origin of every key' }],
    },
    addConfigOption,
    (_args, options: ConfigOption, context) => {
      const { config, origins, file } = openConfig(options, context)
      const shown = redactConfig(config)
      const document = { schema: 'ballast.config', version: 1, file, config: shown as unknown as Document, origins }
      context.output.result(document, (colours) => showText(shown, origins, colours))
    },
  )
}

function showText(config: object, origins: Readonly<Record<string, string>>, colours: Colours): string {
  const rows = Object.entries(origins).map(([path, origin]) => [path, shownValue(config, path), origin])
  return formatTable([{ title: 'key' }, { title: 'value' }, { title: 'from' }], rows, colours.dim)
}

function shownValue(config: object, path: string): string {
  const value = path.split('.').reduce<unknown>((at, key) => (at as Readonly<Record<string, unknown>> | undefined)?.[key], config)
  return typeof value === 'string' ? value : JSON.stringify(value)
}
