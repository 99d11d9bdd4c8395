import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { assessAccount, type ExpiryQuote, type MarginParameters, type SurfaceMarket, smileVol } from '../../../risk/margin/index.ts'
import { black76Price } from '../../../risk/pricing/index.ts'
import type { Instrument } from '../../../risk/types/index.ts'
import { parameters as anyParameters, portfolio as anyPortfolio, bookTime, instruments as chain } from '../support/arbitraryBook.ts'
import { expectInvalid } from '../support/expectInvalid.ts'
import { expectNear } from '../support/expectNear.ts'
import { propertyRuns } from '../support/propertyRuns.ts'

const spot = 2000
const expiry = bookTime + 86_400 * 30
const years = 30 / 365
const points = { kind: 'points' as const, strikes: [1500, 2000, 2800], vols: [0.9, 0.7, 0.8] }
const quote: ExpiryQuote = { expiry, forwardRatio: 1.01, atmVol: 0.7, smile: points }
const market: SurfaceMarket = { time: bookTime, spot, expiries: [quote] }
const parameters: MarginParameters = {
  priceScanRange: 0.2,
  initialRange: 0.3,
  volScanUp: 0.35,
  volScanDown: 0.17,
  initialMultiplier: 1,
  shortOptionMinimum: 0,
  tailWeight: 0,
  haircut: 0.25,
}
const account = (positions: readonly { instrument: number; quantity: number }[]) => ({ account: 'A', cash: 0, collateral: 0, positions })

describe('a smile', () => {
  it('given as points is linear in total variance over ln K and flat outside', () => {
    const vol = (strike: number): number => smileVol(quote, strike, 2020, years)
    expect([vol(1), vol(1500), vol(2000), vol(2800), vol(1e9)]).toEqual([0.9, 0.9, 0.7, 0.8, 0.8])
    expectNear('middle in ln K', vol(Math.sqrt(1500 * 2000)), Math.sqrt((0.81 + 0.49) / 2), { rel: 1e-13 })
  })
  it('given as SVI is the square root of its total variance over time', () => {
    const svi = { kind: 'svi' as const, a: 0.01, b: 0.1, rho: -0.3, m: 0.02, sigma: 0.2 }
    for (const strike of [500, 1900, 2020, 6000]) {
      const k = Math.log(strike / 2020)
      const variance = 0.01 + 0.1 * (-0.3 * (k - 0.02) + Math.sqrt((k - 0.02) ** 2 + 0.04))
      expectNear({ strike }, smileVol({ ...quote, smile: svi }, strike, 2020, years), Math.sqrt(variance / years), { rel: 1e-13 })
    }
    expect(smileVol({ ...quote, smile: svi }, 500, 2020, 0), 'at expiry').toBe(0.7)
    expectInvalid(`smile of expiry ${expiry} at strike 6000`, () => smileVol({ ...quote, smile: { ...svi, a: 100 } }, 6000, 2020, years))
  })
})

