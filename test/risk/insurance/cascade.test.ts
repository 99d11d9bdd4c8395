import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type CascadeSettings, simulateCascade } from '../../../risk/insurance/index.ts'
import { assessBook, type MarginParameters } from '../../../risk/margin/index.ts'
import type { Bps, Portfolio } from '../../../risk/types/index.ts'
import { expectInvalid } from '../support/expectInvalid.ts'
import { expectNear } from '../support/expectNear.ts'
import { propertyRuns } from '../support/propertyRuns.ts'

const time = 1_600_000_000
const market = { time, spot: 1000, markVol: 0.8 }
const parameters: MarginParameters = {
  priceScanRange: 0.2,
  initialRange: 0.2,
  volScanUp: 0.3,
  volScanDown: 0.2,
  initialMultiplier: 1.3,
  shortOptionMinimum: 0,
  tailWeight: 0.77,
  haircut: 0.2,
}
const bps = (value: number): Bps => value as Bps
const settings: CascadeSettings = {
  shock: -0.05,
  depthUsd: 1e5,
  hedgedShare: 1,
  terms: {
    feeBps: bps(300),
    maintenanceShareBps: bps(4000),
    liquidatorShareBps: bps(7000),
    bufferBps: bps(2000),
    solventSeconds: 1800,
    insolventSeconds: 3600,
  },
  dustUsd: 0,
  maxRounds: 200,
}
const instruments = [{ kind: 'perpetual' as const, id: 'perp' }]
/** Long `quantity` perpetuals bought at 1,000 with the given deposit. */
const long = (quantity: number, deposit: number): Portfolio => ({
  account: `${quantity} with ${deposit}`,
  cash: deposit - 1000 * quantity,
  collateral: 0,
  positions: [{ instrument: 0, quantity }],
})

