// Writes docs/parameters.md and config/schema/*.json from the catalogue, the market defaults and the shapes of the configuration files.
// With --check it writes nothing and exits 1 when a file differs.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { catalogueSchema, engineSchema, type MarketDefaults, marketSchema, parseCatalogue, parseMarket } from '../risk/catalogue/index.ts'
import type { ParameterRule, ParameterSpec } from '../risk/types/index.ts'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const readJson = (path: string): unknown => JSON.parse(readFileSync(join(root, path), 'utf8'))
const catalogue = parseCatalogue(readJson('config/catalogues/ballast.json'))
const files = ['markets/btc', 'markets/eth', 'markets/sol', 'groups/main']
const defaults = files.map((name): MarketDefaults => parseMarket(readJson(`config/${name}.json`), catalogue))

const cell = (value: number): string => value.toLocaleString('en-US').replaceAll(',', '_')
const tightens = { up: 'up', down: 'down', twoSided: 'two-sided' } as const

function rangesOf({ id }: ParameterSpec): string {
  return defaults
    .flatMap(({ scopes }) =>
      scopes.flatMap(({ scope, parameters }) =>
        parameters
          .filter((parameter) => parameter.id === id)
          .map(({ value, rule }) => `${scope.split(':')[1]} ${cell(value)} (${cell(rule.floor)}-${cell(rule.ceiling)})`),
      ),
    )
    .join('; ')
}

function ruleOf(id: string): ParameterRule | undefined {
  return defaults.flatMap(({ scopes }) => scopes.flatMap(({ parameters }) => parameters)).find((parameter) => parameter.id === id)?.rule
}

function limitsOf(id: string): string {
  const rule = ruleOf(id)
  if (rule === undefined || (rule.tightenStepBps === 0 && rule.loosenStepBps === 0)) return 'vote only | vote only |'
  const tighten =
    rule.tightenStepBps === 0
      ? 'as loosening'
      : `${rule.tightenStepBps / 100} % per ${rule.tightenCooldown} min; ${rule.tightenBudgetBps / 100} % per 24 h; steward ${rule.emergencyStepBps / 100} % per ${rule.emergencyCooldown} min`
  const loosen = `${rule.loosenStepBps / 100} % per ${rule.loosenCooldown} min; ${rule.loosenBudgetBps / 100} % per ${rule.loosenWindow} h; veto ${rule.vetoHours} h`
  return `${tighten} | ${loosen} |`
}

const rows = catalogue.parameters.map((spec) =>
  [
    `| \`${spec.id}\` | ${spec.description} | ${spec.unit} | ${spec.scopeKind} | ${tightens[spec.direction]} | ${spec.class.toUpperCase()}`,
    ` | ${spec.group} | ${spec.ramped ? 'yes' : 'no'} | ${rangesOf(spec)} | ${limitsOf(spec.id)}`,
  ].join(''),
)
const invariants = catalogue.invariants.map(({ left, right, leftBaseline, rightBaseline, leftMul, rightMul, slack }) => {
  const side = (id: string, baseline: boolean, factor: number): string =>
    `${factor === 1 ? '' : `${factor} x `}${baseline ? 'baseline of ' : ''}\`${id}\``
  return `- ${side(left, leftBaseline, leftMul)} <= ${side(right, rightBaseline, rightMul)}${slack === 0 ? '' : ` + ${slack}`}`
})

const document = `# Parameters

Written by \`tools/generate-parameter-docs.ts\` from \`config/\`; edit the configuration, not this page. The formula of each parameter is the module of its name in
\`risk/policy/\`, its constants are in \`config/engines/\`.

Values are whole numbers in the unit given: 100 bps is 1 %. RISK may tighten fast; MONEY and FEED are slow both ways and have no emergency path; GOVERNANCE is written by a vote
alone. Parameters of one coupling group in a round are applied together or not at all. A ramped parameter reaches maintenance margin at limited speed: every step the
rule allows is fully in force within four hours.

| id | what | unit | scope | tightens | class | group | ramped | default (floor-ceiling) | tighten, controller and steward | loosen, controller |
|---|---|---|---|---|---|---|---|---|---|---|
${rows.join('\n')}

Joint invariants, judged for every writer on the values as they would be:

${invariants.join('\n')}
`

const outputs = new Map<string, string>([
  ['docs/parameters.md', document],
  ...[['catalogue', catalogueSchema] as const, ['market', marketSchema] as const, ['engine', engineSchema] as const].map(
    ([name, schema]): [string, string] => [`config/schema/${name}.json`, `${JSON.stringify(z.toJSONSchema(schema), null, 2)}\n`],
  ),
])

const stale = [...outputs].filter(([path, text]) => !existsSync(join(root, path)) || readFileSync(join(root, path), 'utf8') !== text)
if (process.argv.includes('--check')) {
  for (const [path] of stale) console.error(`${path} is not what its sources say: run node tools/generate-parameter-docs.ts`)
  process.exitCode = stale.length > 0 ? 1 : 0
} else for (const [path, text] of stale) writeFileSync(join(root, path), text)
