import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { changePassword, createKeystore, listKeystores } from '../controller/signers/keystoreFile.ts'
import { secretVariables } from '../controller/signers/openSigner.ts'
import { CliError, notFoundError } from './kit/CliError.ts'
import { type CommandContext, defineCommand, defineNoun } from './kit/defineCommand.ts'
import type { Terminal } from './kit/Terminal.ts'
import { formatTable } from './kit/table.ts'

/** `ballast key`: keystore files of engines. Private keys are never printed. */
export function keyNoun(terminal: Terminal): Command {
  return defineNoun('key', 'make, list and rotate the keystore files of engines', [
    newVerb(terminal),
    listVerb(terminal),
    rotateVerb(terminal),
  ])
}

function newVerb(terminal: Terminal): Command {
  return defineCommand(
    terminal,
    {
      name: 'new',
      summary: 'make a fresh key in a new keystore file',
      details: `The password comes from ${secretVariables.keystorePassword} or is asked for. An existing file is never overwritten.`,
      examples: [{ run: 'key new engine-1.json', what: 'asks for a password, prints the address' }],
    },
    (command) => command.argument('<file>', 'keystore file to make'),
    async (args, _options: object, context) => {
      const file = args[0] ?? ''
      const password = await newPassword(context)
      const address = await createKeystore(resolve(terminal.folder, file), password)
      context.output.result({ schema: 'ballast.key', version: 1, file, address }, () => `${address}  ${file}`)
    },
  )
}

function listVerb(terminal: Terminal): Command {
  return defineCommand(
    terminal,
    {
      name: 'list',
      summary: 'list the keystore files of a folder with their addresses',
      examples: [{ run: 'key list var/keys', what: 'addresses as the files name them; nothing is opened' }],
      kind: 'list',
    },
    (command) => command.argument('[folder]', 'folder to look into', '.'),
    (args, _options: object, { output }) => {
      const folder = args[0] ?? '.'
      const path = resolve(terminal.folder, folder)
      if (!existsSync(path)) throw notFoundError(`There is no folder ${folder}.`)
      const keys = listKeystores(path).map((key) => ({ address: key.address, file: key.path }))
      const text = (): string =>
        keys.length === 0
          ? `No keystore file in ${folder}.`
          : formatTable(
              [{ title: 'address' }, { title: 'file' }],
              keys.map(({ address, file }) => [address ?? 'not named in the file', file]),
            )
      output.list({ schema: 'ballast.keys', version: 1, folder, keys }, keys, text)
    },
  )
}

type RotateOptions = { readonly to?: string; readonly password?: true }

function rotateVerb(terminal: Terminal): Command {
  return defineCommand(
    terminal,
    {
      name: 'rotate',
      summary: 'replace a key by a fresh one, or its password by another',
      details:
        'With --to a fresh key is made beside the old one. It may sign once a vote has put its address into the engine set; until then the old file stays in use. ' +
        `With --password the same key is encrypted anew: the old password comes from ${secretVariables.keystorePassword} or is asked for, the new one from ${newPasswordVariable} or is asked for.`,
      examples: [
        { run: 'key rotate engine-1.json --to engine-1b.json', what: 'a fresh key, and what the vote has to say' },
        { run: 'key rotate engine-1.json --password', what: 'the same key under a new password' },
      ],
    },
    (command) =>
      command
        .argument('<file>', 'keystore file in use')
        .option('--to <file>', 'make a fresh key in this new file')
        .option('--password', 'keep the key, change its password'),
    async (args, options: RotateOptions, context) => {
      const file = args[0] ?? ''
      const path = resolve(terminal.folder, file)
      if (!existsSync(path)) throw notFoundError(`There is no file ${file}.`)
      if ((options.to === undefined) === (options.password === undefined))
        throw new CliError('usage', 'key rotate needs either --to or --password.', 'See `ballast key rotate --help`.')
      if (options.to === undefined) {
        const address = await changePassword(path, await oldPassword(context), await nextPassword(context))
        context.output.result(
          { schema: 'ballast.keyRotation', version: 1, file, address, replaces: null },
          () => `${address}  ${file} has a new password.`,
        )
        return
      }
      const { to } = options
      const replaces = listKeystores(resolve(path, '..')).find((key) => key.path === path)?.address ?? null
      const address = await createKeystore(resolve(terminal.folder, to), await newPassword(context))
      context.output.result({ schema: 'ballast.keyRotation', version: 1, file: to, address, replaces }, () =>
        [
          `${address}  ${to}`,
          `Next: a vote that calls ControllerMandate.setEngines with ${address} in place of ${replaces ?? 'the old address'}.`,
          'The vote starts a new epoch: signatures of the old set are void from then on. Point the configuration at the new file and restart the engine.',
        ].join('\n'),
      )
    },
  )
}

const newPasswordVariable = 'BALLAST_KEYSTORE_NEW_PASSWORD'

/** The password for a new file: from the environment, or asked for twice. */
async function newPassword(context: CommandContext): Promise<string> {
  return context.terminal.environment[secretVariables.keystorePassword] || askTwice(context, 'Password for the new file: ')
}

async function nextPassword(context: CommandContext): Promise<string> {
  return context.terminal.environment[newPasswordVariable] || askTwice(context, 'New password: ')
}

async function oldPassword({ terminal }: CommandContext): Promise<string> {
  return terminal.environment[secretVariables.keystorePassword] || askAtTerminal(terminal, 'Password: ')
}

async function askTwice({ terminal }: CommandContext, question: string): Promise<string> {
  const first = await askAtTerminal(terminal, question)
  if (first.length < 8) throw new CliError('usage', 'The password has fewer than 8 characters.')
  if (first !== (await askAtTerminal(terminal, 'Once more: '))) throw new CliError('usage', 'The two passwords differ.')
  return first
}

function askAtTerminal(terminal: Terminal, question: string): Promise<string> {
  if (!terminal.inputIsTerminal) {
    throw new CliError(
      'usage',
      'A password is needed and nobody can be asked.',
      `Set ${secretVariables.keystorePassword}, or run this at a terminal.`,
    )
  }
  return terminal.askSecret(question)
}
