import type { Command } from 'commander'
import { addConfigOption } from '../context/openConfig.ts'
import { addBlockOption, addChainOptions, addRunOption, addSendOptions } from '../kit/options.ts'

/** Options of commands that look at a proposal from all sides. */
export function addExamineOptions(command: Command): Command {
  addBlockOption(addChainOptions(command))
  addRunOption(command)
  return addConfigOption(command)
}

/** Options of commands that act on the chain. */
export function addActorOptions(command: Command): Command {
  addChainOptions(command)
  return addSendOptions(command)
    .option('--keystore <file>', 'keystore file of the key that acts; else BALLAST_PRIVATE_KEY')
    .option('--safe <address>', 'send nothing: print a file for the Transaction Builder of this Safe')
    .optionsGroup('Local chain:')
    .option('--from <account>', 'act as an address, or as delegate:1, the account with the most votes')
    .option('--advance', 'move the clock to the second at which this is possible')
}
