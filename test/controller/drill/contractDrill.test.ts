import { describe, expect, it } from 'vitest'
import { openDrill } from '../../../cli/drill/openDrill.ts'
import { parseDrillOptions } from '../../../cli/drill/parseDrillOptions.ts'
import { runDrill } from '../../../controller/drill/runDrill.ts'
import { strikeWad } from '../../../controller/drill/strikeWad.ts'
import { deep } from '../../risk/support/propertyRuns.ts'

describe('strikeWad', () => {
  it.each([
    [96.5, 96_500_000_000_000_000_000n],
    [108.6, 108_600_000_000_000_000_000n],
    [7_900, 7_900n * 10n ** 18n],
  ])('%d is exact', (strike, wad) => {
    expect(strikeWad(strike)).toBe(wad)
  })
})

// Proving ladders takes most of it: a minute and more.
describe.skipIf(!deep)('a drill on the contracts', () => {
  it('opens people, trades, moves parameters by signed rounds, and adds up after every block', { timeout: 900_000 }, async () => {
    const flags = { market: 'ETH', accounts: 8, seed: '3', controller: 'on', bidderCapital: 50, fund: 2, gas: 1, venue: 'contracts' }
    const options = parseDrillOptions({ ...flags, from: '2020-03-10T00:00Z', to: '2020-03-10T03:00Z' }, '.')
    const { setup, close } = await openDrill(options, '3', true)
    try {
      const { checks, faults, trades, points, parameterMoves } = await runDrill(setup)
      expect(faults).toEqual([])
      expect(checks).toBe(3 * 6 * 3)
      expect(trades).toBeGreaterThan(5)
      expect(points.at(-1)?.maintenance).toBeGreaterThan(0)
      expect(parameterMoves).toBeGreaterThan(0)
    } finally {
      await close()
    }
  })
})
