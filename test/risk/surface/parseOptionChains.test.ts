import { describe, expect, it } from 'vitest'
import { parseOptionChains } from '../../../risk/surface/index.ts'
import { chainCsv } from '../support/chainCsv.ts'
import { sliceOf, syntheticChain } from '../support/syntheticChain.ts'

const EIGHT = 8 * 3_600
const DAY = 86_400
const chain = syntheticChain([
  { days: 7, svi: sliceOf(7, 0.7), forward: 2_002 },
  { days: 30, svi: sliceOf(30, 0.6), forward: 2_010 },
])
/** The recorded form has days for expiries: 08:00 UTC. */
const onTheDay = {
  ...chain,
  expiries: chain.expiries.map((each) => ({ ...each, expiry: Math.floor(each.expiry / DAY) * DAY + EIGHT })),
}
const later = { ...onTheDay, time: chain.time + 21_600 }

describe('parseOptionChains', () => {
  it('reads back what was written: parse after format is the identity', () => {
    expect(parseOptionChains(chainCsv([onTheDay, later]), 'coin')).toEqual({ chains: [onTheDay, later], faults: [] })
  })
  it('takes columns by name, in any order, and lines with either end', () => {
    const [header, ...rows] = chainCsv([onTheDay]).trimEnd().split('\n') as [string, ...string[]]
    const turned = [header, ...rows].map((row) => row.split(',').reverse().join(',')).join('\r\n')
    expect(parseOptionChains(turned, 'usd')).toEqual({ chains: [{ ...onTheDay, numeraire: 'usd' }], faults: [] })
  })
  it('takes the medians of forward and index over lines written while prices move', () => {
    const rows = chainCsv([onTheDay]).trimEnd().split('\n')
    const moved = rows.map((row, i) => (i === 5 ? row.replace(/,2002,2000$/, ',2999,2999') : row)).join('\n')
    expect(parseOptionChains(moved, 'coin').chains[0]).toMatchObject({ spot: 2_000, expiries: [{ venueForward: 2_002 }, {}] })
  })
  it('leaves faulty lines out and names each', () => {
    const lines = chainCsv([onTheDay, later]).trimEnd().split('\n')
    const change = (line: number, from: RegExp | string, to: string): void => {
      lines[line - 1] = lines[line - 1]!.replace(from, to)
    }
    change(2, 'Z', '')
    change(3, ',P,', ',X,')
    change(4, /,2000$/, ',-1')
    change(5, /,[^,]*(,0,2002,2000)$/, ',much$1')
    change(6, /,2000$/, '')
    lines[6] = lines[7]!
    change(9, /,\d{4}-\d\d-\d\d,/, ',2023-02-30,')
    lines.push(lines[10]!)
    const { chains, faults } = parseOptionChains(lines.join('\n'), 'coin')
    expect(faults.map(({ line, fault }) => [line, fault.split(';')[0]])).toEqual([
      [2, expect.stringContaining('is no time')],
      [3, "type is 'X'"],
      [4, "index is '-1'"],
      [5, "mark is 'much'"],
      [6, 'it has 10 columns'],
      [8, 'it repeats an option of the same instant'],
      [9, "'2023-02-30' is no day of the form 2020-03-12"],
      [lines.length, 'it is earlier than the line before'],
    ])
    expect(chains.map(({ expiries }) => expiries[0]!.quotes.length)).toEqual([62 - 7, 62])
  })
  it('says which columns are missing', () => {
    expect(parseOptionChains('timestamp,expiry,strike,type,bid,ask,mark\n', 'coin')).toEqual({
      chains: [],
      faults: [{ line: 1, fault: 'the header lacks underlying, index' }],
    })
    expect(parseOptionChains('', 'coin').faults).toHaveLength(1)
  })
})
