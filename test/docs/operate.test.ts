import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { projectRoot } from '../../cli/context/projectRoot.ts'
import { describeProgram } from '../../cli/kit/describeProgram.ts'
import type { Terminal } from '../../cli/kit/Terminal.ts'
import { buildProgram } from '../../cli/program.ts'
import { readEngineBuild } from '../../controller/engine/readEngineBuild.ts'
import { encryptKey } from '../../controller/signers/keystoreV3.ts'
import { runCli } from '../cli/runCli.ts'
import { startTestDaemon } from '../controller/support/daemons.ts'
import { configuration, moveTo, startMarket, stewardKey, type TestMarket, tickAt } from '../controller/support/market.ts'

const guide = readFileSync(join(projectRoot, 'docs/guides/operate.md'), 'utf8')
const incidents = guide
  .split(/^## /m)
  .slice(1)
  .map((text) => ({ title: text.slice(0, text.indexOf('\n')), text }))
const sources = (folder: string): string => readFileSync(join(projectRoot, folder), 'utf8')

describe('docs/guides/operate.md', () => {
  it.each(incidents.map(({ title, text }) => [title, text] as const))('%s: sign, remedy, end, and tests that drill it', (_, text) => {
    for (const part of ['Sign', 'Do', 'Over', 'Drill']) expect(text).toContain(`- **${part}**: `)
    const drills = text.slice(text.indexOf('- **Drill**'))
    const named = [...drills.matchAll(/`(test\/[\w./-]+)`((?:,? "[^"]+")+)/g)].flatMap(([, file = '', names = '']) =>
      [...names.matchAll(/"([^"]+)"/g)].map(([, name = '']) => ({ file, name })),
    )
    expect(named.length).toBeGreaterThan(0)
    for (const { file, name } of named) expect(sources(file), file).toContain(file.endsWith('.t.sol') ? `function ${name}(` : name)
  })

  it('covers what the issue names: engine lost, key stolen, RPC lies, stuck transaction, bad tightening, veto, expiry', () => {
    const titles = incidents.map(({ title }) => title)
    for (const title of [
      'An engine is lost',
      'A key is stolen',
      'An endpoint lies or fails',
      'A transaction is stuck',
      'A tightening was wrong',
      'A loosening should not happen',
      'The mandate expires',
    ])
      expect(titles).toContain(title)
  })

  it('quotes log lines that the engine writes, and links files that exist', () => {
    const engine = ['runTick', 'sync', 'propose', 'reviewRound', 'submitRound'].map((name) => sources(`controller/engine/${name}.ts`))
    const submitter = ['endpoints', 'submitIntent'].map((name) => sources(`controller/submitter/${name}.ts`))
    const poster = ['openPoster', 'runPosterTick'].map((name) => sources(`controller/poster/${name}.ts`))
    const logged = [...engine, ...submitter, ...poster].join('\n')
    const quoted = [...guide.matchAll(/`([a-z]+(?: [a-z]+)+)`/g)]
      .map(([, words = '']) => words)
      .filter((words) => !words.startsWith('ballast '))
    expect(quoted.length).toBeGreaterThan(10)
    for (const words of quoted.filter((each) => !each.startsWith('promtool'))) expect(logged).toContain(`'${words}'`)
    const links = [...guide.matchAll(/\]\(([\w./-]+)\)/g)].map(([, path = '']) => path)
    expect(links.filter((path) => !existsSync(join(projectRoot, 'docs/guides', path)))).toEqual([])
  })

  it('names commands and options that there are', () => {
    const known = describeProgram(buildProgram({ environment: {} } as Terminal))
    const commands = [...guide.matchAll(/`ballast ([^`]+)`/g)].map(([, line = '']) => line)
    expect(commands.length).toBeGreaterThan(8)
    for (const line of commands) {
      const found = known.find(({ path }) => `ballast ${line} `.startsWith(`${path} `))
      expect(found, line).toBeDefined()
      for (const [option] of line.matchAll(/--[a-z-]+/g))
        expect(
          found?.options.map(({ flags }) => flags.split(' ')[0]),
          line,
        ).toContain(option)
    }
  })

  describe('its commands, on a chain with a lane', () => {
    let market: TestMarket
    let folder: string
    beforeAll(async () => {
      market = await startMarket()
      folder = mkdtempSync(join(tmpdir(), 'ballast-operate-'))
      writeFileSync(join(folder, 'deployment.json'), JSON.stringify(market.deployment))
    })
    afterAll(async () => {
      await market?.local.close()
      rmSync(folder, { recursive: true })
    })
    const lines = [...guide.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(([, block = '']) => block.split('\n').filter((line) => line !== ''))
    it.each(lines)('%s', async (line) => {
      const args = line.replace('bin/ballast ', '').replace('var/operate', folder).split(' ')
      const { code, out, err } = await runCli(args, { environment: { RPC_URL: market.url }, folder: projectRoot })
      expect(code, out + err).toBe(0)
      expect(out.length).toBeGreaterThan(50)
    })
  })

  it('what a steward runs, at an engine whose rounds wait: each line as written', async () => {
    const market = await startMarket({}, 'canary', 1)
    const folder = mkdtempSync(join(tmpdir(), 'ballast-operate-'))
    const engine = await startTestDaemon(folder, market, 0, {
      engines: 1,
      build: readEngineBuild(projectRoot),
      engine: { cosignTimeoutSeconds: 600 },
    })
    try {
      const { key, address } = stewardKey
      const keystore = await encryptKey(key, 'a password', { n: 1_024, r: 8, p: 1 })
      writeFileSync(join(folder, 'steward.json'), JSON.stringify({ ...keystore, address: address.slice(2) }))
      const secrets = { BALLAST_KEYSTORE_PASSWORD: 'a password', BALLAST_PRIVATE_KEY: key }
      const lines = [...guide.matchAll(/`ballast (round [^`]+)`/g)].map(([, line = '']) => line)
      expect(lines.map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual(['round list', 'round cosign', 'round cosign'])
      await moveTo(market.local, tickAt(0))
      const ticking = engine.tick(tickAt(0))
      while (engine.engines.get(configuration.scope)?.waiting.size === 0) await new Promise((resolve) => setTimeout(resolve, 10))
      for (const line of lines) {
        const args = [...line.replace('http://127.0.0.1:8600', engine.url).split(' '), '--deployment', join(folder, 'deployment.json')]
        const { code, out, err } = await runCli(args, { environment: { RPC_URL: market.url, ...secrets }, folder })
        expect(code, out + err).toBe(0)
        expect(out).toContain(`Round 1 of ${configuration.scope}`)
      }
      expect((await ticking)[0]).toMatchObject({ outcome: 'accepted', round: 1 })
    } finally {
      await engine.stop()
      await market.local.close()
      rmSync(folder, { recursive: true })
    }
  }, 180_000)
})
