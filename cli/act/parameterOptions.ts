import type { Command } from 'commander'

/** The argument and options that name one parameter of one scope. */
export function addParameterOptions(command: Command, argument: '<parameter>' | '[parameter]' = '<parameter>'): Command {
  return command
    .argument(argument, 'its id')
    .option('--scope <scope>', 'its scope, for example market:ETH')
    .option('--market <name>', 'its market, for example ETH')
}
