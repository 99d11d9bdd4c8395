// The entrance of the command line: arguments in, exit code out. Started by bin/ballast.

import { runProgram } from './kit/runProgram.ts'
import { stopOnSignals } from './kit/stopOnSignals.ts'
import { processTerminal } from './kit/Terminal.ts'
import { buildProgram } from './program.ts'

const terminal = processTerminal(stopOnSignals())
const code = await runProgram(buildProgram(terminal), terminal, process.argv.slice(2))
// A pipe may still hold output; the exit waits for it. Sockets that a failed command left open do not keep the process.
process.stdout.write('', () => process.stderr.write('', () => process.exit(code)))
