import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { inspectText, neutraliseMarkdown, showInvisible } from '../../../proposals/text/index.ts'
import { propertyRuns } from '../../risk/support/propertyRuns.ts'

describe('texts of others', () => {
  test.each([
    ['<img src=x onerror=alert(1)>', 'html'],
    ['</div>', 'html'],
    ['<!-- hidden -->', 'html'],
    ['![pixel](https://evil.example/p.png)', 'image'],
    ['![pixel][ref]', 'image'],
    ['[read](javascript:alert(1))', 'link'],
    ['[read](http://plain.example)', 'link'],
    ['[read](//evil.example)', 'link'],
    ['<data:text/html,x>', 'link'],
    ['a\u202eb', 'bidi'],
    ['a\u2066b', 'bidi'],
    ['a\u200bb', 'invisible'],
    ['a\u{e0041}b', 'invisible'],
    ['a\ufe0fb', 'invisible'],
    ['a\u0007b', 'control'],
  ])('%j holds %s', (text, kind) => expect(inspectText(text).map((fault) => fault.kind)).toContain(kind))

  test.each(['Plain words, a < b and c > d.', '# Title\n\n- list\n- [link](https://forum.example/t/1)', 'Ümläut, 中文, emoji 🚀'])(
    '%j is fine',
    (text) => expect(inspectText(text)).toEqual([]),
  )

  test('a fault tells its line and column', () => {
    expect(inspectText('one\ntwo \u200b three')).toMatchObject([{ line: 2, column: 5, found: '⟨U+200B⟩' }])
  })

  test('what is shown has no invisible character left, whatever it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(inspectText(showInvisible(text)).filter(({ kind }) => ['control', 'bidi', 'invisible'].includes(kind))).toEqual([])
      }),
      propertyRuns,
    )
  })

  test('neutralised Markdown holds no tag, image, link or table any more', () => {
    const neutral = neutraliseMarkdown('<script>x</script> ![i](https://e.example) | cell | `code` www.e.example\n# heading\n1. item')
    for (const power of [/(?<!\\)</, /(?<!\\)!\\?\[/, /(?<!\\)\|/, /(?<!\\)`/, /^#/m, /https:\/\//, /www\.e/, /^1\. /m])
      expect(neutral).not.toMatch(power)
  })
})
