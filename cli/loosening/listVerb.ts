import type { Command } from 'commander'
import { formatEther } from 'viem'
import { mapConcurrently } from '../../chain/read/index.ts'
import { openActNode } from '../act/openActNode.ts'
import { activeScopes } from '../act/openParameter.ts'
import { notFoundError } from '../kit/CliError.ts'
import { defineCommand } from '../kit/defineCommand.ts'
import { addChainOptions, type ChainOptions } from '../kit/options.ts'
import type { Terminal } from '../kit/Terminal.ts'
import { formatTable } from '../kit/table.ts'
import { bothTimes, shortTime } from '../kit/time.ts'
import { humanAndRaw } from '../kit/values.ts'
import { isScope } from '../parameters/findParameter.ts'
import { type Loosening, readLoosenings } from './readLoosenings.ts'

type ListOptions = ChainOptions & { readonly scope?: string }

/** `ballast loosening list`. */
export function listVerb(terminal: Terminal): Command {
  return defineCommand(
    terminal,
    {
      name: 'list',
      summary: 'list pending loosenings: from what to what, until when they wait, votes against them',
      examples: [{ run: 'loosening list', what: 'of every scope' }],
      kind: 'list',
    },
    (command) => void addChainOptions(command.option('--scope <scope>', 'only this scope, for example market:ETH')),
    async (_args, { scope, ...options }: ListOptions, context) => {
      const node = await openActNode(options, context)
      const active = await activeScopes(node)
      const scopes = active.filter((each) => scope === undefined || isScope(each, scope))
      if (scopes.length === 0) throw notFoundError(`${scope ?? 'Any scope'} is not active.`, `Active: ${active.join(', ') || 'none'}.`)
      const found = (await mapConcurrently(scopes, (each) => readLoosenings(node, each))).flat()
      const records = found.map(looseningDocument)
      context.output.list({ schema: 'ballast.loosenings', version: 1, loosenings: records }, records, (colours) =>
        found.length === 0
          ? 'Nothing pends.'
          : formatTable(
              ['scope', 'parameter', 'value (stored)', 'target', 'made, UTC', 'from', 'until', 'state', 'votes against'].map((title) => ({
                title,
              })),
              found.map(({ scope: where, spec, value, pending, state, votes, needed }) => [
                where,
                spec.id,
                humanAndRaw(value, spec.unit),
                humanAndRaw(pending.target, spec.unit),
                shortTime(pending.createdAt),
                shortTime(pending.eta),
                shortTime(pending.expiry),
                state,
                needed === null ? 'guardian only' : `${formatEther(votes)} of ${formatEther(needed)}`,
              ]),
              colours.dim,
            ),
      )
    },
  )
}

function looseningDocument({ scope, spec, value, pending, state, votes, needed }: Loosening) {
  return {
    scope,
    id: spec.id,
    unit: spec.unit,
    value,
    target: pending.target,
    createdAt: bothTimes(pending.createdAt),
    eta: bothTimes(pending.eta),
    expiry: bothTimes(pending.expiry),
    epoch: pending.epoch,
    round: pending.round,
    state,
    votes,
    needed,
  }
}
