import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { projectRoot } from '../../../cli/context/projectRoot.ts'
import { black76Price } from '../../../risk/pricing/index.ts'
import { parseSurface } from '../../../risk/surface/index.ts'
import { impliedVolCases } from '../../risk/reference/impliedVol.ts'
import { runCli } from '../runCli.ts'

const scratch = mkdtempSync(join(tmpdir(), 'ballast-risk-'))
const chain = 'examples/risk/chain.csv'
const run = (args: readonly string[], input: string | Uint8Array = '') => runCli(['risk', ...args], { folder: projectRoot, input })
const text = readFileSync(join(projectRoot, chain), 'utf8')

describe('risk iv', () => {
  test('of single quotes gives the reference volatilities, and a status where there is none', async () => {
    const quotes = impliedVolCases.map(({ id, type, F, K, T, r, price }) => ({
      id,
      type,
      forward: F,
      strike: K,
      timeToExpiry: T,
      rate: r,
      price,
    }))
    const { code, out } = await run(['iv', '-', '--json'], JSON.stringify({ schema: 'ballast.quotes', version: 1, quotes }))
    expect(code).toBe(0)
    for (const [i, row] of JSON.parse(out).quotes.entries()) {
      const { expected } = impliedVolCases[i]!
      if (typeof expected === 'number') expect(Math.abs(row.vol / expected - 1)).toBeLessThan(1e-12)
      else expect(row.status).toBe(expected)
    }
    expect((await run(['iv', 'examples/risk/quotes.json'])).out).toMatch(/below its payoff +9\.5 +none +below its payoff of 10/)
  })
  test('of a chain gives bid, mark and ask of every line', async () => {
    const { code, out } = await run(['iv', chain, '--ndjson'])
    expect(code).toBe(0)
    const lines = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(lines).toHaveLength(text.trim().split('\n').length - 1)
    for (const { bid, mark, ask } of lines) {
      if (bid?.status === 'converged' && ask?.status === 'converged') {
        expect(bid.vol).toBeLessThan(mark.vol)
        expect(mark.vol).toBeLessThan(ask.vol)
      }
    }
    const { time, expiry, type, forward, strike, mark } = lines.find((line) => line.strike > line.forward && line.type === 'call')
    const timeToExpiry = (Date.parse(expiry) - Date.parse(time)) / 1000 / 31_536_000
    const recorded = Number(
      text
        .split('\n')
        .find((line) => line.includes(`${expiry.slice(0, 10)},${strike},C`))!
        .split(',')[6],
    )
    expect(black76Price({ type, forward, strike, timeToExpiry, vol: mark.vol, rate: 0 }) / forward).toBeCloseTo(recorded, 12)
  })
  test('prices in dollars and in coins agree', async () => {
    const rows = text.trim().split('\n')
    const inDollars = rows.map((row, i) => {
      const fields = row.split(',')
      if (i === 0) return row
      for (const j of [4, 5, 6]) if (fields[j] !== '') fields[j] = String(Number(fields[j]) * Number(fields[7]))
      return fields.join(',')
    })
    const coins = JSON.parse((await run(['iv', chain, '--json'])).out).lines
    const dollars = JSON.parse((await run(['iv', '-', '--prices', 'usd', '--json'], inDollars.join('\n'))).out).lines
    for (const [i, { mark }] of dollars.entries())
      if (mark.status === 'converged' && mark.resolution < 1e-12) expect(mark.vol).toBeCloseTo(coins[i].mark.vol, 9)
  })
  test('names faulty lines, and fails when none is left', async () => {
    const broken = text.replace(/^(2026-01-05T10:00:00Z,2026-01-09,\d+),C/m, '$1,X')
    const { code, err } = await run(['iv', '-'], broken)
    expect(code).toBe(0)
    expect(err).toMatch(/warning: 1 of the lines of standard input is left out:\n {2}line 2: type is 'X'; it must be C or P/)
    const none = await run(['iv', '-'], 'a,b\n1,2\n')
    expect([none.code, none.err]).toEqual([3, expect.stringMatching(/holds no option chain[\s\S]*line 1: the header lacks timestamp/)])
  })
  test('--at before the first chain, an unknown unit and a bad quote are refused', async () => {
    expect((await run(['iv', chain, '--at', '2020-01-01'])).code).toBe(4)
    expect((await run(['iv', chain, '--prices', 'gold'])).code).toBe(2)
    const bad = await run(
      ['iv', '-'],
      '{"schema":"ballast.quotes","version":1,"quotes":[{"type":"call","forward":1,"strike":"x","timeToExpiry":1,"price":1}]}',
    )
    expect([bad.code, bad.err]).toEqual([3, expect.stringContaining('$.quotes[0].strike: "x"')])
  })
  test('--plot draws a panel per expiry', async () => {
    const file = join(scratch, 'smile.svg')
    expect((await run(['iv', chain, '--plot', file])).code).toBe(0)
    const svg = readFileSync(file, 'utf8')
    expect(svg.match(/<g transform/g)).toHaveLength(3)
    expect(svg.match(/<circle/g)!.length).toBeGreaterThan(60)
  })
})

