import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { draftSchemaText, formatQuantity } from '../../../proposals/draft/index.ts'
import { parseDuration, parseEther, parseQuantity, parseUsdWad } from '../../../proposals/draft/parseQuantity.ts'
import { InvalidInputError } from '../../../risk/errors/index.ts'
import type { ParameterUnit } from '../../../risk/types/index.ts'
import { propertyRuns } from '../../risk/support/propertyRuns.ts'

const units: readonly ParameterUnit[] = ['bps', 'bps/100', 'volPoints/100', 'usd', 'contracts', 'seconds']

describe('quantities in human units', () => {
  test('what is written is read back as the same integer, in every unit', () => {
    fc.assert(
      fc.property(fc.constantFrom(...units), fc.integer({ min: 0, max: 2 ** 48 - 1 }), (unit, value) => {
        expect(parseQuantity(formatQuantity(value, unit), unit, 'x')).toBe(value)
      }),
      propertyRuns,
    )
  })

  test.each([
    ['26 %', 'bps', 2_600],
    ['26%', 'bps', 2_600],
    ['0.01 %', 'bps', 1],
    ['2600 bps', 'bps', 2_600],
    ['0.5 vol points', 'volPoints/100', 50],
    ['5,000,000 USD', 'usd', 5_000_000],
    ['60000 contracts', 'contracts', 60_000],
    ['1.5 h', 'seconds', 5_400],
  ] as const)('%s in %s is %d', (text, unit, value) => expect(parseQuantity(text, unit, 'x')).toBe(value))

  test.each([
    ['26', 'bps'],
    ['26 USD', 'bps'],
    ['-1 %', 'bps'],
    ['1e3 bps', 'bps'],
    ['0.001 %', 'bps'],
    ['1,00 USD', 'usd'],
    ['1.5 contracts', 'contracts'],
    ['0x10 bps', 'bps'],
    ['999999999999999 %', 'bps'],
    ['', 'bps'],
    ['26 constructor', 'bps'],
  ] as const)('%s is no %s', (text, unit) => expect(() => parseQuantity(text, unit, 'x')).toThrow(InvalidInputError))

  test('durations, dollars and ether are exact', () => {
    expect(parseDuration('2 d', 60, 'x')).toBe(2_880)
    expect(() => parseDuration('90 s', 60, 'x')).toThrow(InvalidInputError)
    expect(parseUsdWad('2,000,000.5 USD', 'x')).toBe('2000000500000000000000000')
    expect(parseEther('0.000000000000000001 ETH', 'x')).toBe(1n)
  })

  test('config/schema/proposal.json is what the schema says', () => {
    expect(readFileSync(join(import.meta.dirname, '../../../config/schema/proposal.json'), 'utf8')).toBe(draftSchemaText())
  })
})
