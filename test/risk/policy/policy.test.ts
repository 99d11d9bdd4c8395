import { describe, expect, it } from 'vitest'
import { parseCatalogue, parseEngineConfiguration, parseMarket } from '../../../risk/catalogue/index.ts'
import { computeTargets, policies } from '../../../risk/policy/index.ts'
import type { ClearingSignals, Signals } from '../../../risk/signals/index.ts'
import type { LiveParameter, ParameterValue, ParamId } from '../../../risk/types/index.ts'
import { readConfig } from '../support/readConfig.ts'

const catalogue = parseCatalogue(readConfig('catalogues/ballast'))
const engines = ['engines/eth', 'engines/eth-collateral'].map((name) => parseEngineConfiguration(readConfig(name), catalogue).policy)
const insurance = {
  'insurance.contributionRate': { baseRate: 0.1, slope: 3 },
  'insurance.coverTarget': { base: 1, greenBreaches: 7, redBreaches: 11, yellowSupplement: 0.25, redSupplement: 0.5 },
}
const configuration = { policy: Object.assign({}, ...engines, insurance) as Record<string, Record<string, number>> }
const scopes = ['markets/eth', 'groups/main'].flatMap((name) => parseMarket(readConfig(name), catalogue).scopes)
const now = 1_600_000_000

function live(id: ParamId, value?: number): LiveParameter {
  const parameter = scopes.flatMap(({ parameters }) => parameters).find((candidate) => candidate.id === id)!
  const held = (value ?? parameter.value) as ParameterValue
  return {
    id,
    rule: parameter.rule,
    pending: null,
    state: {
      value: held,
      effective: held,
      lastTightenAt: 0,
      lastWriteAt: 0,
      historyLength: 1,
      loosenBudgetUsedBps: 0,
      tightenBudgetUsed: 0,
      stewardTightenUsed: 0,
      tightenBudgetBase: held,
      vetoedUntil: 0,
    },
  }
}

const calm: Signals = {
  bars: {
    historyHours: 30_000,
    sigma24h: 0.04,
    lossMultiple: 4,
    sigmaQ98: 0.1,
    sigmaQ25: 0.03,
    sigmaQ90: 0.07,
    loss24hQ99: 0.18,
    loss48hQ99: 0.24,
    loss24hEs99: 0.27,
    fall24hQ99: 0.17,
    breaches365d: 5,
    volume24hQ10: 400_000,
    amihud30d: 1e-10,
    realizedVol7d: 0.8,
  },
  liquidity: null,
  impliedVol: null,
  clearing: null,
  venue: null,
  tenMinuteMoveQ95: null,
}
const cleared: ClearingSignals = {
  openInterestUsd: 1e8,
  fundUsd: 6e6,
  coverTwoUsd: 1e7,
  shownCoverUsd: null,
  auctionedShare: 0,
  medianFill: 0.3,
  longestUnsoldMinutes: 5,
  gasShare: 0.001,
  sliceImpact: 0.004,
  marginMoveQ95: 0.21,
}
const full: Signals = {
  ...calm,
  liquidity: { spreadQ90: 0.002, depthQ10: 4_000_000, liquidated24hUsd: null },
  impliedVol: { atm7d: 0.9, riseQ995: 0.22, fallQ99: 0.11, halfSpreadQ90: 0.008, vegaDepthQ10: 240_000.7 },
  clearing: cleared,
  tenMinuteMoveQ95: 0.02,
}

function targetOf(id: ParamId, signals: Signals, value?: number) {
  return computeTargets(
    signals,
    [live('margin.priceScanRange'), ...(id === 'margin.priceScanRange' ? [] : [live(id, value)])],
    configuration,
    now,
  ).get(id)!
}

