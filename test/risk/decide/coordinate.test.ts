import { describe, expect, it } from 'vitest'
import { coordinate } from '../../../risk/decide/index.ts'
import { activateScope, emptyStore, readParameters } from '../../../risk/rules/index.ts'
import type { ParameterValue, ParamId, Recommendation } from '../../../risk/types/index.ts'
import { catalogue, replayOf } from '../replay/harness.ts'
import { barsFromCloses } from '../support/bars.ts'

const NOW = 1_600_000_000
const SCOPE = 'market:ETH'
const parameters = readParameters(
  activateScope(
    emptyStore({ catalogue, ruleDelay: 172_800, undoWindow: 86_400, executionGrace: 86_400 }),
    SCOPE,
    Object.entries(replayOf(barsFromCloses([200, 201]), 'eth', 1_577_840_400, 1_577_840_400).world.store().scopes[SCOPE]!).map(
      ([id, { rule, value }]) => ({
        id,
        rule,
        value,
      }),
    ),
    NOW - 172_800,
  ),
  SCOPE,
  NOW,
)
const powers = { submit: true, cosigned: false, applies: true, tightens: true, loosens: true, executes: true, walks: false }
const frame = { catalogue, parameters, powers, now: NOW }

/** A recommendation that moves a parameter of the shipped market by `change` of its value. */
const move = (id: ParamId, change: number): Recommendation => {
  const { direction } = catalogue.parameters.find((spec) => spec.id === id)!
  const { value } = parameters.find((live) => live.id === id)!.state
  const proposed = Math.round(value * (1 + change)) as ParameterValue
  const tightens = direction !== 'twoSided' && proposed > value === (direction === 'up')
  const outcome = { kind: 'move', direction: tightens ? 'tighten' : 'loosen' } as const
  return { id, value, target: proposed, terms: [], flags: [], clips: [], proposed, outcome }
}
const outcomes = (moves: readonly Recommendation[]): string[] =>
  coordinate(moves, frame).map(({ id, outcome }) => `${id} ${outcome.kind === 'move' ? outcome.direction : outcome.reason}`)

describe('making one round of single recommendations', () => {
  it('lets moves of different groups through together', () =>
    expect(outcomes([move('margin.priceScanRange', 0.1), move('margin.tailWeight', -0.05)])).toEqual([
      'margin.priceScanRange tighten',
      'margin.tailWeight loosen',
    ]))
  it('tightens first inside a coupling group', () =>
    expect(outcomes([move('margin.volScanDown', -0.05), move('margin.volScanUp', 0.1)])).toEqual([
      'margin.volScanDown group',
      'margin.volScanUp tighten',
    ]))
  it('never moves the initial multiplier and the scan range in one round', () =>
    expect(outcomes([move('margin.initialMultiplier', 0.03), move('margin.priceScanRange', 0.1)])).toEqual([
      'margin.initialMultiplier group',
      'margin.priceScanRange tighten',
    ]))
  it('gives up a loosening that would break a joint invariant, and keeps the rest', () => {
    const tightest = parameters.map((live) =>
      live.id === 'oracle.heartbeat' ? { ...live, state: { ...live.state, value: 110 as ParameterValue } } : live,
    )
    const result = coordinate([move('margin.tailWeight', 0.05), move('oracle.maxAge', -0.15)], { ...frame, parameters: tightest })
    expect(result.map(({ outcome }) => (outcome.kind === 'move' ? outcome.direction : outcome.reason))).toEqual(['tighten', 'joint'])
    expect(result[1]!.clips).toEqual([{ bound: 'joint', from: 204, to: 240, limit: expect.any(Number) }])
  })
  it('holds what the twin of the judge rejects, with its group', () =>
    expect(outcomes([move('margin.shortOptionMinimum', 0.9), move('margin.tailWeight', 0.05)])).toEqual([
      'margin.shortOptionMinimum group',
      'margin.tailWeight group',
    ]))
})
