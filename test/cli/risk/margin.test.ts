import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { projectRoot } from '../../../cli/context/projectRoot.ts'
import { assessBook, type MarginParameters } from '../../../risk/margin/index.ts'
import type { Instrument } from '../../../risk/types/index.ts'
import { runCli } from '../runCli.ts'

const scratch = mkdtempSync(join(tmpdir(), 'ballast-risk-'))
const file = 'examples/risk/book.json'
const run = (args: readonly string[], input = '') => runCli(['risk', ...args], { folder: projectRoot, input })
const example = JSON.parse(readFileSync(join(projectRoot, file), 'utf8'))
const parameters: MarginParameters = {
  priceScanRange: 0.2,
  initialRange: 0.25,
  volScanUp: 0.4,
  volScanDown: 0.2,
  initialMultiplier: 1.3,
  shortOptionMinimum: 0.02,
  tailWeight: 0.7,
  haircut: 0.1,
}
const small = {
  schema: 'ballast.marginRequest',
  version: 1,
  market: { name: 'X', time: 1_700_000_000, spot: 100, markVol: 0.6 },
  instruments: [
    { id: 'C', kind: 'option', type: 'call', strike: 110, expiry: 1_702_592_000 },
    { id: 'P', kind: 'perpetual' },
  ],
  portfolios: [
    {
      account: 'a',
      cash: 100,
      collateral: 1,
      positions: [
        { instrument: 'P', quantity: 2 },
        { instrument: 'C', quantity: -3 },
      ],
    },
  ],
  parameters,
  costs: { spread: 0.001, depthUsd: 1e5, gasUsd: 1 },
}
const withChange = (change: object): string => JSON.stringify({ ...small, ...change })

