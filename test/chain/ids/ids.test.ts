import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  decodeParamId,
  decodeScopeId,
  encodeParamId,
  encodeScopeId,
  fromCode,
  parseScopeId,
  proposalStates,
  storeRoles,
  toCode,
} from '../../../chain/ids/index.ts'
import { InvalidInputError } from '../../../risk/errors/index.ts'
import { rejections, type ScopeId } from '../../../risk/types/index.ts'
import { propertyRuns } from '../../risk/support/propertyRuns.ts'

const name = fc.stringMatching(/^[!-~]{1,31}$/)

describe('ids', () => {
  test('a parameter id is its left-aligned ASCII name', () => {
    expect(encodeParamId('margin.tailWeight')).toBe('0x6d617267696e2e7461696c576569676874000000000000000000000000000000')
  })
  test('market:ETH is 0x02 and the name', () => {
    expect(encodeScopeId('market:ETH')).toBe(`0x02455448${'00'.repeat(28)}`)
  })
  test('decode is the inverse of encode', () => {
    fc.assert(
      fc.property(name, (id) => decodeParamId(encodeParamId(id)) === id),
      propertyRuns,
    )
    fc.assert(
      fc.property(fc.constantFrom('protocol', 'market', 'asset', 'group'), name, (kind, text) => {
        const scope = `${kind}:${text}` as ScopeId
        return decodeScopeId(encodeScopeId(scope)) === scope
      }),
      propertyRuns,
    )
  })
  test.each(['', 'a b', 'ü', 'x'.repeat(32)])('refuses the parameter name %j', (id) => {
    expect(() => encodeParamId(id)).toThrow(InvalidInputError)
  })
  test.each(['ETH', 'market:', 'none:ETH', 'planet:ETH', 'market: ETH'])('refuses the scope %j', (scope) => {
    expect(() => parseScopeId(scope)).toThrow(InvalidInputError)
  })
  test('refuses bytes that hold no name, no kind, or bytes after the padding', () => {
    expect(() => decodeParamId(`0x${'00'.repeat(32)}`)).toThrow(InvalidInputError)
    expect(() => decodeParamId(`0x6100${'62'.repeat(30)}`)).toThrow(InvalidInputError)
    expect(() => decodeScopeId(`0x05455448${'00'.repeat(28)}`)).toThrow(InvalidInputError)
    expect(() => decodeScopeId(`0x00455448${'00'.repeat(28)}`)).toThrow(InvalidInputError)
  })
  test('codes are positions, and unknown ones are refused', () => {
    expect(toCode(rejections, 'budget')).toBe(9)
    expect(fromCode(proposalStates, 7)).toBe('executed')
    expect(() => fromCode(proposalStates, 8)).toThrow(InvalidInputError)
  })
  test('role hashes are those of the contracts', () => {
    // keccak256("RECORDER_ROLE")
    expect(storeRoles.recorder).toMatch(/^0x[0-9a-f]{64}$/)
    expect(new Set(Object.values(storeRoles)).size).toBe(7)
  })
})