describe('every parameter of the catalogue', () => {
  it('has a policy, or is written by the DAO alone', () => {
    for (const { id, class: riskClass } of catalogue.parameters) expect(policies.has(id), id).toBe(riskClass !== 'governance')
  })

  // Each figure is the formula of the risk policy worked by hand.
  it.each([
    ['margin.priceScanRange', 2202, '4 x (0.75 x 0.040041 + 0.25 x 0.1): 0.85 x 0.9 / sqrt(365) = 0.040041 wins over 0.04'],
    ['margin.initialRangeFloor', 3100, '4 x (0.75 x 0.07 + 0.25 x 0.1)'],
    ['margin.volScanUp', 3150, '0.75 x 0.22 + 0.25 x 0.6'],
    ['margin.volScanDown', 1650, '1.5 x 0.11'],
    ['margin.initialMultiplier', 13_334, '0.24 / 0.18, rounded up'],
    ['margin.shortOptionMinimum', 155, '0.07 x 2202'],
    ['margin.tailWeight', 7500, '0.27 / (2 x 0.18)'],
    ['margin.deltaAddOn', 60, '0.001 + 0.005'],
    ['margin.gammaAddOn', 60, '0.001 + 0.005'],
    ['margin.vegaAddOn', 120, '1.5 x 0.8 points'],
    ['market.depth', 4_000_000, 'q10'],
    ['market.vegaDepth', 240_000, 'q10, rounded down'],
    ['market.openInterestCap', 96_000, 'min(0.15 x 400000 / 0.38, 160000 x 6 / 10)'],
    ['collateral.haircut', 1802, '1 - 0.83 x (1 - 0.001 - 0.01 x sqrt(1.25)) = 0.18011'],
    ['liquidation.fee', 260, '0.001 + 0.001 + 0.004 + 0.02'],
    ['liquidation.liquidatorShare', 6500, 'easy fills: five points down'],
    ['liquidation.buffer', 2100, '0.21'],
    ['insurance.contributionRate', 2200, '0.1 x (1 + 3 x 0.4)'],
    ['insurance.coverTarget', 10_000, 'green'],
    ['oracle.maxAge', 240, '0.05^2 x 86400 = 216, rounded up to 60'],
  ])('%s asks for %i: %s', (id, expected) => {
    const { target, terms } = targetOf(id, full)
    expect(target).toBe(expected)
    expect(terms.every(({ value }) => Number.isFinite(value))).toBe(true)
  })

  it('with a volatility index alone moves the vol scan, and holds what needs quotes', () => {
    const indexed: Signals = {
      ...calm,
      impliedVol: { atm7d: null, riseQ995: 0.22, fallQ99: 0.11, halfSpreadQ90: null, vegaDepthQ10: null },
    }
    expect(targetOf('margin.volScanUp', indexed).target).toBe(targetOf('margin.volScanUp', full).target)
    expect(targetOf('margin.priceScanRange', indexed)).toEqual(targetOf('margin.priceScanRange', calm))
    for (const id of ['margin.vegaAddOn', 'market.vegaDepth']) expect(targetOf(id, indexed).hold).toBe('inputUnavailable')
  })

  it('with quotes alone moves what needs a spread, with depth alone the depth', () => {
    const quoted: Signals = { ...calm, liquidity: { spreadQ90: 0.002, depthQ10: null, liquidated24hUsd: 1e6 } }
    expect(targetOf('margin.deltaAddOn', quoted).target).toBe(60)
    expect(targetOf('collateral.haircut', quoted).flags).toEqual(['missing:order books'])
    expect(targetOf('market.depth', quoted).hold).toBe('inputUnavailable')
    const deep: Signals = { ...calm, liquidity: { spreadQ90: null, depthQ10: 4_000_000, liquidated24hUsd: null } }
    expect(targetOf('market.depth', deep).target).toBe(4_000_000)
    expect(targetOf('margin.gammaAddOn', deep).hold).toBe('inputUnavailable')
    expect(targetOf('liquidation.fee', { ...deep, clearing: cleared }).flags).toEqual(['missing:quotes'])
  })

  it('lowers the cap on open interest where it was seen to fall further than the worst known, and never raises it', () => {
    const seen = (worstDailyFall: number | null): Signals => ({
      ...calm,
      venue: { openInterestUsd: 1e9, worstDailyFall, fundingPerYear: null, largestFunding: null },
    })
    expect(targetOf('market.openInterestCap', calm).target).toBe(157_894)
    expect(targetOf('market.openInterestCap', seen(0.5)).target).toBe(120_000)
    expect(targetOf('market.openInterestCap', seen(0.1)).target).toBe(157_894)
    expect(targetOf('market.openInterestCap', seen(null)).target).toBe(157_894)
    expect(targetOf('market.openInterestCap', seen(0.5)).terms.map(({ name }) => name)).toEqual([
      'volume24hQ10',
      'observedDailyFall',
      'byVolume',
    ])
  })

  it.each([
    ['margin.volScanUp', 'implied volatility'],
    ['margin.volScanDown', 'implied volatility'],
    ['margin.deltaAddOn', 'quotes'],
    ['margin.gammaAddOn', 'quotes'],
    ['margin.vegaAddOn', 'option quotes'],
    ['market.depth', 'order books'],
    ['market.vegaDepth', 'option quotes'],
    ['collateral.haircut', 'quotes'],
    ['liquidation.fee', 'clearing report'],
    ['liquidation.liquidatorShare', 'clearing report'],
    ['liquidation.buffer', 'clearing report'],
    ['insurance.contributionRate', 'clearing report'],
    ['oracle.maxAge', 'gas'],
  ])('%s holds inputUnavailable without %s', (id, missing) => {
    const { target, hold, flags } = targetOf(id, calm)
    expect([target, hold]).toEqual([null, 'inputUnavailable'])
    expect(flags[0]).toContain(missing)
  })
})

