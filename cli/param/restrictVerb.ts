import type { Command } from 'commander'
import { buildRestrict } from '../../chain/write/index.ts'
import { parseRule, ruleFieldUnits } from '../../proposals/actions/parseRule.ts'
import { classifyRuleChange } from '../../risk/rules/index.ts'
import { addActorOptions } from '../act/actorOptions.ts'
import { openActNode } from '../act/openActNode.ts'
import { openParameter, type ParameterOptions } from '../act/openParameter.ts'
import { addParameterOptions } from '../act/parameterOptions.ts'
import { parseAssignment } from '../act/parseAssignment.ts'
import { type PerformOptions, perform } from '../act/perform.ts'
import { readAuthorities } from '../act/readAuthorities.ts'
import { ruleLine } from '../act/ruleLines.ts'
import { guardianSentence, stewardsSentence } from '../act/whoMay.ts'
import { usageError } from '../kit/CliError.ts'
import { defineCommand } from '../kit/defineCommand.ts'
import { didYouMean } from '../kit/nearest.ts'
import type { Terminal } from '../kit/Terminal.ts'

type RestrictOptions = PerformOptions & ParameterOptions & { readonly rule: readonly string[] }

const fields = Object.keys(ruleFieldUnits)

/** `ballast param restrict`. */
export function restrictVerb(terminal: Terminal): Command {
  return defineCommand(
    terminal,
    {
      name: 'restrict',
      summary: 'steward or guardian: put a rule in force that only restricts loosening',
      details: `Fields of a rule: ${fields.join(', ')}. The loose bound may move up to the live value, steps and budgets of loosening may shrink, its cooldown, window and veto may grow. Everything else takes a vote.`,
      examples: [
        { run: 'param restrict priceScanRange --market ETH --rule loosenCooldown="48 h"', what: 'what it would do' },
        { run: 'param restrict priceScanRange --market ETH --rule loosenStep="2 %" --send', what: 'after a question' },
      ],
    },
    (command) =>
      addActorOptions(
        addParameterOptions(command).option(
          '--rule <field=value>',
          'a field of the rule and its new value; may be repeated',
          (text: string, all: readonly string[]) => [...all, text],
          [] as readonly string[],
        ),
      ),
    async (args, options: RestrictOptions, context) => {
      const node = await openActNode(options, context)
      const { scope, spec, live } = await openParameter(node, args[0], options)
      const rule = parseRule(Object.fromEntries(options.rule.map(parseField)), live.rule, spec)
      const changes = classifyRuleChange(live.rule, rule, spec.direction)
      if (changes.length === 0) throw usageError('The rule would stay as it is.', 'Name fields with --rule loosenCooldown="48 h".')
      const wider = changes.filter(({ effect }) => effect !== 'restrictsLoosening').map((change) => ruleLine(change, spec))
      if (wider.length > 0)
        throw usageError(
          `More than loosening is restricted by ${wider.join('; ')}.`,
          'That takes a vote: `ballast proposal draft set-rules`.',
        )
      await perform(
        {
          name: 'restrict',
          call: buildRestrict(node.deployment, scope, spec.id, rule),
          sentence: `Restrict loosening of ${spec.id} of ${scope}`,
          facts: { scope, id: spec.id },
          changes: changes.map((change) => ruleLine(change, spec)),
          may: async () => {
            const authorities = await readAuthorities(node)
            return `A steward or the guardian may. ${stewardsSentence(authorities)} ${guardianSentence(authorities)}`
          },
          done: `${spec.id} of ${scope}: loosening restricted`,
        },
        options,
        node,
        context,
      )
    },
  )
}

function parseField(text: string): [string, string] {
  const [name, value] = parseAssignment(text, '--rule', 'loosenCooldown="48 h"')
  if (!fields.includes(name))
    throw usageError(`A rule has no field ${JSON.stringify(name)}.`, didYouMean(name, fields) || `Known: ${fields.join(', ')}.`)
  return [name, value]
}
