import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loadConfig, redactConfig, sends } from '../../../controller/config/loadConfig.ts'
import { nearestName } from '../../../controller/config/nearestName.ts'
import { daemonSchemaText } from '../../../controller/config/schema.ts'
import { otherVariables, variables } from '../../../controller/config/variables.ts'
import { ConfigError } from '../../../controller/errors/ConfigError.ts'
import { secretVariables } from '../../../controller/signers/openSigner.ts'

const root = join(import.meta.dirname, '../../..')
const examples = ['local', 'testnet'].map((name) => join(root, `config/example.${name}.yaml`))
const [localExample = ''] = examples

describe('loadConfig', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ballast-config-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))
  const fileWith = (change: (text: string) => string): string => {
    const file = join(folder, 'engine.yaml')
    writeFileSync(file, change(readFileSync(localExample, 'utf8')))
    return file
  }
  const problemsOf = (file: string, env: Record<string, string> = {}, flags: Record<string, unknown> = {}) => {
    try {
      loadConfig({ file, env, flags })
      return []
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error
      return error.context.problems
    }
  }

  it.each(examples)('takes %s', (file) => {
    expect(problemsOf(file)).toEqual([])
  })
  it('is frozen through and through, with absolute paths', () => {
    const { config } = loadConfig({ file: localExample, env: {} })
    expect(Object.isFrozen(config.rpc.urls)).toBe(true)
    expect(() => Object.assign(config.chain, { id: 1 })).toThrow(TypeError)
    expect(config.engine.catalogue).toBe(join(root, 'config/catalogues/ballast.json'))
    expect(config.engine.configurations[0]).toBe(join(root, 'config/engines/eth.json'))
    expect(config.store.path).toBe(join(root, 'var/engine-1.sqlite'))
  })
  it('lets flags win over the environment, that over the file, that over defaults, and says which it was', () => {
    const { config, origins } = loadConfig({
      file: localExample,
      env: { PORT: '9000', LOG_LEVEL: 'debug', RPC_URL: 'http://a.example, http://b.example' },
      flags: { 'http.port': 9_001 },
    })
    expect([config.http.port, config.log.level, config.chain.pollSeconds, config.fees.capGwei]).toEqual([9_001, 'debug', 0.25, 200])
    expect(config.rpc.urls).toEqual(['http://a.example', 'http://b.example'])
    expect(['http.port', 'log.level', 'chain.pollSeconds', 'fees.capGwei', 'rpc.urls'].map((path) => origins[path])).toEqual([
      'flag',
      'environment',
      'file',
      'default',
      'environment',
    ])
  })
  it('names every problem at once, with path, value, limit and the nearest key', () => {
    const file = fileWith((text) =>
      text
        .replace('pollSeconds: 0.25', 'polSeconds: 0.25\n  confirmations: 0')
        .replace('vol: 0.65', 'vol: 65')
        .replace('accounts: 300', 'accounts: lots')
        .replace('seed: example\n  origin', 'origin')
        .replace('hours: 12, fall', 'hour: 12, hours: 12, fall'),
    )
    const problems = problemsOf(file, { BALLAST_STOER: 'x', CHAIN_ID: 'one' })
    const of = (path: string): string => problems.find((each) => each.path === path)?.problem ?? 'none'
    expect(of('chain.polSeconds')).toMatch(/not known; did you mean pollSeconds/)
    expect(of('source.crashes.0.hour')).toMatch(/did you mean hours/)
    expect(of('chain.confirmations')).toMatch(/>=1.*given: 0/)
    expect(of('source.vol')).toMatch(/<=5.*given: 65/)
    expect(of('portfolios.accounts')).toMatch(/number.*"lots"/)
    expect(of('source.seed')).toMatch(/missing/)
    expect(of('BALLAST_STOER')).toMatch(/did you mean BALLAST_STORE/)
    expect(of('CHAIN_ID')).toMatch(/'one' is not a number/)
  })
  it('checks what one key alone cannot show', () => {
    const file = fileWith((text) =>
      text.replace('000000000002', '000000000001').replace('origin: 2023-01-01T00:00:00Z', 'origin: 2023-01-01T00:30:00Z'),
    )
    const problems = problemsOf(file, {}, { 'engine.delaySeconds': 90, 'fees.priorityGwei': 300 })
    expect(problems.map(({ path }) => path).sort()).toEqual(['engine.delaySeconds', 'engines', 'fees.priorityGwei', 'source.origin'])
  })
  it('takes accounts from one place, and posts surfaces only for a clearing', () => {
    const portfolios = /portfolios:\n(?: {2}.*\n)+/
    const clearing = 'clearing:\n  deployment: clearing.json\n  group: group:MAIN\n  store: accounts.sqlite\n'
    const surface =
      'surface:\n  source: { kind: folder, directory: desk }\n  signer: { kind: keystore, path: key.json }\n  store: surface.sqlite\n'
    const of = (change: (text: string) => string) => problemsOf(fileWith(change)).map(({ path, problem }) => `${path}: ${problem}`)
    expect(of((text) => text.replace(portfolios, clearing + surface))).toEqual([])
    const { config } = loadConfig({ file: fileWith((text) => text.replace(portfolios, clearing + surface)), env: {} })
    expect([config.clearing?.deployment, config.surface?.signer, config.surface?.source]).toEqual([
      join(folder, 'clearing.json'),
      { kind: 'keystore', path: join(folder, 'key.json') },
      { kind: 'folder', directory: join(folder, 'desk') },
    ])
    expect(of((text) => text.replace(portfolios, ''))).toEqual(['portfolios: it is missing; without `clearing` accounts come from here'])
    expect(of((text) => text + clearing)).toEqual(['portfolios: accounts are those of `clearing`; leave one of the two out'])
    expect(of((text) => text + surface)).toEqual(['surface: surfaces are posted for a `clearing`, which is missing'])
    expect(of((text) => text.replace(portfolios, clearing.replace('group:MAIN', 'MAIN')))[0]).toMatch(
      /clearing.group: must be a margin group/,
    )
    expect(of((text) => text.replace(portfolios, clearing + surface.replace('surface.sqlite', 'accounts.sqlite')))[0]).toMatch(
      /a database of its own/,
    )
    const recorded = (text: string): string =>
      text.replace(
        /source:\n(?: {2}.*\n)+/,
        'source:\n  kind: recorded\n  directory: d\n  from: 2022-05-07T00:00:00Z\n  to: 2022-05-08T00:00:00Z\n',
      )
    const simulated = surface.replace('{ kind: folder, directory: desk }', '{ kind: simulated }')
    expect(of((text) => recorded(text).replace(portfolios, clearing + simulated))).toEqual([
      'surface.source.kind: simulated, but the market is recorded',
    ])
  })
  it('says what is wrong with a file that cannot be read or is no YAML', () => {
    expect(problemsOf(join(folder, 'absent.yaml'))[0]?.problem).toMatch(/cannot be read/)
    expect(problemsOf(fileWith(() => 'a: [1'))[0]?.path).toMatch(/engine\.yaml/)
    expect(problemsOf(fileWith(() => '- 1'))[0]?.problem).toMatch(/keys and values/)
  })
  it('repeats no URL that may carry a key', () => {
    const file = fileWith((text) => text.replace('http://127.0.0.1:8545', 'ftp://node.example/my-secret'))
    expect(JSON.stringify(problemsOf(file))).not.toContain('my-secret')
    const { config } = loadConfig({
      file: localExample,
      env: { RPC_URL: 'https://node.example/my-secret,https://user:my-secret@node.example' },
    })
    expect(JSON.stringify(redactConfig(config))).not.toContain('my-secret')
    expect(redactConfig(config).rpc.urls[0]).toBe('https://node.example/…')
  })
  it('sends only when told to, or on the local chain', () => {
    const of = (flags: Record<string, unknown>): boolean => sends(loadConfig({ file: localExample, env: {}, flags }).config)
    expect([of({}), of({ 'chain.id': 1 }), of({ 'chain.id': 1, send: true }), of({ send: false })]).toEqual([true, false, true, false])
  })
  it('publishes its JSON Schema', () => {
    expect(readFileSync(join(root, 'config/schema/daemon.json'), 'utf8')).toBe(daemonSchemaText())
  })
  it('has an .env.example that names every variable and is taken as it is', () => {
    const lines = readFileSync(join(root, '.env.example'), 'utf8')
      .split('\n')
      .filter((line) => /^[A-Z_]+=/.test(line))
    const env = Object.fromEntries(lines.map((line) => line.split(/=(.*)/).slice(0, 2) as [string, string]))
    expect(Object.keys(env).sort()).toEqual([...Object.keys(variables), ...Object.values(secretVariables)].sort())
    expect(problemsOf(localExample, env)).toEqual([])
    expect(otherVariables).toEqual(expect.arrayContaining(Object.values(secretVariables)))
  })
})

describe('nearestName', () => {
  it('finds a misspelt name and leaves a strange one', () => {
    expect(nearestName('confirmatons', ['confirmations', 'pollSeconds'])).toBe('confirmations')
    expect(nearestName('colour', ['confirmations', 'pollSeconds'])).toBeUndefined()
  })
})
