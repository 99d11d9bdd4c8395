import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { black76Price, pricingModuleOf, pricingRegistry, valueBounds } from '../../../risk/pricing/index.ts'
import type { Instrument } from '../../../risk/types/index.ts'
import { expectNear } from '../support/expectNear.ts'
import { propertyRuns } from '../support/propertyRuns.ts'

const real = (min: number, max: number) => fc.double({ min, max, noNaN: true })

describe('valueBounds', () => {
  it('hold the value at any forward, from one known value or from one on either side', () => {
    const cases = fc.record({
      type: fc.constantFrom('call' as const, 'put' as const),
      strike: real(20, 500),
      below: real(20, 200),
      above: real(200, 800),
      forward: real(10, 1500),
      vol: real(0.1, 2),
      timeToExpiry: real(0.01, 2),
    })
    fc.assert(
      fc.property(cases, (inputs) => {
        const { type, strike, below, above, forward, vol, timeToExpiry } = inputs
        const value = (at: number): number => black76Price({ type, forward: at, strike, timeToExpiry, vol, rate: 0 })
        const known = [below, above].map((at) => ({ forward: at, value: value(at) }))
        const between = forward > below && forward < above ? [known] : []
        for (const given of [[known[0]!], [known[1]!], ...between]) {
          const { least, most } = valueBounds(type, strike, forward, given)
          expect(least, JSON.stringify(inputs)).toBeLessThanOrEqual(value(forward) + 1e-10)
          expect(most, JSON.stringify(inputs)).toBeGreaterThanOrEqual(value(forward) - 1e-10)
          expect(least).toBeLessThanOrEqual(most)
        }
      }),
      propertyRuns,
    )
  })
  it('meet at a known value, and far in the money', () => {
    expect(valueBounds('call', 100, 120, [{ forward: 120, value: 25 }])).toEqual({ least: 25, most: 25 })
    const { least, most } = valueBounds('call', 100, 1000, [{ forward: 500, value: 400.001 }])
    expectNear('far call', most - least, 0.001, { rel: 1e-9 })
    expect(valueBounds('put', 100, 1000, [{ forward: 500, value: 0.001 }])).toEqual({ least: 0, most: 0.001 })
  })
})

describe('bounds of the instruments of margin', () => {
  it('hold their values beyond a known one', () => {
    const expiry = 1
    const instruments: Instrument[] = (['call', 'put'] as const).flatMap((type): Instrument[] => [
      { kind: 'option', id: 'O', type, strike: 100, expiry },
      { kind: 'inverseOption', id: 'I', type, strike: 100, expiry },
      { kind: 'digital', id: 'D', type, pays: 'cash', strike: 100, expiry },
      { kind: 'digital', id: 'E', type, pays: 'asset', strike: 100, expiry },
    ])
    const linear: Instrument[] = [
      { kind: 'future', id: 'F', expiry },
      { kind: 'perpetual', id: 'P' },
    ]
    for (const instrument of [...instruments, ...linear]) {
      const module = pricingModuleOf(instrument, pricingRegistry)
      const at = (spot: number) => ({ spot, forward: spot * 1.03, vol: 0.8, timeToExpiry: 0.5 })
      for (const [from, to] of [
        [170, 400],
        [60, 20],
      ] as const) {
        const known = [{ forward: from * 1.03, value: module.value(instrument, at(from)) }]
        const { least, most } = module.bounds(instrument, at(to), known)
        const value = module.value(instrument, at(to))
        expect(least, `${instrument.kind} ${to}`).toBeLessThanOrEqual(value + 1e-10)
        expect(most, `${instrument.kind} ${to}`).toBeGreaterThanOrEqual(value - 1e-10)
      }
    }
  })
})
