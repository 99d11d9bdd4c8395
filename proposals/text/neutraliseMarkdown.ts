import { showInvisible } from './inspectText.ts'

/**
 * A foreign text as it may stand inside our Markdown: it keeps its words and lines, and loses every power over the page. Tags, images, links and tables
 * become what they are made of.
 */
export function neutraliseMarkdown(text: string): string {
  return showInvisible(text.replace(/\r\n?/g, '\n'))
    .replace(/[\\`*_{}[\]<>|!~&@]/g, (character) => `\\${character}`)
    .replace(/^(\s*)([#=+-]+)(?=\s|$)/gm, '$1\\$2')
    .replace(/^(\s*\d+)([.)])(?=\s|$)/gm, '$1\\$2')
    .replace(/:(?=\/\/)/g, '\\:')
    .replace(/\bwww\./gi, 'www\\.')
}
