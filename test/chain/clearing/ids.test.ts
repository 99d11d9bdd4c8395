import fc from 'fast-check'
import { encodeAbiParameters, encodeEventTopics } from 'viem'
import { describe, expect, it } from 'vitest'
import {
  clearingTopics,
  decodeAccountId,
  decodeClearingLog,
  decodeInstrumentId,
  encodeAccountId,
  encodeInstrumentId,
  formatAccountId,
  parseAccountId,
} from '../../../chain/clearing/index.ts'
import { ledgerAbi } from '../../../chain/generated/index.ts'
import { InvalidInputError } from '../../../risk/errors/index.ts'
import { propertyRuns } from '../../risk/support/propertyRuns.ts'

const owner = '0x00000000000000000000000000000000DeaDBeef'

describe('account ids', () => {
  it('have the owner in the upper 160 bits and the sub-account in the lower 96', () => {
    expect(encodeAccountId({ owner, sub: 7n })).toBe((0xdeadbeefn << 96n) | 7n)
    expect(formatAccountId((0xdeadbeefn << 96n) | 7n)).toBe(`${owner}/7`)
    expect(parseAccountId(owner)).toBe(0xdeadbeefn << 96n)
  })
  it('property: decode and parse undo encode and format', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 2n ** 256n - 1n), (id) => {
        expect(encodeAccountId(decodeAccountId(id))).toBe(id)
        expect(parseAccountId(formatAccountId(id))).toBe(id)
      }),
      propertyRuns,
    )
  })
  it.each(['', 'nobody', `${owner}/-1`, `${owner}/1/2`, `${owner}/${2n ** 96n}`])('refuses %j', (text) => {
    expect(() => parseAccountId(text)).toThrow(InvalidInputError)
  })
  it('refuses numbers beyond 256 bits', () => {
    expect(() => decodeAccountId(2n ** 256n)).toThrow(InvalidInputError)
    expect(() => decodeAccountId(-1n)).toThrow(InvalidInputError)
  })
})

describe('instrument ids', () => {
  it.each([
    [{ chain: 1, leg: { kind: 'future' } }, (1n << 32n) | 255n],
    [{ chain: 2, leg: { kind: 'option', type: 'put', strike: 0 } }, 2n << 32n],
    [{ chain: 2, leg: { kind: 'option', type: 'call', strike: 3 } }, (2n << 32n) | 7n],
    [{ chain: 2 ** 32 - 1, leg: { kind: 'option', type: 'call', strike: 126 } }, (0xffff_ffffn << 32n) | 253n],
  ] as const)('%j', (name, id) => {
    expect(encodeInstrumentId(name)).toBe(id)
    expect(decodeInstrumentId(id)).toEqual(name)
  })
  it('refuse a strike that would be the future, a chain beyond 32 bits, and bits between', () => {
    expect(() => encodeInstrumentId({ chain: 1, leg: { kind: 'option', type: 'call', strike: 127 } })).toThrow(InvalidInputError)
    expect(() => encodeInstrumentId({ chain: 2 ** 32, leg: { kind: 'future' } })).toThrow(InvalidInputError)
    expect(() => decodeInstrumentId((1n << 32n) | 0x100n)).toThrow(InvalidInputError)
  })
})

describe('decodeClearingLog', () => {
  it('names the kind and keeps every argument', () => {
    const topics = encodeEventTopics({ abi: ledgerAbi, eventName: 'CashChanged', args: { account: 5n } })
    const data = encodeAbiParameters([{ type: 'uint256' }, { type: 'uint256' }, { type: 'uint256' }], [1n, 2n, 3n])
    expect(clearingTopics).toContain(topics[0])
    expect(decodeClearingLog({ topics: topics as never, data })).toEqual({ kind: 'cash', account: 5n, principal: 1n, profit: 2n, debt: 3n })
  })
  it('refuses any other log', () => {
    expect(() => decodeClearingLog({ topics: [`0x${'12'.repeat(32)}`], data: '0x' })).toThrow(InvalidInputError)
    expect(() => decodeClearingLog({ topics: [], data: '0x' })).toThrow(InvalidInputError)
  })
})
