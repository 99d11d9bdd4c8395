import { InvalidInputError } from '../errors/index.ts'
import { assertInRange } from '../math/index.ts'
import { expiryOf, type PricingRegistry, pricingModuleOf } from '../pricing/index.ts'
import type { Instrument, Portfolio } from '../types/index.ts'
import type { CollateralQuote, ExpiryQuote, LiquidityParameters, MarginMarket, MarginParameters, RampedParameters, Smile } from './types.ts'

const BELOW_ONE = 1 - 1e-9

/** @throws {InvalidInputError} A field is NaN or outside the range its type states. */
export function assertMarginParameters(parameters: MarginParameters): void {
  assertInRange('priceScanRange', parameters.priceScanRange, Number.MIN_VALUE, BELOW_ONE)
  assertInRange('initialRange', parameters.initialRange, Number.MIN_VALUE, BELOW_ONE)
  assertInRange('volScanUp', parameters.volScanUp, 0, 5)
  assertInRange('volScanDown', parameters.volScanDown, 0, BELOW_ONE)
  assertInRange('initialMultiplier', parameters.initialMultiplier, 1, 10)
  assertInRange('shortOptionMinimum', parameters.shortOptionMinimum, 0, 1)
  assertInRange('tailWeight', parameters.tailWeight, 0, 2)
  assertInRange('haircut', parameters.haircut, 0, 1)
  if (parameters.newRisk !== undefined) assertTargets(parameters.newRisk)
  if (parameters.liquidity !== undefined) assertLiquidity(parameters.liquidity)
}

function assertTargets(newRisk: RampedParameters): void {
  assertInRange('newRisk.priceScanRange', newRisk.priceScanRange, Number.MIN_VALUE, BELOW_ONE)
  assertInRange('newRisk.volScanUp', newRisk.volScanUp, 0, 5)
  assertInRange('newRisk.volScanDown', newRisk.volScanDown, 0, BELOW_ONE)
  assertInRange('newRisk.shortOptionMinimum', newRisk.shortOptionMinimum, 0, 1)
  assertInRange('newRisk.tailWeight', newRisk.tailWeight, 0, 2)
  assertInRange('newRisk.haircut', newRisk.haircut, 0, 1)
}

function assertLiquidity({ depth, vegaDepth, deltaAddOn, gammaAddOn, vegaAddOn }: LiquidityParameters): void {
  assertInRange('liquidity.depth', depth, 1e-9, 1e18)
  assertInRange('liquidity.vegaDepth', vegaDepth, 1e-9, 1e18)
  assertInRange('liquidity.deltaAddOn', deltaAddOn, 0, 1)
  assertInRange('liquidity.gammaAddOn', gammaAddOn, 0, 1)
  assertInRange('liquidity.vegaAddOn', vegaAddOn, 0, 100)
}

/** @throws {InvalidInputError} Time is not a whole second, spot or vol are outside their ranges, or an expiry of the surface is malformed or out of order. */
export function assertMarginMarket(market: MarginMarket): void {
  const { time, spot } = market
  if (!Number.isSafeInteger(time)) throw new InvalidInputError({ argument: 'time', got: time, limit: 'a whole number of seconds' })
  assertInRange('spot', spot, 1e-9, 1e15)
  if ('markVol' in market) assertInRange('markVol', market.markVol, 0, 10)
  else market.expiries.forEach(assertExpiryQuote)
  const assets = new Set<string>()
  for (const quote of market.collaterals ?? []) assertCollateralQuote(quote, assets)
}

function assertCollateralQuote(quote: CollateralQuote, assets: Set<string>): void {
  const { asset, price, haircut, admitted } = quote
  if (assets.has(asset)) throw new InvalidInputError({ argument: 'collaterals', got: asset, limit: 'quoted once' })
  assets.add(asset)
  assertInRange(`price of ${asset}`, price, 0, 1e15)
  assertInRange(`haircut of ${asset}`, haircut, 0, 1)
  assertInRange(`admitted share of ${asset}`, admitted, 0, 1)
  if (quote.kind === 'volatile') assertInRange(`beta of ${asset}`, quote.beta, -10, 10)
}

function assertExpiryQuote({ expiry, forwardRatio, atmVol, smile }: ExpiryQuote, i: number, all: readonly ExpiryQuote[]): void {
  const at = `expiries[${i}]`
  if (!Number.isSafeInteger(expiry))
    throw new InvalidInputError({ argument: `${at}.expiry`, got: expiry, limit: 'a whole number of seconds' })
  if (i > 0) assertAscending(`${at}.expiry`, all[i - 1]!.expiry, expiry)
  assertInRange(`${at}.forwardRatio`, forwardRatio, 0.1, 10)
  assertInRange(`${at}.atmVol`, atmVol, 1e-6, 10)
  assertSmile(`${at}.smile`, smile)
}

