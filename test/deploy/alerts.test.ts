import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { startTestDaemon } from '../controller/support/daemons.ts'
import { moveTo, startMarket, type TestMarket, tickAt } from '../controller/support/market.ts'
import { evaluateRule, parseSelector, parseSeries, selectorsOf } from './support/promql.ts'

type Rule = {
  readonly alert: string
  readonly expr: string
  readonly for?: string
  readonly labels: { readonly severity: string }
  readonly annotations: { readonly summary: string; readonly runbook: string }
}
type RuleTest = {
  readonly name: string
  readonly input_series: readonly { readonly series: string; readonly values: string }[]
  readonly alert_rule_test: readonly {
    readonly alertname: string
    readonly exp_alerts: readonly { readonly exp_labels: Readonly<Record<string, string>> }[]
  }[]
}
type Board = {
  readonly panels: readonly {
    readonly title: string
    readonly targets: readonly { readonly expr: string; readonly legendFormat: string }[]
  }[]
}

const deploy = join(import.meta.dirname, '../../deploy')
const read = (path: string): string => readFileSync(join(deploy, path), 'utf8')
const { rules } = (parse(read('prometheus/alerts.yml')) as { groups: [{ rules: Rule[] }] }).groups[0]
const { tests } = parse(read('prometheus/alerts.test.yml')) as { tests: RuleTest[] }
const { panels } = JSON.parse(read('grafana/ballast.json')) as Board
const boardExpressions = panels.flatMap(({ targets }) => targets.map(({ expr }) => expr))

/** Minutes since 0 at which every test looks. */
const EVALUATED_AT = 480

/** Labels of the alerts that fire at the end: the expression held at every minute of the rule's `for`. */
function firing({ expr, for: held = '0m' }: Rule, { input_series }: RuleTest): Record<string, string>[] {
  const series = input_series.map(({ series: name, values }) => parseSeries(name, values))
  const minutes = Array.from({ length: Number.parseInt(held, 10) + 1 }, (_, i) => EVALUATED_AT - i)
  const [now = [], ...before] = minutes.map((minute) => evaluateRule(expr, series, minute).map(({ labels }) => JSON.stringify(labels)))
  return now
    .filter((labels) => before.every((each) => each.includes(labels)))
    .map((labels) => {
      const { __name__: _, ...rest } = JSON.parse(labels) as Record<string, string>
      return rest
    })
}

