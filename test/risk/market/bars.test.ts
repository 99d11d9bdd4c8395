import { describe, expect, it } from 'vitest'
import { BadRecordingError, inspectBars, parseBars, parseUtc } from '../../../risk/market/index.ts'
import type { Bar } from '../../../risk/types/index.ts'
import { barsFromCloses } from '../support/bars.ts'

const header = 'timestamp,open,high,low,close,volume'
const csv = (...lines: string[]): string => `${[header, ...lines].join('\n')}\n`
const faultsOf = (text: string): string[] => {
  try {
    parseBars(text, 3600)
  } catch (error) {
    if (error instanceof BadRecordingError) return error.context.faults.map(({ line, fault }) => `${line}: ${fault}`)
    throw error
  }
  return []
}

describe('parsing recorded bars', () => {
  it('stamps a bar at its start and makes it known at its end', () => {
    const { bars, missingBars } = parseBars(
      csv('2020-03-12T10:00:00Z,190,191,180.5,182,1000', '2020-03-12T13:00:00Z,182,183,150,160,5e3'),
      3600,
    )
    expect(bars[0]).toEqual({
      start: 1_584_007_200,
      end: 1_584_010_800,
      knownAt: 1_584_010_800,
      open: 190,
      high: 191,
      low: 180.5,
      close: 182,
      volume: 1000,
    })
    expect([bars.length, missingBars]).toEqual([2, 2])
  })
  it('reports every bad line with its number', () => {
    const text = csv(
      '2020-03-12T10:00:00Z,190,191,180,182,1000',
      '2020-03-12T10:00:00Z,190,191,180,182,1000',
      '2020-03-12T09:00:00Z,190,191,180,182,1000',
      '2020-03-12T11:00:00Z,NaN,191,180,182,1000',
      '2020-03-12T11:00:00Z,190,191,180,-182,1000',
      '2020-03-12T11:00:00Z,190,181,180,182,1000',
      '2020-03-12T11:30:00Z,190,191,180,182,1000',
      '2020-02-30T11:00:00Z,190,191,180,182,1000',
      '2020-03-12T11:00:00Z,190,191,180,182',
      '2020-03-12T11:00:00Z,190,191,180,182,-1',
    )
    const faults = faultsOf(text)
    expect(faults.map((fault) => fault.split(':')[0])).toEqual(['3', '4', '5', '6', '7', '8', '9', '10', '11'])
    expect(faults[0]).toContain('repeats')
    expect(faults[1]).toContain('earlier')
    expect(faults[2]).toContain("'NaN' is no number")
    expect(faults[4]).toContain('below 190')
  })
  it('refuses another header and an empty recording', () => {
    expect(faultsOf('time,open\n')[0]).toContain('the header')
    expect(faultsOf(csv())[0]).toContain('no bars')
  })
  it('reads UTC times over leap years without a calendar of the machine', () => {
    for (const text of [
      '1970-01-01T00:00:00Z',
      '2000-02-29T12:34:56Z',
      '2024-02-29T23:59:59Z',
      '2100-03-01T00:00:00Z',
      '2017-08-17T05:00:00Z',
    ])
      expect(parseUtc(text), text).toBe(Date.parse(text) / 1000)
    for (const text of ['2100-02-29T00:00:00Z', '2020-13-01T00:00:00Z', '2020-01-01', '2020-01-01T24:00:00Z'])
      expect(parseUtc(text), text).toBeNull()
  })
})

describe('inspecting the bars of a tick', () => {
  const bars = barsFromCloses([200, 201, 202, 203], 1_600_000_000 - (1_600_000_000 % 3600))
  const frame = { lastEnd: bars[0]!.start, lastClose: 200, barSeconds: 3600, observedAt: bars[3]!.end }
  const changed = (i: number, change: Partial<Bar>): Bar[] => bars.map((bar, j) => (i === j ? { ...bar, ...change } : bar))
  const detail = (input: readonly Bar[]): string => {
    const result = inspectBars(input, frame)
    return result.kind === 'faulty' ? result.detail : 'usable'
  }
  it('given good bars → they are usable, also with one missing', () => {
    expect(inspectBars(bars, frame)).toEqual({ kind: 'usable', bars, excluded: [] })
    expect(inspectBars([bars[0]!, bars[2]!], frame)).toMatchObject({ kind: 'usable', excluded: [] })
  })
  it('given none → nothing is wrong', () => expect(inspectBars([], frame)).toEqual({ kind: 'usable', bars: [], excluded: [] }))
  it.each([
    ['NaN', changed(1, { close: Number.NaN }), 'close is NaN'],
    ['negative', changed(1, { low: -1 }), 'low is -1'],
    ['infinite', changed(1, { high: Number.POSITIVE_INFINITY }), 'high is Infinity'],
    ['negative volume', changed(1, { volume: -1 }), 'volume is -1'],
    ['range that excludes the close', changed(1, { high: 200 }), 'high is 200'],
    ['duplicated', [bars[0]!, bars[0]!], 'it starts before'],
    ['unordered', [bars[1]!, bars[0]!], 'it starts before'],
    ['overlapping', changed(1, { start: bars[1]!.start - 60, end: bars[1]!.end - 60 }), 'it starts before'],
    ['wrong length', changed(3, { end: bars[3]!.end + 1, knownAt: bars[3]!.end + 1 }), '3601 s long'],
    ['future', changed(3, { knownAt: bars[3]!.end + 1 }), 'after the window'],
    ['known before its end', changed(1, { knownAt: bars[1]!.start }), 'before the end'],
  ])('given a bar that is %s → the tick is faulty and says so', (_, input, words) => expect(detail(input)).toContain(words))
  it('given a single bad print between good neighbours → it is excluded', () => {
    const print = changed(1, { close: 0.06, low: 0.06 })
    expect(inspectBars(print, frame)).toMatchObject({ kind: 'usable', excluded: [print[1]] })
  })
  it('given a wick far from its own body → it is excluded', () => {
    const wick = changed(3, { low: 20 })
    expect(inspectBars(wick, frame)).toMatchObject({ excluded: [wick[3]] })
  })
  it('given a far close that no later bar has confirmed → faulty, and usable once one has', () => {
    const jump = changed(3, { close: 20, low: 20 })
    expect(detail(jump)).toContain('not confirmed')
    const next: Bar = {
      ...bars[3]!,
      start: bars[3]!.end,
      end: bars[3]!.end + 3600,
      knownAt: bars[3]!.end + 3600,
      open: 20,
      high: 21,
      low: 19,
      close: 20.5,
    }
    expect(inspectBars([...jump, next], { ...frame, observedAt: next.end })).toMatchObject({ kind: 'usable', excluded: [] })
  })
})
