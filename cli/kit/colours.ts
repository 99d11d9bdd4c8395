/** Styles a text for a terminal, or leaves it as it is. */
export type Paint = (text: string) => string

/** The few styles in use, by meaning. */
export type Colours = {
  readonly good: Paint
  readonly bad: Paint
  readonly warn: Paint
  readonly dim: Paint
  readonly strong: Paint
}

const plain: Paint = (text) => text
const ansi =
  (open: number, close: number): Paint =>
  (text) =>
    `\u001b[${open}m${text}\u001b[${close}m`

/** Styles that write nothing but the text. */
export const noColours: Colours = { good: plain, bad: plain, warn: plain, dim: plain, strong: plain }

const ansiColours: Colours = { good: ansi(32, 39), bad: ansi(31, 39), warn: ansi(33, 39), dim: ansi(2, 22), strong: ansi(1, 22) }

/**
 * Colours for a stream: only at a terminal, never with `--no-color`, a non-empty `NO_COLOR` or `TERM=dumb`.
 *
 * @param environment - Environment variables.
 * @param wanted - False after `--no-color`.
 */
export function coloursFor(isTerminal: boolean, environment: Readonly<Record<string, string | undefined>>, wanted: boolean): Colours {
  const refused = !wanted || (environment['NO_COLOR'] ?? '') !== '' || environment['TERM'] === 'dumb'
  return isTerminal && !refused ? ansiColours : noColours
}

/** Number of columns a text takes on a terminal: escape sequences take none. */
export function width(text: string): number {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character is what is looked for.
  return [...text.replace(/\u001b\[\d+m/g, '')].length
}
