import fc from 'fast-check'
import type { MarginParameters } from '../../../risk/margin/index.ts'
import type { DatedFuture, Portfolio, VanillaOption } from '../../../risk/types/index.ts'

export type ListedInstrument = VanillaOption | DatedFuture

export const bookTime = 1_600_000_000
const real = (min: number, max: number) => fc.double({ min, max, noNaN: true })

/** A chain from 6 hours to a year: options on a grid of strikes and futures. */
export const instruments: readonly ListedInstrument[] = [0.25, 1, 3, 14, 60, 365].flatMap((days): ListedInstrument[] => {
  const expiry = bookTime + 86_400 * days
  return [
    { kind: 'future', id: `F-${days}`, expiry },
    ...[1200, 1700, 1900, 2000, 2100, 2400, 3500].flatMap((strike) =>
      (['call', 'put'] as const).map(
        (type): ListedInstrument => ({ kind: 'option', id: `${type}-${strike}-${days}`, type, strike, expiry }),
      ),
    ),
  ]
})

const liquidity = fc.record({
  depth: real(100, 100_000),
  vegaDepth: real(1, 1000),
  deltaAddOn: real(0, 0.03),
  gammaAddOn: real(0, 0.03),
  vegaAddOn: real(0, 5),
})

const plainParameters = fc.record({
  priceScanRange: real(0.05, 0.6),
  initialRange: real(0.05, 0.6),
  volScanUp: real(0, 0.75),
  volScanDown: real(0, 0.4),
  initialMultiplier: real(1, 1.6),
  shortOptionMinimum: real(0, 0.03),
  tailWeight: real(0.5, 1),
  haircut: real(0, 0.5),
})

export const parameters: fc.Arbitrary<MarginParameters> = fc.oneof(
  plainParameters,
  fc.tuple(plainParameters, liquidity).map(([plain, depths]) => ({ ...plain, liquidity: depths })),
)

export const market = fc.record({ time: fc.constant(bookTime), spot: real(1200, 3200), markVol: real(0.2, 2) })

/** Quantities in tenths, as contract sizes are. */
const positions = fc
  .uniqueArray(fc.record({ instrument: fc.nat(instruments.length - 1), quantity: fc.integer({ min: -50, max: 50 }).map((n) => n / 10) }), {
    selector: ({ instrument }) => instrument,
    maxLength: 8,
  })
  .map((list) => list.filter(({ quantity }) => quantity !== 0))

export const portfolio: fc.Arbitrary<Portfolio> = fc.record({
  account: fc.constant('A'),
  cash: real(-5000, 20_000),
  collateral: fc.oneof(fc.constant(0), real(0, 10)),
  positions,
})