function assertSmile(at: string, smile: Smile): void {
  if (smile.kind === 'points') {
    const { strikes, vols } = smile
    if (strikes.length === 0 || strikes.length !== vols.length)
      throw new InvalidInputError({
        argument: `${at}.vols`,
        got: `${vols.length} vols`,
        limit: `one for each of ${strikes.length} strikes, at least one`,
      })
    strikes.forEach((strike, i) => {
      assertInRange(`${at}.strikes[${i}]`, strike, 1e-9, 1e15)
      if (i > 0) assertAscending(`${at}.strikes[${i}]`, strikes[i - 1]!, strike)
      assertInRange(`${at}.vols[${i}]`, vols[i]!, 0, 10)
    })
    return
  }
  const { a, b, rho, m, sigma } = smile
  assertInRange(`${at}.b`, b, 0, 1e3)
  assertInRange(`${at}.rho`, rho, -1, 1)
  assertInRange(`${at}.m`, m, -50, 50)
  assertInRange(`${at}.sigma`, sigma, 0, 1e3)
  // Below this level the least total variance would be negative.
  assertInRange(`${at}.a`, a, -b * sigma * Math.sqrt(1 - rho * rho), 1e4)
}

function assertAscending(argument: string, before: number, got: number): void {
  if (!(got > before)) throw new InvalidInputError({ argument, got, limit: `above ${before}` })
}

/**
 * Instruments that may be margined at `time`. One that has expired is an error, not a position: what it paid belongs into cash,
 * and the source of the book knows the settlement price while the book does not.
 *
 * @throws {InvalidInputError} An id repeats, a kind has no pricing module, an instrument is malformed, it expired before `time`, or the surface lacks its expiry.
 */
export function assertInstruments(instruments: readonly Instrument[], market: MarginMarket, registry: PricingRegistry): void {
  const { time } = market
  const quoted = 'markVol' in market ? null : new Set(market.expiries.map(({ expiry }) => expiry))
  const ids = new Set<string>()
  for (const instrument of instruments) {
    const { id } = instrument
    const expiry = expiryOf(instrument)
    if (ids.has(id)) throw new InvalidInputError({ argument: 'instrument id', got: id, limit: 'used once' })
    ids.add(id)
    pricingModuleOf(instrument, registry).assertValid(instrument)
    if (expiry === null) continue
    if (!Number.isSafeInteger(expiry))
      throw new InvalidInputError({ argument: `expiry of ${id}`, got: expiry, limit: 'a whole number of seconds' })
    if (expiry < time)
      throw new InvalidInputError({
        argument: `expiry of ${id}`,
        got: expiry,
        limit: `at or after the time of the mark, ${time}; settle it into cash`,
      })
    if (quoted?.has(expiry) === false)
      throw new InvalidInputError({ argument: `expiry of ${id}`, got: expiry, limit: 'an expiry of the surface' })
  }
}

/**
 * @throws {InvalidInputError} Cash or collateral is out of range, an asset is named twice or has no quote, or a position names no instrument, names one twice, or has
 * a quantity that is not finite.
 */
export function assertPortfolio(
  { account, cash, collateral, assets, principal, positions }: Portfolio,
  instrumentCount: number,
  market: MarginMarket,
): void {
  assertInRange(`cash of ${account}`, cash, -1e18, 1e18)
  assertInRange(`collateral of ${account}`, collateral, 0, 1e15)
  if (principal !== undefined) assertInRange(`principal of ${account}`, principal, -1e18, 1e18)
  if (assets !== undefined) assertAssets(account, assets, market.collaterals ?? [])
  const held = new Set<number>()
  for (const { instrument, quantity } of positions) {
    if (!(Number.isInteger(instrument) && instrument >= 0 && instrument < instrumentCount)) {
      throw new InvalidInputError({
        argument: `instrument of a position of ${account}`,
        got: instrument,
        limit: `a whole number from 0 to ${instrumentCount - 1}`,
      })
    }
    if (held.has(instrument))
      throw new InvalidInputError({ argument: `instrument of a position of ${account}`, got: instrument, limit: 'held once; net the two' })
    held.add(instrument)
    assertInRange(`quantity of instrument ${instrument} of ${account}`, quantity, -1e12, 1e12)
  }
}

function assertAssets(account: string, assets: NonNullable<Portfolio['assets']>, quotes: readonly CollateralQuote[]): void {
  const named = new Set<string>()
  for (const { asset, amount } of assets) {
    if (named.has(asset)) throw new InvalidInputError({ argument: `assets of ${account}`, got: asset, limit: 'named once' })
    named.add(asset)
    if (!quotes.some((quote) => quote.asset === asset))
      throw new InvalidInputError({ argument: `assets of ${account}`, got: asset, limit: 'quoted by the market' })
    assertInRange(`amount of ${asset} of ${account}`, amount, 0, 1e15)
  }
}
