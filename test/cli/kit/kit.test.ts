import { describe, expect, test } from 'vitest'
import { CliError } from '../../../cli/kit/CliError.ts'
import { coloursFor, width } from '../../../cli/kit/colours.ts'
import { formatCsv } from '../../../cli/kit/csv.ts'
import { escapeHtml, html } from '../../../cli/kit/html.ts'
import { formatJson } from '../../../cli/kit/json.ts'
import { didYouMean, editDistance, nearestNames } from '../../../cli/kit/nearest.ts'
import { formatTable } from '../../../cli/kit/table.ts'
import { formatDuration, isoTime, parseTime, shortTime } from '../../../cli/kit/time.ts'
import { humanAndRaw, humanValue, relativeChange } from '../../../cli/kit/values.ts'

describe('times', () => {
  test.each([
    ['2020-03-12T11:00Z', 1_584_010_800],
    ['2020-03-12T11:00', 1_584_010_800],
    ['2020-03-12', 1_583_971_200],
    ['2020-03-12T12:00:30+01:00', 1_584_010_830],
    ['1584010800', 1_584_010_800],
  ])('%s is %i', (text, expected) => expect(parseTime(text, '--at')).toBe(expected))
  test.each(['2020-02-30', '2020-13-01', 'yesterday', '2020-03-12T25:00', '', '12'])('%s is none', (text) =>
    expect(() => parseTime(text, '--at')).toThrow(CliError),
  )
  test('formats', () => {
    expect([isoTime(1_584_010_800), shortTime(1_584_010_800), shortTime(1_584_010_801)]).toEqual([
      '2020-03-12T11:00:00Z',
      '2020-03-12 11:00',
      '2020-03-12 11:00:01',
    ])
    expect([0, 59, 3_600, 90_061].map(formatDuration)).toEqual(['0 s', '59 s', '1 h', '1 d 1 h'])
  })
})

describe('values', () => {
  test.each([
    [1650, 'bps', '16.5 %'],
    [300, 'bps/100', '3 bps'],
    [98, 'volPoints/100', '0.98 vol points'],
    [5_000_000, 'usd', '5,000,000 USD'],
    [160_000, 'contracts', '160,000 contracts'],
    [240, 'seconds', '240 s'],
  ] as const)('%i %s reads %s', (value, unit, expected) => expect(humanValue(value, unit)).toBe(expected))
  test('the stored integer stands beside a scaled one', () =>
    expect([humanAndRaw(1650, 'bps'), humanAndRaw(240, 'seconds')]).toEqual(['16.5 % (1650)', '240 s']))
  test('changes', () =>
    expect([relativeChange(2000, 2500), relativeChange(2000, 1800), relativeChange(0, 1)]).toEqual(['+25.0 %', '-10.0 %', 'from zero']))
})

describe('nearest names', () => {
  const names = ['margin.priceScanRange', 'margin.volScanUp', 'market.depth']
  test('a swap costs one edit', () => expect(editDistance('rnage', 'range')).toBe(1))
  test('typing errors and parts of a name are found, nonsense is not', () => {
    expect(nearestNames('margin.priceScanRnage', names)).toEqual(['margin.priceScanRange'])
    expect(nearestNames('scan', names)).toEqual(['margin.priceScanRange', 'margin.volScanUp'])
    expect(didYouMean('zzz', names)).toBe('')
  })
})

describe('output forms', () => {
  test('CSV quotes what RFC 4180 asks for', () => expect(formatCsv(['a', 'b'], [['1,2', 'x"y']])).toBe('a,b\r\n"1,2","x""y"\r\n'))
  test('bigint becomes a decimal string, keys keep their order', () =>
    expect(formatJson({ b: 2n ** 64n, a: [1n] })).toBe('{"b":"18446744073709551616","a":["1"]}'))
  test('a table aligns what the reader sees, not escape sequences', () => {
    expect(
      formatTable(
        [{ title: 'a' }, { title: 'n', align: 'right' }],
        [
          ['\u001b[31mred\u001b[39m', '7'],
          ['x', '12'],
        ],
      ),
    ).toBe('a     n\n\u001b[31mred\u001b[39m   7\nx    12')
    expect(width('\u001b[31mred\u001b[39m')).toBe(3)
  })
  test('HTML escapes every value that is not HTML already', () => {
    expect(html`<p>${'<b>'}${html`<i>${1}</i>`}</p>`.html).toBe('<p>&lt;b&gt;<i>1</i></p>')
    expect(escapeHtml(`"'&`)).toBe('&quot;&#39;&amp;')
  })
  test.each([
    ['a terminal', true, {}, true, true],
    ['a pipe', false, {}, true, false],
    ['NO_COLOR', true, { NO_COLOR: '1' }, true, false],
    ['an empty NO_COLOR', true, { NO_COLOR: '' }, true, true],
    ['TERM=dumb', true, { TERM: 'dumb' }, true, false],
    ['--no-color', true, {}, false, false],
  ] as const)('colours at %s', (_what, terminal, environment, wanted, expected) =>
    expect(coloursFor(terminal, environment, wanted).bad('x') !== 'x').toBe(expected),
  )
})
