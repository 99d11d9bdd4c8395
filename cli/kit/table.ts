import { type Paint, width } from './colours.ts'

export type Column = {
  readonly title: string
  /** Numbers to the right. */
  readonly align?: 'left' | 'right'
}

/**
 * A table in plain text: titles, then one line per row, two spaces between columns.
 *
 * @param rows - As many cells as there are columns; cells may hold terminal styles.
 * @param title - Style of the first line.
 * @returns Lines without a final line break and without trailing spaces.
 */
export function formatTable(columns: readonly Column[], rows: readonly (readonly string[])[], title: Paint = (text) => text): string {
  const widths = columns.map((column, i) => Math.max(width(column.title), ...rows.map((row) => width(row[i] ?? ''))))
  const line = (cells: readonly string[], paint: Paint): string =>
    columns
      .map(({ align }, i) => {
        const cell = cells[i] ?? ''
        const padding = ' '.repeat((widths[i] ?? 0) - width(cell))
        return align === 'right' ? padding + paint(cell) : paint(cell) + padding
      })
      .join('  ')
      .trimEnd()
  return [
    line(
      columns.map((column) => column.title),
      title,
    ),
    ...rows.map((row) => line(row, (text) => text)),
  ].join('\n')
}
