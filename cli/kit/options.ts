import type { Command } from 'commander'
import { usageError } from './CliError.ts'

/** Options that every command has. `list` commands add `--ndjson`. */
export function addOutputOptions(command: Command, kind: 'document' | 'list' = 'document'): Command {
  command.optionsGroup('Output:').option('--json', 'one JSON document on stdout')
  if (kind === 'list') command.option('--ndjson', 'one JSON document per line and record')
  return command
    .option('--output <file>', 'write the result to a file instead of stdout')
    .option('--quiet', 'no remarks on stderr, only errors')
    .option('--verbose', 'say each step, and the cause of an error')
    .option('--no-color', 'no colours; so does NO_COLOR')
    .option('--timeout <seconds>', 'give up after this long (exit code 124)', parseSeconds)
}

export type ChainOptions = { readonly rpc?: string; readonly chain?: number; readonly deployment?: string }

/** Options of commands that read a chain; `noDeployment` for those that need no addresses. */
export function addChainOptions(command: Command, kind: 'deployment' | 'noDeployment' = 'deployment'): Command {
  command
    .optionsGroup('Chain:')
    .option('--rpc <url>', 'JSON-RPC endpoint of the chain (RPC_URL)')
    .option('--chain <id>', 'refuse any other chain id (CHAIN_ID)', parseWholeNumber('--chain'))
  return kind === 'noDeployment'
    ? command
    : command.option('--deployment <file>', 'addresses of the contracts; default deployments/<chain id>.json')
}

export type BlockOption = { readonly block?: bigint }

/** `--block` of commands that can read an earlier state. */
export function addBlockOption(command: Command): Command {
  return command.option('--block <number>', 'read the state after this block', parseBlock)
}

export type RunOption = { readonly run?: string }

/** `--run` of commands that read what `npm start` or `audit export` wrote. */
export function addRunOption(command: Command): Command {
  return command.optionsGroup('Run:').option('--run <folder>', 'run folder; default is the last run in var/runs')
}

export type SendOptions = { readonly send?: true; readonly yes?: true }

/** Options of commands that may send transactions: without `--send` nothing is sent. */
export function addSendOptions(command: Command): Command {
  return command
    .optionsGroup('Sending:')
    .option('--send', 'send; without it the command only shows what it would do')
    .option('--yes', 'do not ask before sending')
}

/** A whole number of at least `least`. Throws {CliError} for anything else. */
export function parseWholeNumber(option: string, least = 0): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (!/^\d+$/.test(text) || !Number.isSafeInteger(value) || value < least)
      throw usageError(`${option} is ${JSON.stringify(text)}; it must be a whole number of at least ${least}.`)
    return value
  }
}

function parseSeconds(text: string): number {
  const value = Number(text)
  if (!/^\d+(\.\d+)?$/.test(text) || !(value > 0))
    throw usageError(`--timeout is ${JSON.stringify(text)}; it must be a number of seconds above 0.`)
  return value
}

function parseBlock(text: string): bigint {
  if (!/^\d+$/.test(text)) throw usageError(`--block is ${JSON.stringify(text)}; it must be a block number.`)
  return BigInt(text)
}