describe('deploy/prometheus/alerts.yml', () => {
  const good = tests[0] as RuleTest
  const bad = tests.slice(1)

  it('each alert has a test of its own, and one of the good day', () => {
    const alerts = rules.map(({ alert }) => alert)
    expect(new Set(alerts).size).toBe(alerts.length)
    expect(bad.map(({ name }) => name)).toEqual(alerts)
    expect(good.alert_rule_test.map(({ alertname }) => alertname)).toEqual(alerts)
  })
  it.each(rules.map((rule) => [rule.alert, rule] as const))('%s is silent over a good day', (_, rule) => {
    expect(firing(rule, good)).toEqual([])
  })
  it.each(rules.map((rule) => [rule.alert, rule] as const))('%s fires over what it is for', (alert, rule) => {
    const test = bad.find(({ name }) => name === alert) as RuleTest
    const expected = test.alert_rule_test[0]?.exp_alerts.map(({ exp_labels: { severity, ...labels } }) => {
      expect(severity).toBe(rule.labels.severity)
      return labels
    })
    expect(firing(rule, test)).toEqual(expected)
  })
  const promtool = spawnSync('promtool', ['--version']).status === 0
  it.runIf(promtool)('promtool agrees', () => {
    const { status, stdout, stderr } = spawnSync('promtool', ['test', 'rules', join(deploy, 'prometheus/alerts.test.yml')], {
      encoding: 'utf8',
    })
    expect(status, stdout + stderr).toBe(0)
  })
  it('each alert leads to an incident of the runbook', () => {
    const guide = readFileSync(join(deploy, '../docs/guides/operate.md'), 'utf8')
    const anchors = [...guide.matchAll(/^## (.*)$/gm)].map(([, title = '']) => title.toLowerCase().replaceAll(' ', '-'))
    for (const { alert, annotations } of rules) {
      expect(
        anchors.map((anchor) => `docs/guides/operate.md#${anchor}`),
        alert,
      ).toContain(annotations.runbook)
      expect(guide, alert).toContain(`\`${alert}\``)
    }
  })
})

describe('what alerts and board read', () => {
  let folder: string
  let market: TestMarket
  let engine: Awaited<ReturnType<typeof startTestDaemon>>
  let exposed: { readonly name: string; readonly labels: Readonly<Record<string, string>>; readonly value: number }[]
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'ballast-alerts-'))
    market = await startMarket({}, 'live', 1)
    engine = await startTestDaemon(folder, market, 0, { engines: 1 })
    await moveTo(market.local, tickAt(0))
    expect((await engine.tick(tickAt(0)))[0]?.outcome).toBe('accepted')
    const text = await (await fetch(`${engine.url}/metrics`)).text()
    exposed = [...text.matchAll(/^([a-z_]+)(?:\{(.*)\})? (\S+)$/gm)].map(([, name = '', inner = '', value]) => ({
      name,
      labels: Object.fromEntries([...inner.matchAll(/(\w+)="([^"]*)"/g)].map(([, key = '', label = '']) => [key, label])),
      value: Number(value),
    }))
  })
  afterAll(async () => {
    await engine?.stop()
    await market?.local.close()
    rmSync(folder, { recursive: true })
  })
  /** The labels that Prometheus gives to every series it scrapes. */
  const scraped = ['instance', 'job']
  const labelsOf = (metric: string): string[] => [
    ...new Set(exposed.filter(({ name }) => name === metric).flatMap(({ labels }) => Object.keys(labels))),
  ]

  it('exists in the exposition of an engine: every metric, every label, every value that a rule asks for', () => {
    const selectors = [...rules.map(({ expr }) => expr), ...boardExpressions].flatMap(selectorsOf).map(parseSelector)
    expect(selectors.length).toBeGreaterThanOrEqual(rules.length + boardExpressions.length)
    for (const { name, matchers } of selectors) {
      if (name === 'up') continue
      const samples = exposed.filter((each) => each.name === name)
      expect(samples.length, name).toBeGreaterThan(0)
      for (const { label, accepts } of matchers) {
        if (scraped.includes(label)) continue
        const present = new Set(samples.map(({ labels }) => labels[label]))
        expect(present.has(undefined), `${name}{${label}}`).toBe(false)
        if (!accepts[0]?.startsWith('$')) for (const value of accepts) expect([...present], `${name}{${label}}`).toContain(value)
      }
    }
  })
  it('names in its texts only labels that there are', () => {
    const texts = [
      ...rules.map(
        ({ expr, annotations }) => [expr, annotations.summary.match(/\$labels\.\w+/g)?.map((each) => each.slice(8)) ?? []] as const,
      ),
      ...panels.flatMap(({ targets }) =>
        targets.map(
          ({ expr, legendFormat }) => [expr, [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label = '']) => label)] as const,
        ),
      ),
    ]
    for (const [expr, labels] of texts) {
      const { name } = parseSelector(selectorsOf(expr)[0] as string)
      for (const label of labels) expect([...scraped, ...labelsOf(name)], expr).toContain(label)
    }
  })
  it('tells what the chain says: mode, mandate, budgets, fees', () => {
    const value = (metric: string, wanted: Record<string, string> = {}): number | undefined =>
      exposed.find(({ name, labels }) => name === metric && Object.entries(wanted).every(([key, each]) => labels[key] === each))?.value
    expect(value('ballast_lane_mode', { mode: 'live' })).toBe(1)
    expect(value('ballast_lane_mode', { mode: 'paused' })).toBe(0)
    expect(value('ballast_lane_expiry_timestamp_seconds')).toBe(tickAt(0) + 180 * 86_400)
    expect(value('ballast_last_good_tick_timestamp_seconds')).toBe(tickAt(0))
    expect(value('ballast_chain_head_timestamp_seconds')).toBeGreaterThanOrEqual(tickAt(0) + 60)
    expect(value('ballast_account_balance_ether')).toBeGreaterThan(1)
    expect(value('ballast_pending_loosenings')).toBe(value('ballast_items_total', { outcome: 'pended' }))
    expect(value('ballast_ticks_total', { outcome: 'accepted' })).toBe(1)
    expect(value('ballast_transactions_total', { purpose: 'round', outcome: 'mined' })).toBe(1)
    const budgets = exposed.filter(({ name }) => name === 'ballast_budget_used_ratio')
    expect(budgets.length).toBeGreaterThan(5)
    for (const { value: used } of budgets) expect(used >= 0 && used <= 1).toBe(true)
  })
})
