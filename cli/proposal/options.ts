import type { Command } from 'commander'
import { addConfigOption } from '../context/openConfig.ts'
import { addBlockOption, addChainOptions, addRunOption } from '../kit/options.ts'

/** Options of commands that look at a proposal from all sides. */
export function addExamineOptions(command: Command): Command {
  addBlockOption(addChainOptions(command))
  addRunOption(command)
  return addConfigOption(command)
}