describe('margin on a surface', () => {
  it('that is flat has the bits of the flat market', () => {
    const days = [...new Set(chain.map((instrument) => instrument.expiry))]
    const flat = days.map(
      (at): ExpiryQuote => ({ expiry: at, forwardRatio: 1, atmVol: 0.8, smile: { kind: 'points', strikes: [100], vols: [0.8] } }),
    )
    fc.assert(
      fc.property(anyPortfolio, anyParameters, (portfolio, with_) => {
        expect(assessAccount(portfolio, chain, { time: bookTime, spot, expiries: flat }, with_)).toStrictEqual(
          assessAccount(portfolio, chain, { time: bookTime, spot, markVol: 0.8 }, with_),
        )
      }),
      propertyRuns,
    )
  })
  it('marks at the smile of the strike and the forward of the expiry', () => {
    const option: Instrument = { kind: 'option', id: 'C', type: 'call', strike: 1500, expiry }
    const { equity, bindingCell } = assessAccount(account([{ instrument: 0, quantity: 1 }]), [option], market, parameters)
    expectNear('equity', equity, black76Price({ type: 'call', forward: 2020, strike: 1500, timeToExpiry: years, vol: 0.9, rate: 0 }), {
      rel: 1e-13,
    })
    expect(bindingCell.move).toBe(-0.2)
    // The strike's vol falls by the factor of the expiry's vol at the money; its forward keeps the ratio to the index.
    const stressed = black76Price({ type: 'call', forward: 1600 * 1.01, strike: 1500, timeToExpiry: years, vol: 0.9 * 0.83, rate: 0 })
    expectNear('loss', bindingCell.loss, equity - 0.97 * Math.exp(-0.05 * years) * stressed, { rel: 1e-12 })
  })
  it('holds a conversion flat in every state: call - put - future', () => {
    const legs: Instrument[] = [
      { kind: 'option', id: 'C', type: 'call', strike: 1900, expiry },
      { kind: 'option', id: 'P', type: 'put', strike: 1900, expiry },
      { kind: 'future', id: 'F', expiry },
    ]
    const quantities = [-1, 1, 1]
    const { maintenance, equity, maximumLoss } = assessAccount(
      account(quantities.map((quantity, instrument) => ({ instrument, quantity }))),
      legs,
      market,
      parameters,
    )
    expectNear('equity is the strike', equity, 1900, { rel: 1e-13 })
    expectNear('maximum loss', maximumLoss!, 0, { abs: 1e-9 })
    expect(maintenance).toBe(maximumLoss)
  })
  it('takes perpetuals, inverse options and digitals beside the rest', () => {
    const legs: Instrument[] = [
      { kind: 'perpetual', id: 'P' },
      { kind: 'inverseOption', id: 'I', type: 'put', strike: 1500, expiry },
      { kind: 'digital', id: 'D', type: 'call', pays: 'cash', strike: 2000, expiry },
    ]
    const of = (instrument: number, quantity: number) => assessAccount(account([{ instrument, quantity }]), legs, market, parameters)
    expectNear('perpetual', of(0, -1).maintenance, 0.2 * spot, { rel: 1e-13 })
    expect(of(1, 1).equity).toBeGreaterThan(0)
    expect(of(1, -1).maximumLoss).toBeGreaterThan(1300)
    const short = of(2, -1)
    expectNear('a short digital loses what it has not been paid', short.maximumLoss!, 1 + short.equity, { rel: 1e-12 })
    expect(short.maintenance).toBeLessThanOrEqual(short.maximumLoss!)
  })
  it('refuses an expiry it does not have, and malformed quotes', () => {
    const option: Instrument = { kind: 'option', id: 'C', type: 'call', strike: 1500, expiry: expiry + 1 }
    const assess = (expiries: readonly ExpiryQuote[], instruments: Instrument[] = []) =>
      assessAccount(account([]), instruments, { ...market, expiries }, parameters)
    expectInvalid('expiry of C', () => assess([quote], [option]))
    expectInvalid('expiries[1].expiry', () => assess([quote, quote]))
    expectInvalid('expiries[0].expiry', () => assess([{ ...quote, expiry: 0.5 }]))
    expectInvalid('expiries[0].forwardRatio', () => assess([{ ...quote, forwardRatio: 0 }]))
    expectInvalid('expiries[0].atmVol', () => assess([{ ...quote, atmVol: Number.NaN }]))
    expectInvalid('expiries[0].smile.vols', () => assess([{ ...quote, smile: { ...points, vols: [1] } }]))
    expectInvalid('expiries[0].smile.strikes[2]', () => assess([{ ...quote, smile: { ...points, strikes: [1, 2, 2] } }]))
    expectInvalid('expiries[0].smile.vols[1]', () => assess([{ ...quote, smile: { ...points, vols: [1, -1, 1] } }]))
    expectInvalid('expiries[0].smile.a', () => assess([{ ...quote, smile: { kind: 'svi', a: -1, b: 0.1, rho: 0, m: 0, sigma: 0.1 } }]))
    expectInvalid('expiries[0].smile.rho', () => assess([{ ...quote, smile: { kind: 'svi', a: 1, b: 0.1, rho: 2, m: 0, sigma: 0.1 } }]))
  })
})
