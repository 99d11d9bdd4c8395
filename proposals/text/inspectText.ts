/** Something in a text that can deceive a reader or a page that shows it. */
export type TextFault = {
  readonly kind: 'control' | 'bidi' | 'invisible' | 'html' | 'image' | 'link'
  /** What was found, with invisible characters as their code. */
  readonly found: string
  /** Line and column of its first character, from 1. */
  readonly line: number
  readonly column: number
}

/** What each kind is, for a sentence. */
export const textFaultNames: Readonly<Record<TextFault['kind'], string>> = {
  control: 'a control character',
  bidi: 'a character that turns the reading direction',
  invisible: 'an invisible character',
  html: 'HTML',
  image: 'an image',
  link: 'a link that is not plain https',
}

// Line feed and tab are text. Variation selectors and tags can carry hidden words.
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is what this is for
const control = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/gu
const bidi = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu
const invisible =
  /\u00ad|\u034f|\u115f|\u1160|\u17b4|\u17b5|[\u180b-\u180f]|[\u200b-\u200d]|[\u2028\u2029]|[\u2060-\u2065]|[\u206a-\u206f]|\u3164|[\ufe00-\ufe0f]|\ufeff|\uffa0|[\ufff9-\ufffb]|[\u{1d173}-\u{1d17a}]|[\u{e0000}-\u{e0fff}]/gu
const html = /<\/?[a-zA-Z!?][^>\n]*>?/gu
const image = /!\[[^\]\n]*\](?:\([^)\n]*\)?|\[[^\]\n]*\])?/gu
// Any scheme but https, in a Markdown link, a reference, an autolink or bare; and whatever runs scripts.
const link =
  /(?:\]\(|\]:\s*|<)\s*(?!https:\/\/[^\s)>]+)[a-zA-Z][a-zA-Z0-9+.-]*:[^\s)>]*|(?:javascript|vbscript|data|file):[^\s)>]+|\]\(\s*\/\/[^\s)]*/giu

const patterns: readonly (readonly [TextFault['kind'], RegExp])[] = [
  ['control', control],
  ['bidi', bidi],
  ['invisible', invisible],
  ['html', html],
  ['image', image],
  ['link', link],
]

/** Everything in a text that a proposal must not carry, by position. Empty for a text that is what it looks like. */
export function inspectText(text: string): TextFault[] {
  const faults = patterns.flatMap(([kind, pattern]) =>
    [...text.matchAll(pattern)].map((match) => ({ kind, at: match.index, found: showInvisible(match[0]).slice(0, 60) })),
  )
  faults.sort((a, b) => a.at - b.at)
  return faults.map(({ kind, at, found }) => {
    const before = text.slice(0, at).split('\n')
    return { kind, found, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 }
  })
}

/** The text with every character that cannot be seen, or turns others around, written as its code: `⟨U+202E⟩`. */
export function showInvisible(text: string): string {
  const code = (character: string): string => `⟨U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟩`
  return text.replace(control, code).replace(bidi, code).replace(invisible, code)
}