describe('risk margin', () => {
  test('is the assessment of the book, positions by name', async () => {
    const { code, out } = await run(['margin', '-', '--json'], withChange({}))
    expect(code).toBe(0)
    const { accounts, schema } = JSON.parse(out)
    expect(schema).toBe('ballast.margin')
    const book = {
      instruments: small.instruments as unknown as Instrument[],
      portfolios: [
        {
          account: 'a',
          cash: 100,
          collateral: 1,
          positions: [
            { instrument: 0, quantity: -3 },
            { instrument: 1, quantity: 2 },
          ],
        },
      ],
    }
    expect(accounts).toEqual(
      JSON.parse(JSON.stringify(assessBook(book, { time: 1_700_000_000, spot: 100, markVol: 0.6 }, parameters).accounts)),
    )
  })
  test('takes the parameters the project starts the market with, and shows an account in detail', async () => {
    const { code, out } = await run(['margin', file, '--account', 'strangle'])
    expect(code).toBe(0)
    expect(out).toMatch(/^strangle +[\d,]+ USD/m)
    expect(out).toMatch(/^gamma +-?[\d,]+ USD$/m)
    expect(out).toMatch(/^size, vega +/m)
    expect(out).toContain('most it can lose: without bound')
  })
  test('the detail adds up, and an order is judged before it is traded', async () => {
    const args = ['margin', file, '--account', 'hedged', '--json']
    const { detail, accounts } = JSON.parse((await run(args)).out)
    const { positions, collateral, minimum, charges, cap } = detail.contributions
    const sum = positions.reduce((total: number, { amount }: { amount: number }) => total + amount, collateral + minimum + charges + cap)
    expect(sum).toBeCloseTo(accounts[0].maintenance, 6)
    expect(detail.modes.portfolio.maintenance).toBeLessThan(detail.modes.isolated.maintenance)
    expect(detail.venues.map(({ set }: { set: string }) => set)).toEqual(['ballast', 'deribit', 'derive', 'paradex', 'span16', 'tims10'])
    expect(detail.released.map(({ instrument }: { instrument: string }) => instrument)).toEqual(
      positions.map(({ instrument }: { instrument: string }) => instrument),
    )
    expect(detail.order).toBeNull()
    const large = JSON.parse((await run([...args, '--order', 'C-30JAN-3300:-2000@110', 'PERP:5@3120.5'])).out).detail.order
    expect(large.permitted).toBe(false)
    expect(large.after.maintenance - large.before.maintenance).toBeCloseTo(large.incremental.maintenance, 6)
    expect((await run(['margin', file, '--account', 'hedged', '--order', 'PERP:-30@3120.5'])).out).toMatch(
      /The account may take it(, \d+ times with free margin left)?\./,
    )
  })
  test('--set shows every account under the scenarios of a venue', async () => {
    const { code, out } = await run(['margin', file, '--set', 'derive', '--json'])
    expect(code).toBe(0)
    const { accounts, set, source } = JSON.parse(out)
    expect([set, accounts.length]).toEqual(['derive', 5])
    expect(source).toContain('Derive')
    const detail = JSON.parse((await run(['margin', file, '--account', 'strangle', '--json'])).out).detail
    const venue = detail.venues.find((each: { set: string }) => each.set === 'derive')
    expect(accounts.find(({ account }: { account: string }) => account === 'strangle').maintenance).toBe(venue.maintenance)
    expect((await run(['margin', file, '--set', 'tims10', '--account', 'basis'])).out).toMatch(/^basis +/m)
    expect((await run(['margin', file, '--set', 'nyse'])).code).toBe(4)
    expect((await run(['margin', file, '--set', 'derive', '--account', 'nobody'])).code).toBe(4)
    expect((await run(['margin', file, '--set', 'derive', '--plot', 'a.svg'])).code).toBe(2)
  })
  test('an order of another form, in nothing, or of nobody is refused', async () => {
    expect((await run(['margin', file, '--account', 'hedged', '--order', 'PERP'])).code).toBe(2)
    expect((await run(['margin', file, '--account', 'hedged', '--order', 'SWAP:1@2'])).code).toBe(4)
    expect((await run(['margin', file, '--order', 'PERP:1@3000'])).code).toBe(2)
    const twice = await run(['margin', file, '--account', 'hedged', '--order', 'PERP:1@3000', 'PERP:1@3000'])
    expect([twice.code, twice.err]).toEqual([3, expect.stringContaining('each instrument once')])
  })
  test('marks on the surface that risk surface wrote', async () => {
    const surface = join(scratch, 'surface.json')
    expect((await run(['surface', 'examples/risk/chain.csv', '--json', '--output', surface])).code).toBe(0)
    const flat = JSON.parse((await run(['margin', file, '--json'])).out).accounts
    const marked = JSON.parse((await run(['margin', file, '--surface', surface, '--json'])).out).accounts
    const { slices, spot } = JSON.parse(readFileSync(surface, 'utf8'))
    const basis = (accounts: { account: string; equity: number }[]): number => accounts.find(({ account }) => account === 'basis')!.equity
    expect(basis(flat) - basis(marked)).toBeCloseTo(25 * (slices[2].forward.forward - spot), 6)
  })
  test('--plot draws equity and requirement by spot', async () => {
    const svg = join(scratch, 'margin.svg')
    expect((await run(['margin', file, '--account', 'put writer', '--plot', svg])).code).toBe(0)
    expect(readFileSync(svg, 'utf8')).toContain('Margin of put writer by spot')
    expect(readFileSync(svg, 'utf8').match(/stroke-width="(2|1\.5)"/g)).toHaveLength(3)
  })
})

