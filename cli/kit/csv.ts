/** One field of RFC 4180: quoted when it holds a comma, a quote or a line break. */
function field(value: string): string {
  return /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value
}

/**
 * CSV of RFC 4180: a header line, CRLF after every line.
 *
 * @param columns - Names in the order of the cells.
 */
export function formatCsv(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  return [columns, ...rows].map((cells) => `${cells.map(field).join(',')}\r\n`).join('')
}
