// `npm start`: the whole loop on a local chain, from the vote to the explain screen of the largest move.

import { runProgram } from './kit/runProgram.ts'
import { stopOnSignals } from './kit/stopOnSignals.ts'
import { processTerminal } from './kit/Terminal.ts'
import { startCommand } from './start/startCommand.ts'

const terminal = processTerminal(stopOnSignals())
const code = await runProgram(startCommand(terminal), terminal, process.argv.slice(2))
process.stdout.write('', () => process.stderr.write('', () => process.exit(code)))
