import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatTick } from '../../../cli/plot/formatTick.ts'
import { niceTicks } from '../../../cli/plot/niceTicks.ts'
import { renderChart } from '../../../cli/plot/renderChart.ts'
import { propertyRuns } from '../../risk/support/propertyRuns.ts'

describe('niceTicks', () => {
  test('are round, ascending, inside the range and about as many as asked for', () => {
    expect(niceTicks(0, 1)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1])
    expect(niceTicks(-37, 161)).toEqual([0, 50, 100, 150])
    expect(niceTicks(0.0012, 0.0019)).toEqual([0.0012, 0.0014, 0.0016, 0.0018])
    fc.assert(
      fc.property(fc.double({ min: -1e3, max: 1e3, noNaN: true }), fc.double({ min: 1e-3, max: 1e6, noNaN: true }), (low, size) => {
        const ticks = niceTicks(low, low + size)
        expect(ticks.length).toBeGreaterThanOrEqual(2)
        expect(ticks.length).toBeLessThanOrEqual(7)
        for (const [i, tick] of ticks.entries()) {
          expect(tick).toBeGreaterThanOrEqual(low - 1e-6 * (size + Math.abs(low)))
          expect(tick).toBeLessThanOrEqual(low + size + 1e-6 * (size + Math.abs(low)))
          if (i > 0) expect(tick).toBeGreaterThan(ticks[i - 1]!)
        }
      }),
      propertyRuns,
    )
  })
  test('are written short', () => {
    expect([0.25, 60_000, 1e9, 2e-6, 0].map(formatTick)).toEqual(['0.25', '60,000', '1.0e9', '2.0e-6', '0'])
  })
})

describe('renderChart', () => {
  const points = [
    { x: 0, y: 1 },
    { x: 1, y: Number.NaN },
    { x: 2, y: 3 },
  ]
  const chart = (series: Parameters<typeof renderChart>[0]['panels'][number]['series']) =>
    renderChart({ title: 'A < B', description: 'x & y', panels: [{ title: 'p', x: 'x', y: 'y', series, marks: [{ x: 1, label: 'now' }] }] })

  test('draws lines, dashes, dots and bands, leaves out what is not finite, and escapes words', () => {
    const svg = chart([
      { name: 'a', style: 'line', points },
      { name: 'b', style: 'dashed', points },
      { name: 'c', style: 'dots', points },
      { name: 'd', style: 'band', points, lower: points },
    ])
    expect(svg).toContain('A &lt; B')
    expect(svg).toContain('x &amp; y')
    expect(svg).not.toContain('NaN')
    expect(svg.match(/<circle/g)).toHaveLength(2)
    expect(svg.match(/<path d="M[\d.]+,[\d.]+M[\d.]+,[\d.]+" fill="none"/g), 'a gap interrupts the line').toHaveLength(2)
    expect(svg).toContain('stroke-dasharray="6 4"')
    expect(svg).toContain('fill-opacity="0.18"')
    expect(svg).toContain('>now</text>')
  })
  test('survives nothing, one point and equal values', () => {
    for (const some of [
      [],
      [{ x: 5, y: 5 }],
      [
        { x: 1, y: 0 },
        { x: 2, y: 0 },
      ],
    ])
      expect(chart([{ name: 'a', style: 'line', points: some }])).not.toMatch(/NaN|Infinity/)
  })
})
