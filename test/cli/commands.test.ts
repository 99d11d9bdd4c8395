import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { from, makeRun } from './makeRun.ts'
import { runCli } from './runCli.ts'

let run: Awaited<ReturnType<typeof makeRun>>
const scratch = mkdtempSync(join(tmpdir(), 'ballast-cli-'))

beforeAll(async () => {
  run = await makeRun()
})
afterAll(() => run.close())

const deployment = (): string => join(run.folder, 'deployment.json')
const live = (): string[] => ['--rpc', run.rpc, '--deployment', deployment()]

describe('given a run folder', () => {
  test('param list shows every parameter with the human and the stored value', async () => {
    const { code, out } = await runCli(['param', 'list', '--run', run.folder])
    expect(code).toBe(0)
    expect(out).toMatch(/market:ETH +margin\.priceScanRange +[\d.]+ % \(\d+\)/)
    expect(out.trim().split('\n')).toHaveLength(38)
  })

  test('--json has schema, version and both forms of every value; the live chain says the same', async () => {
    const recorded = JSON.parse((await runCli(['param', 'list', '--run', run.folder, '--json'])).out)
    expect(recorded).toMatchObject({ schema: 'ballast.parameters', version: 1 })
    const asked = JSON.parse((await runCli(['param', 'list', ...live(), '--json'])).out)
    expect(asked.parameters).toEqual(recorded.parameters)
    expect(recorded.parameters[0].value).toEqual({ raw: expect.any(Number), human: expect.any(String) })
  })

  test('--ndjson writes one record per line', async () => {
    const { out } = await runCli(['param', 'history', 'priceScanRange', '--run', run.folder, '--ndjson'])
    const lines = out.trim().split('\n')
    expect(lines.length).toBeGreaterThan(1)
    for (const line of lines) expect(JSON.parse(line)).toMatchObject({ scope: 'market:ETH', id: 'margin.priceScanRange' })
  })

  test('param get names rule and writer; --at goes back in time', async () => {
    const before = JSON.parse(
      (
        await runCli([
          'param',
          'get',
          'priceScanRange',
          '--run',
          run.folder,
          '--at',
          new Date(from * 1000).toISOString().slice(0, 19),
          '--json',
        ])
      ).out,
    )
    expect(before.value.raw).toBe(2100)
    expect(before.lastWrite.reason).toBe('activation')
    expect((await runCli(['param', 'get', 'priceScanRange', '--run', run.folder])).out).toContain('tighten')
  })

  test('param export is CSV of RFC 4180 with raw and scaled columns', async () => {
    const { out } = await runCli(['param', 'export', '--run', run.folder])
    const [header, first] = out.split('\r\n')
    expect(header).toMatch(/^scope,id,index,time_unix,time_iso,previous_raw,value_raw,value_human,unit/)
    expect(first?.match(/("([^"]|"")*"|[^,]*)(,|$)/g)?.filter((cell) => cell !== '')).toHaveLength(header?.split(',').length ?? 0)
  })

  test('param diff lists what moved between two times', async () => {
    const { out } = await runCli(['param', 'diff', '--from', String(from), '--run', run.folder, '--json'])
    expect(JSON.parse(out).changes.map(({ id }: { id: string }) => id)).toContain('margin.priceScanRange')
  })

  test('audit report counts what the run did, as Markdown and as JSON', async () => {
    const { code, out } = await runCli(['audit', 'report', '--run', run.folder])
    expect(code).toBe(0)
    expect(out).toMatch(/^# Audit report/)
    const report = JSON.parse((await runCli(['audit', 'report', '--run', run.folder, '--json'])).out)
    expect(report).toMatchObject({ schema: 'ballast.auditReport', version: 1 })
    expect(report.decisions.read).toBe(report.rounds.accepted)
    expect(report.changes.map(({ id }: { id: string }) => id)).toContain('margin.priceScanRange')
    const nothing = await runCli(['audit', 'report', '--from', '2030-01-02', '--to', '2030-01-01', '--run', run.folder])
    expect(nothing).toMatchObject({ code: 2, err: expect.stringContaining('is after --to') })
  })

  test('audit verify holds for the recorded log and for the live chain', async () => {
    for (const source of [['--run', run.folder], live()]) {
      const { code, out } = await runCli(['audit', 'verify', ...source, '--json'])
      expect(code).toBe(0)
      expect(JSON.parse(out)).toMatchObject({ ok: true, rounds: 3, signatures: 6, faults: [] })
    }
  })

  test('audit replay computes every round again', async () => {
    const { code, out } = await runCli(['audit', 'replay', '--all', '--run', run.folder])
    expect(code).toBe(0)
    expect(out).toContain('✓ 3 rounds recomputed, byte for byte')
  })

  test('audit export writes a manifest whose hashes hold, and the export is a run folder itself', async () => {
    const target = join(scratch, 'export')
    expect((await runCli(['audit', 'export', '--run', run.folder, '--to', target])).code).toBe(0)
    const manifest = JSON.parse(readFileSync(join(target, 'manifest.json'), 'utf8'))
    expect(manifest.files.map(({ name }: { name: string }) => name)).toEqual(
      expect.arrayContaining(['history.csv', 'rounds.csv', 'chain.ndjson', 'run.json', 'engine-1.sqlite']),
    )
    const { createHash } = await import('node:crypto')
    for (const { name, sha256 } of manifest.files)
      expect(
        createHash('sha256')
          .update(readFileSync(join(target, name)))
          .digest('hex'),
      ).toBe(sha256)
    expect((await runCli(['audit', 'replay', '--all', '--run', target])).code).toBe(0)
  })

  test('explain writes a page without scripts, compares with static, and its JSON lists the same steps', async () => {
    const page = join(scratch, 'why.html')
    const { code, out } = await runCli(['explain', 'priceScanRange', '--run', run.folder, '--html', page, '--against', 'static', '--json'])
    expect(code).toBe(0)
    const explanation = JSON.parse(out)
    expect(explanation.verified).toBe(true)
    expect(explanation.against.accounts).toBe(20)
    const text = readFileSync(page, 'utf8')
    expect(text).not.toMatch(/<script|https?:/)
    for (const { id } of explanation.steps) expect(text).toContain(`id="step-${id}"`)
  })

  test('explain of a value that governance wrote stops at the history', async () => {
    const { code, out } = await runCli(['explain', 'oracle.heartbeat', '--run', run.folder, '--json'])
    expect(code).toBe(0)
    expect(JSON.parse(out).steps.map(({ id, status }: { id: string; status: string }) => `${id} ${status}`)).toEqual([
      'word verified',
      'history verified',
      'round absent',
    ])
  })

  test('risk assess shows accounts, targets and signals', async () => {
    const { code, out } = await runCli(['risk', 'assess', '--market', 'ETH', '--run', run.folder])
    expect(code).toBe(0)
    expect(out).toMatch(/accounts +20 +20/)
    expect(out).toContain('bars.sigma24h')
  })

  test('controller status reads the lane from the chain', async () => {
    const { code, out } = await runCli(['controller', 'status', '--scope', 'market:ETH', ...live(), '--json'])
    expect(code).toBe(0)
    expect(JSON.parse(out)).toMatchObject({ mode: 'live', round: 3 })
  })

  test('controller pause by somebody else than the guardian is refused in the simulation', async () => {
    const environment = { BALLAST_PRIVATE_KEY: `0x${'11'.repeat(32)}` }
    const { code, err } = await runCli(['controller', 'pause', '--scope', 'market:ETH', ...live(), '--json'], { environment })
    expect(code).toBe(6)
    expect(JSON.parse(err).error.code).toBe('reverted')
  })

  test('deploy plan shows contracts and veto, deploy apply without --send changes nothing', async () => {
    const plan = await runCli(['deploy', 'plan', '--rpc', run.rpc])
    expect(plan.code).toBe(0)
    expect(plan.out).toContain('RiskParameters')
    expect(plan.out).toContain('Veto by holders')
    const dry = JSON.parse((await runCli(['deploy', 'apply', '--rpc', run.rpc, '--json'])).out)
    expect(dry.sent).toBe(false)
  })

  test('deploy verify names what differs and leaves with 7', async () => {
    const { code, out } = await runCli(['deploy', 'verify', ...live(), '--json'])
    // The run has its own governor name and allocations; code, catalogue and roles are the same.
    const failed = JSON.parse(out).checks.filter(({ holds }: { holds: boolean }) => !holds)
    expect(code).toBe(failed.length === 0 ? 0 : 7)
    expect(
      failed.map(({ subject }: { subject: string }) => subject).filter((subject: string) => /^(code|catalogue|joint)/.test(subject)),
    ).toEqual([])
  })
})

describe('given something wrong', () => {
  const cases: readonly (readonly [string, readonly string[], number, RegExp])[] = [
    ['an unknown noun', ['parm'], 2, /Did you mean param\?/],
    ['an unknown verb', ['param', 'gte'], 2, /Did you mean get\?/],
    ['an unknown option', ['param', 'list', '--jsn'], 2, /Did you mean --json\?/],
    ['a missing argument', ['explain'], 2, /Missing required argument 'parameter'/],
    ['a day that does not exist', ['param', 'list', '--at', '2020-02-30'], 2, /not a time/],
    ['a window that ends before it starts', ['param', 'history', 'x', '--from', '2020-03-02', '--to', '2020-03-01'], 2, /is after --to/],
    ['a time limit that is none', ['param', 'list', '--timeout', 'soon'], 2, /number of seconds/],
    ['another comparison than static', ['explain', 'x', '--against', 'dynamic'], 2, /must be static/],
    ['a run folder that is none', ['audit', 'verify', '--run', '/nowhere'], 4, /no run folder/],
    ['a node that does not answer', ['deploy', 'plan', '--rpc', 'http://127.0.0.1:1'], 5, /cannot be reached/],
    ['an endpoint that is no URL', ['deploy', 'plan', '--rpc', 'localhost'], 2, /http or https/],
    ['no key and nobody to ask', ['key', 'new', 'unused.json'], 2, /nobody can be asked/],
  ]
  test.each(cases)('%s: exit code and what to do', async (_what, args, expected, message) => {
    const { code, err, out } = await runCli(
      args
        .map((arg) => (arg === 'x' ? 'priceScanRange' : arg))
        .concat(args[0] === 'param' && args[1] === 'history' ? ['--run', run.folder] : []),
    )
    expect(err).toMatch(message)
    expect(code).toBe(expected)
    expect(out).toBe('')
  })

  test('an unknown parameter names the nearest ones', async () => {
    const { code, err } = await runCli(['explain', 'margin.priceScanRnage', '--run', run.folder, '--json'])
    expect(code).toBe(4)
    expect(JSON.parse(err).error).toMatchObject({ code: 'notFound', hint: 'Did you mean margin.priceScanRange?' })
  })

  test('a parameter before it was set', async () => {
    const { code, err } = await runCli(['explain', 'priceScanRange', '--run', run.folder, '--at', '2020-01-01'])
    expect(code).toBe(4)
    expect(err).toContain('It was first set at')
  })

  test('the wrong chain', async () => {
    const { code, err } = await runCli(['audit', 'verify', ...live(), '--chain', '1'])
    expect(code).toBe(5)
    expect(err).toContain('31337')
  })

  test('--block with a recorded run', async () => {
    expect((await runCli(['param', 'list', '--run', run.folder, '--block', '3'])).code).toBe(2)
  })

  test('a configuration: all problems at once, each with path and limit', async () => {
    const file = join(scratch, 'engine.yaml')
    writeFileSync(file, 'schema: ballast.daemon\nversion: 1\nchains: {}\nrpc:\n  urls: [ftp://x]\nstore:\n  path: 3\n')
    const { code, err } = await runCli(['config', 'check', '--config', file])
    expect(code).toBe(3)
    expect(err).toContain('chains: this key is not known')
    expect(err).toContain('did you mean chain?')
    expect(err).toContain('rpc.urls')
    expect(err).toContain('store.path')
  })

  test('a command that takes longer than --timeout', async () => {
    const { code } = await runCli(['audit', 'replay', '--all', '--run', run.folder, '--timeout', '0.01'])
    expect(code).toBe(124)
  })
})

describe('config', () => {
  test('check and show accept what a run wrote, with the origin of each value', async () => {
    const file = join(run.folder, 'engine-1.json')
    expect((await runCli(['config', 'check', '--config', file])).code).toBe(0)
    const shown = JSON.parse((await runCli(['config', 'show', '--config', file, '--json'], { environment: { LOG_LEVEL: 'warn' } })).out)
    expect(shown.config.log.level).toBe('warn')
    expect(shown.origins['log.level']).toBe('environment')
    expect(shown.origins['store.path']).toBe('file')
  })
})

describe('key', () => {
  const environment = { BALLAST_KEYSTORE_PASSWORD: 'correct horse battery' }
  test('new, list and rotate, without ever printing a private key', async () => {
    const file = join(scratch, 'one.json')
    const made = JSON.parse((await runCli(['key', 'new', file, '--json'], { environment })).out)
    expect(existsSync(file)).toBe(true)
    const listed = JSON.parse((await runCli(['key', 'list', scratch, '--json'])).out)
    expect(listed.keys.map(({ address }: { address: string }) => address)).toContain(made.address)
    const rotated = JSON.parse((await runCli(['key', 'rotate', file, '--to', join(scratch, 'two.json'), '--json'], { environment })).out)
    expect(rotated.replaces).toBe(made.address)
    expect(rotated.address).not.toBe(made.address)
    const again = await runCli(['key', 'new', file], { environment })
    expect(again.code).toBe(1)
    expect(again.err).toContain('never overwritten')
  })

  test('asks twice for a new password and refuses two different ones', async () => {
    const { code, err } = await runCli(['key', 'new', join(scratch, 'three.json')], { answers: ['correct horse', 'wrong horse'] })
    expect(code).toBe(2)
    expect(err).toContain('differ')
  })
})

test('doctor names every check', async () => {
  const { out } = await runCli(['doctor', '--json'])
  const { checks } = JSON.parse(out)
  expect(checks.map(({ name }: { name: string }) => name)).toEqual(['node', 'contracts', 'fingerprint', 'markets', 'disk', 'last run'])
})
