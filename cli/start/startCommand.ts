import type { Command } from 'commander'
import { defineCommand } from '../kit/defineCommand.ts'
import { parseWholeNumber } from '../kit/options.ts'
import type { Terminal } from '../kit/Terminal.ts'
import { runsFolder } from '../run/latestRun.ts'
import type { StartFlags } from './parseStartOptions.ts'
import { runStart } from './runStart.ts'

/** The command behind `npm start`. */
export function startCommand(terminal: Terminal): Command {
  return defineCommand<StartFlags>(
    terminal,
    {
      name: 'npm start --',
      summary: 'run the whole loop on a local chain and show what happened and why',
      details:
        'Starts a local chain, deploys the protocol, has the market ratified by a real vote, runs three engines through a replay, and shows what they did. ' +
        'Without --data the market is simulated, with a crash on the second day.',
      examples: [
        { run: 'npm start', what: 'simulated market with a crash' },
        { run: 'npm start --silent -- --once --json', what: 'one JSON line, then exit' },
        { run: 'npm start -- --once --data DIR --market ETH --from 2020-03-11 --to 2020-03-14', what: 'recorded bars' },
      ],
      prefix: '',
      lasting: true,
    },
    (command) =>
      command
        .option('--once', 'exit after the summary; else the status pages stay up until Ctrl-C')
        .option('--data <folder>', 'replay recorded bars from this data folder')
        .option('--market <name>', 'market in config/markets', 'ETH')
        .option('--from <time>', 'first tick, on the hour; needed with --data')
        .option('--to <time>', 'last tick; default is some days after --from')
        .option('--seed <text>', 'seed of everything that is simulated', 'ballast')
        .option('--accounts <number>', 'traders, each with an account on the contracts', parseWholeNumber('--accounts', 1), 12)
        .option('--rpc-port <number>', "port of the chain's JSON-RPC; 0 takes any free one", parseWholeNumber('--rpc-port'), 0)
        .option('--run <folder>', `run folder to write; default is a new one in ${runsFolder}`),
    (_args, flags, context) => runStart(flags, context),
  )
}
