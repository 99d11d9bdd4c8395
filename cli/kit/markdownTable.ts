/**
 * A table in Markdown; bars inside cells are escaped.
 *
 * @param numbers - From this column on cells stand at the right; none by default.
 */
export function markdownTable(titles: readonly string[], rows: readonly (readonly string[])[], numbers = titles.length): string {
  const line = (cells: readonly string[]): string => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(titles), line(titles.map((_, i) => (i < numbers ? '---' : '---:'))), ...rows.map(line)].join('\n')
}
