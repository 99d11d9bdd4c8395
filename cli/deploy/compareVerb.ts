import { resolve } from 'node:path'
import type { Command } from 'commander'
import { parseDeployment } from '../../chain/deploy/index.ts'
import { compareDeployments } from '../../proposals/succession/index.ts'
import { openCatalogue } from '../context/openCatalogue.ts'
import { openNode } from '../context/openNode.ts'
import { readJson } from '../context/readJson.ts'
import { CliError } from '../kit/CliError.ts'
import { defineCommand } from '../kit/defineCommand.ts'
import { addBlockOption, addChainOptions, type BlockOption, type ChainOptions } from '../kit/options.ts'
import type { Terminal } from '../kit/Terminal.ts'

type Options = ChainOptions & BlockOption & { readonly predecessor: string }

/** `ballast deploy compare`: a successor against the deployment it took over from. */
export function compareVerb(terminal: Terminal): Command {
  return defineCommand<Options>(
    terminal,
    {
      name: 'compare',
      summary: 'compare a successor with the deployment it took over from, and prove that the old one is frozen',
      details:
        'Values, rules, budgets, timers, vetoes, history, roles and lanes, at one block: that of the hand-over, or a later one while nothing was written to the successor. Exit code 7 when anything differs.',
      examples: [{ run: 'deploy compare --predecessor deployments/1-old.json --block 19000000', what: 'after a hand-over' }],
    },
    (command) =>
      addBlockOption(addChainOptions(command.requiredOption('--predecessor <file>', 'addresses of the deployment that handed over'))),
    async (_args, options, context) => {
      const { client, deployment: successor, chainId } = await openNode(options, context)
      const file = resolve(terminal.folder, options.predecessor)
      const predecessor = parseDeployment(readJson(file, 'ballast.deployment', 1, 'Name the file that the old deployment was made with.'))
      const checks = await compareDeployments(client, openCatalogue(successor), {
        predecessor,
        successor,
        ...(options.block !== undefined && { block: options.block }),
      })
      const failed = checks.filter(({ holds }) => !holds)
      context.output.result({ schema: 'ballast.succession', version: 1, chainId, ok: failed.length === 0, checks }, (colours) =>
        [
          ...failed.map(({ subject, expected, actual }) => `${colours.bad('✗')} ${subject}: expected ${expected}, got ${actual}`),
          failed.length === 0
            ? colours.good(`✓ the successor goes on where the predecessor ended: ${checks.length} checks hold`)
            : colours.bad(`✗ ${failed.length} of ${checks.length} checks fail`),
        ].join('\n'),
      )
      if (failed.length > 0) throw new CliError('checkFailed', `${failed.length} checks fail.`)
    },
  )
}