describe('simulateCascade', () => {
  it('given nobody near margin, is the shock alone', () => {
    const result = simulateCascade({ instruments, portfolios: [long(10, 9000)] }, market, parameters, settings)
    expect(result).toMatchObject({
      kind: 'settled',
      rounds: [],
      finalSpot: 950,
      amplification: expect.closeTo(1, 12),
      liquidatedUsd: 0,
      badDebtUsd: 0,
    })
  })
  it('given one account, sells the closed form and moves the price by its impact', () => {
    const portfolios = [long(10, 2300)]
    const result = simulateCascade({ instruments, portfolios }, market, parameters, { ...settings, depthUsd: 1e9 })
    // At 950: equity 1,800; maintenance 22.2 % x 950 x 10 if the far cells bind, from the rule itself.
    const { equity, maintenance } = assessBook({ instruments, portfolios }, { ...market, spot: 950 }, parameters).accounts[0]!
    const charge = Math.min(0.03 * 9500, 0.4 * maintenance, equity)
    const fraction = (1.2 * maintenance - equity) / (1.2 * maintenance - charge)
    expect(result.rounds).toHaveLength(1)
    expectNear('sold', result.liquidatedUsd, fraction * 9500, { rel: 1e-9 })
    expectNear('charged', result.chargedUsd, fraction * charge, { rel: 1e-9 })
    expectNear('price', result.finalSpot, 950 * (1 - 0.01 * Math.sqrt((fraction * 9500) / 1e9)), { rel: 1e-12 })
  })
  it('one liquidation causes the next', () => {
    const portfolios = [long(100, 23_000), long(100, 24_100), long(100, 24_500), long(100, 90_000)]
    const result = simulateCascade({ instruments, portfolios }, market, parameters, settings)
    expect(result.kind).toBe('settled')
    expect(result.rounds.length).toBeGreaterThan(1)
    expect(result.rounds[0]!.accounts).toBe(1)
    expect(result.amplification!).toBeGreaterThan(1)
    const alone = simulateCascade({ instruments, portfolios: portfolios.slice(0, 1) }, market, parameters, settings)
    expect(result.finalSpot).toBeLessThan(alone.finalSpot)
  })
  it('a rise squeezes shorts the same way', () => {
    const result = simulateCascade({ instruments, portfolios: [{ ...long(-50, 0), cash: 50_000 + 11_500 }] }, market, parameters, {
      ...settings,
      shock: 0.05,
    })
    expect(result.rounds[0]!.flowUsd).toBeGreaterThan(0)
    expect(result.finalSpot).toBeGreaterThan(1050)
  })
  it('a bankrupt account leaves its deficit, and only that', () => {
    const result = simulateCascade({ instruments, portfolios: [long(10, 300)] }, market, parameters, { ...settings, depthUsd: 1e12 })
    expectNear('bad debt', result.badDebtUsd, 200, { rel: 1e-9 })
    expect(result.portfolios[0]).toMatchObject({ cash: 0, positions: [] })
  })
  it('ends where nobody is liquidatable, is the same in any order of accounts, and hurts less in deeper markets', () => {
    const account = fc.tuple(
      fc.integer({ min: -50, max: 50 }).filter((quantity) => quantity !== 0),
      fc.double({ min: 0.19, max: 0.6, noNaN: true }),
    )
    fc.assert(
      fc.property(fc.array(account, { minLength: 1, maxLength: 6 }), fc.double({ min: -0.3, max: 0.3, noNaN: true }), (list, shock) => {
        const portfolios = list.map(([quantity, margin]) => long(quantity, margin * 1000 * Math.abs(quantity)))
        const run = (accounts: Portfolio[], depthUsd: number) =>
          simulateCascade({ instruments, portfolios: accounts }, market, parameters, { ...settings, shock, depthUsd })
        const result = run(portfolios, 1e6)
        expect(result.kind).toBe('settled')
        const { accounts } = assessBook({ instruments, portfolios: result.portfolios }, { ...market, spot: result.finalSpot }, parameters)
        expect(accounts.some(({ liquidatable }) => liquidatable)).toBe(false)
        const reversed = run([...portfolios].reverse(), 1e6)
        expectNear(list, reversed.finalSpot, result.finalSpot, { rel: 1e-9 })
        const move = (spot: number) => Math.abs(spot - 1000 * (1 + shock))
        if (list.every(([quantity]) => quantity > 0))
          expect(move(run(portfolios, 1e8).finalSpot)).toBeLessThanOrEqual(move(result.finalSpot) + 1e-9)
      }),
      { ...propertyRuns, numRuns: propertyRuns.numRuns / 2 },
    )
  })
  it('moves value from accounts to charges alone, but for what bankrupt ones leave unpaid', () => {
    const account = fc.tuple(fc.integer({ min: -50, max: 50 }), fc.double({ min: 0.01, max: 0.6, noNaN: true }))
    fc.assert(
      fc.property(fc.array(account, { minLength: 1, maxLength: 6 }), fc.double({ min: -0.3, max: 0.3, noNaN: true }), (list, shock) => {
        const portfolios = list.map(([quantity, margin]) => ({ ...long(quantity, margin * 1000 * Math.abs(quantity)), collateral: 1 }))
        const result = simulateCascade({ instruments, portfolios }, market, parameters, { ...settings, shock, hedgedShare: 0 })
        const worth = (accounts: readonly Portfolio[]) =>
          accounts.reduce((sum, { cash, collateral, positions }) => {
            const held = positions.reduce((total, { quantity }) => total + quantity, collateral)
            return sum + cash + held * result.finalSpot
          }, 0)
        expectNear(list, worth(result.portfolios) + result.chargedUsd - result.badDebtUsd, worth(portfolios), { abs: 1e-6 })
      }),
      propertyRuns,
    )
  })
  it('given too few rounds, says that it has not settled', () => {
    const portfolios = [long(100, 23_000), long(100, 24_100), long(100, 24_500)]
    expect(simulateCascade({ instruments, portfolios }, market, parameters, { ...settings, maxRounds: 1 }).kind).toBe('unsettled')
  })
  it('refuses bad settings', () => {
    const run = (change: Partial<CascadeSettings>) => () =>
      simulateCascade({ instruments, portfolios: [] }, market, parameters, { ...settings, ...change })
    expectInvalid('shock', run({ shock: -1 }))
    expectInvalid('depthUsd', run({ depthUsd: Number.NaN }))
    expectInvalid('hedgedShare', run({ hedgedShare: 2 }))
    expectInvalid('dustUsd', run({ dustUsd: -1 }))
    expectInvalid('maxRounds', run({ maxRounds: 0.5 }))
  })
})
