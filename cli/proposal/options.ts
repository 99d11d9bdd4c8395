import type { Command } from 'commander'
import { addConfigOption } from '../context/openConfig.ts'
import { addBlockOption, addChainOptions, addRunOption } from '../kit/options.ts'

/** Options of commands that read proposals: the chain, and clearing on top of the protocol. */
export function addProposalOptions(command: Command): Command {
  return addClearingOption(addChainOptions(command))
}

/** `--clearing` of commands that have the options of a chain already. */
export function addClearingOption(command: Command): Command {
  return command.option('--clearing <file>', 'addresses of clearing; default <chain id>.clearing.json beside the deployment')
}

/** Options of commands that look at a proposal from all sides. */
export function addExamineOptions(command: Command): Command {
  addBlockOption(addProposalOptions(command))
  addRunOption(command)
  return addConfigOption(command)
}
