import { describe, expect, it } from 'vitest'
import { canRunBallast, correctSpelling, nodeOptions, sameTree, stampOf, withoutNpm } from '../../tools/bootstrap-lib.mjs'

describe('canRunBallast', () => {
  it.each(['v22.12.0', 'v22.20.5', 'v24.0.0', 'v26.10.0'])('takes %s', (version) => {
    expect(canRunBallast(version)).toBe(true)
  })
  it.each(['v18.20.0', 'v20.20.2', 'v22.11.0', 'v23.11.0', 'v25.1.0', 'v27.0.0'])('refuses %s', (version) => {
    expect(canRunBallast(version)).toBe(false)
  })
})

describe('nodeOptions', () => {
  it('switches on types and SQLite for Node 22 only', () => {
    expect(nodeOptions('v22.12.0')).toContain('--experimental-strip-types')
    expect(nodeOptions('v24.3.0')).toEqual(['--disable-warning=ExperimentalWarning'])
  })
})

describe('withoutNpm', () => {
  it('keeps where packages come from and drops how npm was told to install', () => {
    const kept = {
      HOME: '/home',
      npm_config_registry: 'r',
      NPM_CONFIG_HTTPS_PROXY: 'p',
      npm_config_cafile: 'c',
      npm_config_offline: 'true',
    }
    const dropped = {
      npm_config_omit: 'dev',
      npm_config_dry_run: 'true',
      npm_config_prefix: '/',
      npm_lifecycle_event: 'start',
      NODE: 'node',
    }
    expect(withoutNpm({ ...kept, ...dropped })).toEqual(kept)
  })
})

describe('correctSpelling', () => {
  it('is undefined when nothing was swallowed', () => {
    expect(correctSpelling({ npm_lifecycle_event: 'start', npm_config_loglevel: 'silent' }, ['--once'])).toBeUndefined()
  })
  it('is undefined when npm did not start us', () => {
    expect(correctSpelling({ npm_config_json: 'true' }, [])).toBeUndefined()
  })
  it('puts options of npm start behind the dashes, silent when JSON is to be read', () => {
    const env = { npm_lifecycle_event: 'start', npm_config_once: 'true', npm_config_json: 'true' }
    expect(correctSpelling(env, [])).toBe('npm start --silent -- --once --json')
  })
  it('keeps a value next to its option, whether npm took it or not', () => {
    expect(correctSpelling({ npm_lifecycle_event: 'start', npm_config_data: 'true', npm_config_once: 'true' }, ['bars'])).toBe(
      'npm start -- --once --data bars',
    )
    expect(correctSpelling({ npm_lifecycle_event: 'bench', npm_config_data: 'bars' }, [])).toBe('npm run bench -- --data=bars')
  })
})

describe('stampOf', () => {
  it('depends on every part and on where one ends', () => {
    expect(stampOf('ab', 'c')).not.toBe(stampOf('a', 'bc'))
    expect(stampOf('ab', 'c')).toBe(stampOf('ab', Buffer.from('c')))
  })
})

describe('sameTree', () => {
  const lockfile = JSON.stringify({
    packages: {
      '': {},
      'node_modules/a': { version: '1.0.0', integrity: 'x' },
      'node_modules/native': { version: '2.0.0', optional: true },
    },
  })
  const record = (packages: object): string => JSON.stringify({ packages })

  it('accepts a tree without the optional packages of other platforms', () => {
    expect(sameTree(lockfile, record({ 'node_modules/a': { version: '1.0.0', integrity: 'x' } }))).toBe(true)
  })
  it.each([
    ['lacks a package', {}],
    ['has another version', { 'node_modules/a': { version: '1.0.1', integrity: 'x' } }],
    ['has other content', { 'node_modules/a': { version: '1.0.0', integrity: 'y' } }],
    ['has a package too many', { 'node_modules/a': { version: '1.0.0', integrity: 'x' }, 'node_modules/b': { version: '1.0.0' } }],
    [
      'has another optional version',
      { 'node_modules/a': { version: '1.0.0', integrity: 'x' }, 'node_modules/native': { version: '1.0.0' } },
    ],
  ])('refuses a tree that %s', (_, packages) => {
    expect(sameTree(lockfile, record(packages))).toBe(false)
  })
})
