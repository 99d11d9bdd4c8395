import type { BenchRow } from './BenchRow.ts'

/** Rows as one JSON line, or as a table for people. */
export function printRows(rows: readonly BenchRow[], json: boolean): void {
  if (json) {
    console.log(JSON.stringify({ schema: 'ballast.bench', version: 1, rows }))
    return
  }
  for (const { name, value, unit, reference, ratio } of rows) {
    const figure = `${value >= 100 ? Math.round(value).toLocaleString('en-US') : value.toPrecision(3)} ${unit}`
    const compared = reference === undefined ? '' : `   ${ratio === undefined ? '' : `${ratio.toFixed(2)} x `}${reference}`
    console.log(`${name.padEnd(74)} ${figure.padStart(26)}${compared}`)
  }
}
