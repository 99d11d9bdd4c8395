import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { findJsonFault } from '../../../cli/kit/findJsonFault.ts'
import { parseJson } from '../../../cli/kit/parseJson.ts'
import { propertyRuns } from '../../risk/support/propertyRuns.ts'

describe('parseJson', () => {
  test.each([
    ['{\n  "a": call\n}', 2, 8, 'at "call\\n}"'],
    ['[1, 2', 1, 6, 'it ends too early'],
    ['{"a": 1,}', 1, 9, 'at "}"'],
    ['', 1, 1, 'it ends too early'],
    ['[1]\n[2]', 2, 1, 'at "[2]"'],
    ['{"a": 01}', 1, 8, 'at "1}"'],
    ['["\u0001"]', 1, 2, 'at "\\"\\u0001\\"]"'],
  ])('names line and column of the first fault of %j', (text, line, column, what) => {
    expect(() => parseJson({ name: 'f', text })).toThrow(`f, line ${line}, column ${column}: not JSON, ${what}.`)
  })
  test('gives back what JSON.parse does', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(parseJson({ name: 'f', text })).toEqual(JSON.parse(text))
      }),
      propertyRuns,
    )
  })
})

test('findJsonFault reaches the end of every JSON text and stops before the end of one with a letter put in', () => {
  fc.assert(
    fc.property(fc.json(), fc.nat(), (text, at) => {
      expect(findJsonFault(text)).toBe(text.length)
      const place = at % (text.length + 1)
      const broken = `${text.slice(0, place)}#${text.slice(place)}`
      let isJson = true
      try {
        JSON.parse(broken)
      } catch {
        isJson = false
      }
      if (isJson) expect(findJsonFault(broken)).toBe(broken.length)
      else expect(findJsonFault(broken)).toBeLessThanOrEqual(place)
    }),
    propertyRuns,
  )
})
