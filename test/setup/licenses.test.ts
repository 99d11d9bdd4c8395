import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { findForbiddenLicenses, findForbiddenLicensesIn } from '../../tools/licenses.ts'

describe('findForbiddenLicenses', () => {
  it('names packages whose licence is not allowed, and those without one', () => {
    const packages = {
      '': {},
      'node_modules/good': { version: '1.0.0', license: 'MIT' },
      'node_modules/good/node_modules/@scope/bad': { version: '2.0.0', license: 'AGPL-3.0-only' },
      'node_modules/silent': { version: '3.0.0' },
    }
    expect(findForbiddenLicenses(packages)).toEqual(['@scope/bad@2.0.0 (AGPL-3.0-only)', 'silent@3.0.0 (none named)'])
  })
  it('allows copyleft per file in development only', () => {
    expect(findForbiddenLicenses({ 'node_modules/css': { version: '1.0.0', license: 'MPL-2.0', dev: true } })).toEqual([])
    expect(findForbiddenLicenses({ 'node_modules/css': { version: '1.0.0', license: 'MPL-2.0' } })).toHaveLength(1)
  })
  it.each([
    ['(MIT OR GPL-3.0)', 0],
    ['MIT AND ISC', 0],
    ['MIT AND GPL-3.0', 1],
  ])('reads %s', (license, count) => {
    expect(findForbiddenLicenses({ 'node_modules/a': { version: '1.0.0', license } })).toHaveLength(count)
  })
  it('finds nothing in the lockfiles of this project', () => {
    expect(findForbiddenLicensesIn(join(import.meta.dirname, '../..'))).toEqual([])
  })
})
