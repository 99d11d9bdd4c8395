import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, test } from 'vitest'
import { projectRoot } from '../../cli/context/projectRoot.ts'
import { loadMarket } from '../../cli/start/loadMarket.ts'
import { parseStartOptions, type StartFlags } from '../../cli/start/parseStartOptions.ts'

const run = promisify(execFile)
const folder = join(mkdtempSync(join(tmpdir(), 'ballast-start-')), 'run')

type Schema = { readonly required: readonly string[]; readonly properties: Readonly<Record<string, unknown>> }

describe('npm start -- --once --json over a few hours of a simulated crash', () => {
  let lines: readonly string[]
  let progress: string
  beforeAll(async () => {
    const args = [
      'cli/start.ts',
      '--once',
      '--json',
      '--from',
      '2020-03-09',
      '--to',
      '2020-03-09T03:00',
      '--accounts',
      '6',
      '--run',
      folder,
    ]
    const { stdout, stderr } = await run(
      process.execPath,
      [...process.execArgv.filter((arg) => arg.startsWith('--experimental') || arg.startsWith('--disable')), ...args],
      { cwd: projectRoot, timeout: 280_000 },
    )
    lines = stdout.trim().split('\n')
    progress = stderr
  }, 300_000)

  test('stdout is one JSON line with every key of the published schema', () => {
    expect(lines).toHaveLength(1)
    const summary = JSON.parse(lines[0] ?? '') as Record<string, unknown>
    const schema = JSON.parse(readFileSync(join(projectRoot, 'config', 'schema', 'run-summary.json'), 'utf8')) as Schema
    for (const key of schema.required) expect(summary).toHaveProperty(key)
    for (const key of Object.keys(summary)) expect(Object.keys(schema.properties)).toContain(key)
  })

  test('the four flags are true and the counts fit the window', () => {
    const summary = JSON.parse(lines[0] ?? '')
    const flags = { historyVerified: true, replayIdentical: true, rangesRespected: true, accountsAddUp: true }
    expect(summary).toMatchObject({ ...flags, ticks: 4, rejected: 0 })
    for (const { after, effective, floor, ceiling } of Object.values(summary.params) as {
      after: number
      effective: number
      floor: number
      ceiling: number
    }[]) {
      expect(after).toBeGreaterThanOrEqual(floor)
      expect(after).toBeLessThanOrEqual(ceiling)
      expect(effective).toBeGreaterThanOrEqual(floor)
    }
  })

  test('people trade on the contracts and are margined by what the engines moved', () => {
    const { clearing, params } = JSON.parse(lines[0] ?? '')
    expect(clearing.accounts).toBe(6)
    expect(clearing.trades).toBeGreaterThan(3)
    expect(clearing.blocksChecked).toBe(3 * 3)
    expect(clearing.path).toHaveLength(3)
    const last = clearing.path.at(-1)
    expect(last.initial).toBeGreaterThanOrEqual(last.maintenance)
    expect(last.maintenance).toBeGreaterThan(0)
    expect(last.scanRange).toBe(params['margin.priceScanRange'].effective / 10_000)
    expect(clearing.fundEnd).toBeGreaterThanOrEqual(clearing.fundStart)
  })

  test('the engines decided on the accounts of the contracts, none of them simulated', () => {
    const config = JSON.parse(readFileSync(join(folder, 'engine-1.json'), 'utf8'))
    expect(config.portfolios).toBeUndefined()
    expect(config.clearing.group).toBe('group:MAIN')
    expect(JSON.parse(readFileSync(join(folder, 'clearing.json'), 'utf8')).schema).toBe('ballast.clearingDeployment')
  })

  test('the vote and the engines are reported on stderr', () => {
    for (const step of ['proposed', 'voted', 'queued', 'executed']) expect(progress).toContain(step)
    expect(progress).toContain('deployer holds no role')
    expect(progress).toContain('Three engines run as processes')
    expect(progress).toContain('executed Open clearing of ETH')
  })

  test('the run folder holds everything explain and audit need, and no key', () => {
    for (const name of [
      'run.json',
      'chain.ndjson',
      'summary.json',
      'explain.html',
      'engine-1.sqlite',
      'engine-2.sqlite',
      'engine-3.sqlite',
    ])
      expect(existsSync(join(folder, name))).toBe(true)
    expect(readFileSync(join(folder, 'engine-1.json'), 'utf8')).not.toMatch(/[pP]rivateKey|0x[0-9a-f]{64}/)
  })
})

describe('options', () => {
  const flags: StartFlags = { market: 'eth', seed: 's', accounts: 10, rpcPort: 0 }
  test('the default is a simulated market with a crash inside the window', () => {
    const options = parseStartOptions(flags, '/', 1)
    expect(options.market).toBe('ETH')
    expect(options.source.kind).toBe('simulated')
    const [crash] = options.source.kind === 'simulated' ? options.source.crashes : []
    const at = Date.parse(crash?.at ?? '') / 1000
    expect(at).toBeGreaterThan(options.from)
    expect(at).toBeLessThan(options.to)
  })
  test.each([
    [{ from: '2020-03-09T00:30Z' }, /on the hour/],
    [{ from: '2020-03-09', to: '2020-03-09' }, /not after/],
    [{ data: '/nowhere' }, /needs --from/],
    [{ data: '/nowhere', from: '2020-03-09' }, /no folder ohlcv/],
  ] as const)('%o is refused', (given, message) => expect(() => parseStartOptions({ ...flags, ...given }, '/', 1)).toThrow(message))
  test('an unknown market names the known ones', () =>
    expect(() => loadMarket(join(projectRoot, 'config'), 'ETHH')).toThrow('There is no market "ETHH".'))
})
