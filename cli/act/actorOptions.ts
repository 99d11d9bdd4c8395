import type { Command } from 'commander'
import { addChainOptions, addSendOptions } from '../kit/options.ts'

/** Options of commands that act on the chain. */
export function addActorOptions(command: Command): Command {
  addChainOptions(command)
  return addSendOptions(command)
    .option('--keystore <file>', 'keystore file of the key that acts; else BALLAST_PRIVATE_KEY')
    .option('--safe <address>', 'send nothing: print a file for the Transaction Builder of this Safe')
    .optionsGroup('Local chain:')
    .option('--from <account>', 'act as an address, or as delegate:1, the account with the most votes')
}

/** As {@link addActorOptions}, for acts that become possible at some second. */
export function addTimedActorOptions(command: Command): Command {
  return addActorOptions(command).option('--advance', 'move the clock to the second at which this is possible')
}