describe('risk stress', () => {
  test('finds who is short, what a fund has to hold and what would empty it', async () => {
    const { code, out } = await run(['stress', file, '--json'])
    expect(code).toBe(0)
    const { scenarios, cover, reverse } = JSON.parse(out)
    expect(scenarios).toHaveLength(6)
    const fall = scenarios.find(({ scenario }: { scenario: { name: string } }) => scenario.name === cover.scenario)
    expect(cover.requirement).toBeCloseTo(cover.coverTwo, 8)
    expect(fall.worst.account).toBe(cover.worst[0].account)
    expect(reverse.kind).toBe('found')
    expect(reverse.shortfall).toBeGreaterThanOrEqual(example.fund)
    expect((await run(['stress', file])).out).toMatch(/The smallest stress found that empties a fund of 100,000 USD: index -/)
  })
  test('runs scenarios of the file; a linear book loses what the index does', async () => {
    const scenarios = [{ name: 'half', spotMove: -0.5 }]
    const portfolios = [{ account: 'long', cash: 0, collateral: 0, positions: [{ instrument: 'P', quantity: 4 }] }]
    const { out } = await run(['stress', '-', '--json'], withChange({ scenarios, portfolios }))
    expect(JSON.parse(out).scenarios[0].equity).toBeCloseTo(200, 9)
    expect((await run(['stress', '-'], withChange({ scenarios, portfolios }))).out).toContain('No account leaves anything unpaid')
  })
  test('--plot draws shortfall and equity in two states', async () => {
    const svg = join(scratch, 'stress.svg')
    expect((await run(['stress', file, '--plot', svg])).code).toBe(0)
    expect(readFileSync(svg, 'utf8').match(/<g transform/g)).toHaveLength(2)
  })
})

describe('what is wrong with a book', () => {
  test.each([
    [
      'an instrument twice',
      { instruments: [...small.instruments, small.instruments[1]] },
      '$.instruments[2].id: P; it must be a name that no other instrument has',
    ],
    [
      'a position in nothing',
      { portfolios: [{ ...small.portfolios[0], positions: [{ instrument: 'Q', quantity: 1 }] }] },
      '$.portfolios[0].positions[0].instrument: Q; it must be one of C, P',
    ],
    [
      'a position twice',
      { portfolios: [{ ...small.portfolios[0], positions: [1, 2].map((quantity) => ({ instrument: 'P', quantity })) }] },
      '$.portfolios[0].positions[1].instrument: P; it must be held in one position',
    ],
    ['an instrument that expired', { market: { ...small.market, time: 1_800_000_000 } }, 'C'],
    ['a spot of zero', { market: { ...small.market, spot: 0 } }, '$.market.spot: 0'],
    [
      'a time that is none',
      { market: { ...small.market, time: '2026-02-30' } },
      '$.market.time: "2026-02-30"; it must be a time like 2026-01-05T10:00Z, or unix seconds',
    ],
    ['a parameter out of range', { parameters: { ...parameters, priceScanRange: 1.5 } }, 'priceScanRange: 1.5; it must be in ['],
    ['an unknown field', { colour: 'red' }, 'colour'],
  ])('%s is named with path, value and limit', async (_, change, message) => {
    const { code, err } = await run(['margin', '-'], withChange(change))
    expect(code).toBe(3)
    expect(err).toContain(message)
  })
  test('a market without defaults wants parameters; stress wants costs and scenarios', async () => {
    const { parameters: _, ...without } = small
    const none = await run(['margin', '-'], JSON.stringify(without))
    expect([none.code, none.err]).toEqual([2, expect.stringContaining('There are no margin parameters for X')])
    const { costs: __, ...free } = small
    const { code, err } = await run(['stress', '-'], JSON.stringify(free))
    expect(code).toBe(3)
    expect(err).toContain('$.costs: absent; it must be given for stress')
    expect(err).toContain('$.scenarios: absent; it must be given, since there is a set only for BTC and ETH')
  })
  test('an account, a surface and a smile that are not there', async () => {
    expect((await run(['margin', file, '--account', 'nobody'])).code).toBe(4)
    expect((await run(['margin', file, '--surface', 'nowhere.json'])).code).toBe(4)
    const bad = await run(['margin', file, '--surface', file])
    expect([bad.code, bad.err]).toEqual([3, expect.stringContaining('surface')])
  })
})
