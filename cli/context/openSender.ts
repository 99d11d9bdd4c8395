import { resolve } from 'node:path'
import { hashTypedData } from 'viem'
import { type LocalAccount, toAccount } from 'viem/accounts'
import { openSigner } from '../../controller/signers/openSigner.ts'
import { CliError } from '../kit/CliError.ts'
import type { CommandContext } from '../kit/defineCommand.ts'

/** `--keystore` of commands that send; without it the key comes from the environment. */
export type KeyOption = { readonly keystore?: string }

/**
 * The account that sends: from a keystore file or from the environment. It signs transactions, nothing else.
 *
 * @throws {MissingSecretError} The environment has neither key nor password.
 */
export async function openSender(options: KeyOption, context: Pick<CommandContext, 'terminal'>): Promise<LocalAccount> {
  return { ...(await openTypedSigner(options, context)), signTypedData: () => refuse('typed data') }
}

/**
 * As {@link openSender}, and it signs the typed data of acts.
 *
 * @throws {MissingSecretError} The environment has neither key nor password.
 */
export async function openTypedSigner({ keystore }: KeyOption, { terminal }: Pick<CommandContext, 'terminal'>): Promise<LocalAccount> {
  const config =
    keystore === undefined ? ({ kind: 'environment' } as const) : ({ kind: 'keystore', path: resolve(terminal.folder, keystore) } as const)
  const key = await openSigner(config, terminal.environment)
  return toAccount({
    address: key.address,
    sign: ({ hash }) => key.signDigest(hash),
    signTransaction: (transaction) => key.signTransaction(transaction as Parameters<typeof key.signTransaction>[0]),
    signTypedData: (data) => key.signDigest(hashTypedData(data as Parameters<typeof hashTypedData>[0])),
    signMessage: () => refuse('a message'),
  })
}

function refuse(what: string): Promise<never> {
  return Promise.reject(new CliError('failure', `This command does not sign ${what}.`))
}

/**
 * Asks before something is sent, unless `--yes` was given.
 *
 * @throws {CliError} The answer is not yes, or nobody can be asked.
 */
export async function confirm(question: string, yes: boolean | undefined, { terminal }: Pick<CommandContext, 'terminal'>): Promise<void> {
  if (yes === true) return
  if (!terminal.inputIsTerminal) throw new CliError('usage', 'Nobody can be asked whether to send.', 'Add --yes.')
  const answer = await terminal.ask(`${question} [y/N] `)
  if (!/^y(es)?$/i.test(answer.trim())) throw new CliError('interrupted', 'Nothing was sent.')
}
