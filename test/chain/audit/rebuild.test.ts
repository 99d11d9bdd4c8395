import { describe, expect, test } from 'vitest'
import { rebuildHistory } from '../../../chain/audit/index.ts'
import { encodeRule } from '../../../chain/codec/index.ts'
import { encodeParamId, encodeScopeId } from '../../../chain/ids/index.ts'
import type { ChainLink } from '../../../chain/read/index.ts'
import type { ParameterRule, ParameterValue } from '../../../risk/types/index.ts'
import { firstRules } from '../support.ts'

const id = 'margin.priceScanRange'
const base = (firstRules[id] as { rule: ParameterRule }).rule
const key = { scope: encodeScopeId('market:ETH'), id: encodeParamId(id) }

const links = (...events: readonly (readonly [string, Readonly<Record<string, unknown>>])[]): ChainLink[] =>
  events.map(([event, args], index) => ({
    index,
    emitter: '0x0000000000000000000000000000000000000001',
    event,
    args: { ...key, ...args },
    entryHash: `0x${'00'.repeat(32)}`,
    block: BigInt(index),
    transaction: `0x${'00'.repeat(32)}`,
    logIndex: 0,
  }))
const ruled = (floor: number, ceiling: number) =>
  ['RuleSet', { rule: encodeRule({ ...base, floor: floor as ParameterValue, ceiling: ceiling as ParameterValue }) }] as const
const moved = (previous: number, value: number, reason = 3) =>
  ['ParameterUpdated', { previous: BigInt(previous), value: BigInt(value), writer: 1, reason, round: 1 }] as const
const kinds = (chain: ChainLink[]) => rebuildHistory(chain).findings.map(({ kind, index }) => [kind, index])

describe('rebuildHistory', () => {
  test('a value inside its rule, moved inside its rule, is clean', () => {
    expect(kinds(links(ruled(100, 200), moved(0, 150), moved(150, 200)))).toEqual([])
  })
  test('a value above the rule in force at its time is outside, although a later rule allows it', () => {
    expect(kinds(links(ruled(100, 200), moved(0, 150), moved(150, 201), ruled(100, 300)))).toEqual([['outsideRule', 2]])
  })
  test('a value below the floor is outside', () => {
    expect(kinds(links(ruled(100, 200), moved(0, 99)))).toEqual([['outsideRule', 1]])
  })
  test('a value without a rule is a finding', () => {
    expect(kinds(links(moved(0, 99)))).toEqual([['noRule', 0]])
  })
  test('a rule may exclude the live value only when the next link moves it to the bound', () => {
    expect(kinds(links(ruled(100, 200), moved(0, 150), ruled(100, 120), moved(150, 120, 2)))).toEqual([])
    expect(kinds(links(ruled(100, 200), moved(0, 150), ruled(100, 120)))).toEqual([['ruleExcludesValue', 2]])
    expect(kinds(links(ruled(100, 200), moved(0, 150), ruled(100, 120), ruled(100, 110)))).toEqual([
      ['ruleExcludesValue', 2],
      ['ruleExcludesValue', 3],
    ])
  })
  test('an update that forgets the one before is a finding', () => {
    expect(kinds(links(ruled(100, 200), moved(0, 150), moved(140, 160)))).toEqual([['previousMismatch', 2]])
  })
})