describe('margin.priceScanRange', () => {
  it('keeps the loss multiple inside its clamp and uses the prior while none is measured', () => {
    const range = (lossMultiple: number | null) =>
      targetOf('margin.priceScanRange', { ...calm, bars: { ...calm.bars, lossMultiple } }).target!
    expect(range(9)).toBe(range(5))
    expect(range(1)).toBe(range(3))
    expect(range(null)).toBe(range(3.8))
  })

  it('rises with volatility and never falls below the floor of calm times', () => {
    const range = (sigma24h: number) => targetOf('margin.priceScanRange', { ...calm, bars: { ...calm.bars, sigma24h } }).target!
    expect(range(0)).toBe(1200)
    expect(range(0.2)).toBeGreaterThan(range(0.1))
  })

  it('asks for the baseline with less than 180 days of bars, flagged', () => {
    const { target, flags } = targetOf('margin.priceScanRange', { ...calm, bars: { ...calm.bars, historyHours: 4319 } })
    expect([target, flags]).toEqual([2100, ['shortHistory']])
  })
})

describe('slow and two-sided parameters', () => {
  it('margin.initialRangeFloor moves at most monthly', () => {
    const recent = live('margin.initialRangeFloor')
    const written = { ...recent, state: { ...recent.state, lastWriteAt: now - 29 * 86_400 } }
    expect(computeTargets(calm, [written], configuration, now).get('margin.initialRangeFloor')).toMatchObject({
      target: null,
      hold: 'cooldown',
    })
  })

  it('liquidation.fee does not rise while more than 5 % of open interest is in auction, but may fall', () => {
    const auctions = { ...full, clearing: { ...cleared, auctionedShare: 0.06 } }
    expect(targetOf('liquidation.fee', auctions, 200)).toMatchObject({ target: null, flags: ['auctionsOpen'] })
    expect(targetOf('liquidation.fee', auctions, 400).target).toBe(260)
  })

  it('liquidation.liquidatorShare rises ten points while any lot waits more than 30 minutes', () => {
    expect(targetOf('liquidation.liquidatorShare', { ...full, clearing: { ...cleared, longestUnsoldMinutes: 31 } }).target).toBe(8000)
    expect(targetOf('liquidation.liquidatorShare', { ...full, clearing: { ...cleared, medianFill: 0.6 } }).target).toBe(7000)
  })

  it('insurance.coverTarget follows the coverage light: green to 7 breaches, red from 11', () => {
    const cover = (breaches365d: number) => targetOf('insurance.coverTarget', { ...calm, bars: { ...calm.bars, breaches365d } }).target
    expect([7, 8, 10, 11].map(cover)).toEqual([10_000, 12_500, 12_500, 15_000])
  })

  it('insurance.contributionRate fills the fund toward the requirement times the cover target', () => {
    const targets = computeTargets(
      { ...full, bars: { ...full.bars, breaches365d: 8 } },
      [live('insurance.contributionRate'), live('insurance.coverTarget')],
      configuration,
      now,
    )
    // Target 1e7 x 1.25; 0.1 x (1 + 3 x (1 - 6 / 12.5)).
    expect(targets.get('insurance.contributionRate')!.target).toBe(2560)
    expect(targets.get('insurance.contributionRate')!.terms.find(({ name }) => name === 'target')?.value).toBe(12_500_000)
  })

  it('oracle.maxAge doubles in congestion', () => {
    expect(targetOf('oracle.maxAge', { ...full, clearing: { ...cleared, gasShare: 0.02 } }).target).toBe(480)
  })
})
