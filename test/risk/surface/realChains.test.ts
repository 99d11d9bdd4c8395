import { existsSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { bucketNames, type ChainReport, chainReport, type ErrorQuantiles } from '../support/chainReport.ts'
import { deep } from '../support/propertyRuns.ts'

const folder = join(resolve(process.env['BALLAST_DATA'] ?? '../shared/data'), 'options')
const available = existsSync(folder)
const files = available ? readdirSync(folder).filter((name) => name.endsWith('.csv.gz')) : []

const points = (vol: number): string => (100 * vol).toFixed(2)
const share = (part: number): string => `${(100 * part).toFixed(2)} %`
const row = (name: string, { count, median, q90, q99 }: ErrorQuantiles): string =>
  `    ${name.padEnd(12)} ${String(count).padStart(7)}   ${points(median)} / ${points(q90)} / ${points(q99)}`

/** The table of risk/surface/README.md. */
function table(file: string, report: ChainReport): string {
  return [
    `${file}: ${report.chains} chains, ${report.slices} slices of ${report.expiries} expiries`,
    `  two-sided lines ${report.twoSided}: surface inside ${share(report.surfaceInside)}, venue's marks inside ${share(report.markInside)}`,
    `  out of the money ${report.outsideMoney.count}: inside before repair ${share(report.outsideMoney.fitted)}, after ${share(report.outsideMoney.repaired)}`,
    `  slices with butterfly arbitrage ${report.butterfly.before} before, ${report.butterfly.after} after; of ${report.calendar.pairs} pairs crossing ${report.calendar.before} before, ${report.calendar.after} after`,
    `  repairs ${JSON.stringify(report.repairs)}`,
    `  forward against the venue's, median / 90 % / 99 %: ${[report.forward.median, report.forward.q90, report.forward.q99].map((part) => (1e4 * part).toFixed(2)).join(' / ')} bps`,
    '  vol of the mark against the vol stated, points, median / 90 % / 99 %, by strike over forward',
    ...report.inverted.map((each, i) => row(bucketNames[i]!, each)),
    '  vol of the surface against the vol stated, or of the mark where none is',
    ...report.surface.map((each, i) => row(bucketNames[i]!, each)),
    row('not quoted', report.beyond),
  ].join('\n')
}

describe.skipIf(!available)(`recorded chains (${available ? (deep ? 'all of them' : 'a sample') : 'BALLAST_DATA, absent'})`, () => {
  it.each(files)('%s gives surfaces without arbitrage, inside the quotes, near the vols that the venue states', (file) => {
    const report = chainReport(join(folder, file), deep ? 1 : 25)
    if (deep) process.stdout.write(`${table(file, report)}\n`)
    expect(report.butterfly.after).toBe(0)
    expect(report.calendar.after).toBe(0)
    expect(report.slices).toBeGreaterThan(0.98 * report.expiries)
    // In 2024 one side of most lines was quoted far from the other expiries, and repair has to choose.
    const recent = !file.includes('2024')
    expect(report.outsideMoney.repaired).toBeGreaterThan(recent ? 0.94 : 0.85)
    expect(report.outsideMoney.fitted - report.outsideMoney.repaired).toBeLessThan(recent ? 0.01 : 0.08)
    expect(report.forward.median).toBeLessThan(recent ? 5e-4 : 2e-3)
    for (const { count, median, q90 } of report.surface.slice(1, 4)) {
      if (count === 0) continue
      expect(median).toBeLessThan(0.012)
      expect(q90).toBeLessThan(0.06)
    }
    for (const { count, median } of report.inverted.slice(1, 4)) if (count > 0) expect(median).toBeLessThan(0.002)
  })
})