describe('risk surface', () => {
  test('fits every expiry without arbitrage; the document is a surface', async () => {
    const { code, out } = await run(['surface', chain, '--json'])
    expect(code).toBe(0)
    const surface = parseSurface(JSON.parse(out))
    expect(surface.slices.map(({ model }) => model)).toEqual(['svi', 'svi', 'svi'])
    for (const { forward, rmsError } of surface.slices) {
      expect(forward.source).toBe('parity')
      expect(rmsError).toBeLessThan(0.005)
    }
    const shown = (await run(['surface', chain])).out
    expect(shown).toContain('No butterfly or calendar arbitrage.')
    expect(shown).toMatch(/At the money at constant maturity: 7 days \d+\.\d\d %, 30 days \d+\.\d\d %\./)
  })
  test('--all has a line per chain, with progress on stderr when asked for', async () => {
    const later = text.replaceAll('2026-01-05T10:00:00Z', '2026-01-05T11:00:00Z').split('\n').slice(1).join('\n')
    const { code, out, err } = await run(['surface', '-', '--all', '--json', '--verbose'], text + later)
    expect(code).toBe(0)
    expect(JSON.parse(out).surfaces.map(({ time, free }: { time: string; free: boolean }) => [time, free])).toEqual([
      ['2026-01-05T10:00:00Z', true],
      ['2026-01-05T11:00:00Z', true],
    ])
    expect(err).toMatch(/2\/2 chains, [\d.]+ per second, 0 s left/)
  })
  test('--plot draws the smiles over their quotes', async () => {
    const file = join(scratch, 'surface.svg')
    expect((await run(['surface', chain, '--plot', file])).code).toBe(0)
    expect(readFileSync(file, 'utf8')).toContain('expiry 2026-03-27, svi')
    expect((await run(['surface', chain, '--all', '--plot', file])).code).toBe(2)
  })
})

describe('risk vol', () => {
  test('has all estimators and models of the example, as a table and as a document', async () => {
    const { code, out } = await run(['vol', 'examples/risk/bars.csv.gz', '--json'])
    expect(code).toBe(0)
    const { window, forecasts, cone, bars, barSeconds, tail } = JSON.parse(out)
    for (const side of ['long', 'short']) {
      expect(tail.historical[side].expectedShortfall).toBeGreaterThan(tail.historical[side].valueAtRisk)
      expect(tail.conditional[side].status).toBe('ready')
    }
    expect(tail.worstDays.map(({ loss }: { loss: number }) => loss)).toEqual(
      tail.worstDays.map(({ loss }: { loss: number }) => loss).sort((a: number, b: number) => b - a),
    )
    expect([bars, barSeconds]).toEqual([3600, 3600])
    for (const { name, vol } of window) expect(vol, name).toBeGreaterThan(0.1)
    expect(forecasts.map(({ name }: { name: string }) => name)).toContain('HAR, next day')
    for (const { quantiles } of cone) expect([...quantiles].sort((a: number, b: number) => a - b)).toEqual(quantiles)
    expect((await run(['vol', 'examples/risk/bars.csv.gz', '--days', '7'])).out).toMatch(/last 7 days[\s\S]*Yang-Zhang +\d+\.\d\d %/)
  })
  test('estimates a known volatility', async () => {
    // Closes that step up and down by 1 % an hour: close to close is exactly ln(1.01) sqrt(8760) a year.
    const rows = Array.from({ length: 800 }, (_, i) => {
      const [open, close] = i % 2 === 0 ? [100, 101] : [101, 100]
      return `${new Date(1.7e12 - (1.7e12 % 3.6e6) + i * 3.6e6).toISOString().slice(0, 19)}Z,${open},101,100,${close},1`
    })
    const { out } = await run(['vol', '-', '--json'], ['timestamp,open,high,low,close,volume', ...rows].join('\n'))
    expect(JSON.parse(out).window[0].vol).toBeCloseTo(Math.log(1.01) * Math.sqrt(8760), 12)
  })
  test('says what a short recording cannot give, and names lines that are wrong', async () => {
    const header = 'timestamp,open,high,low,close,volume'
    const rows = ['00', '01', '02', '03'].map((hour, i) => `2024-01-01T${hour}:00:00Z,10,12,9,${10 + i / 10},1`)
    const { code, out } = await run(['vol', '-'], [header, ...rows].join('\n'))
    expect(code).toBe(0)
    expect(out).toMatch(/GARCH\(1,1\) +none +no two whole days/)
    const bad = await run(['vol', '-'], [header, ...rows, '2024-01-01T04:00:00Z,10,9,9,10,1', '2024-01-01T05:00:00Z,x,9,9,10,1'].join('\n'))
    expect(bad.code).toBe(3)
    expect(bad.err).toMatch(/2 lines cannot be used\.\n {2}line 6: .*\n {2}line 7: 'x' is no number/)
    expect((await run(['vol', '-', '--days', '0'], rows.join('\n'))).code).toBe(2)
  })
  test('--plot draws cone and course', async () => {
    const file = join(scratch, 'cone.svg')
    expect((await run(['vol', 'examples/risk/bars.csv.gz', '--plot', file])).code).toBe(0)
    const svg = readFileSync(file, 'utf8')
    expect(svg.match(/fill-opacity/g)).toHaveLength(2)
    expect(svg).toContain('>30</text>')
  })
})
