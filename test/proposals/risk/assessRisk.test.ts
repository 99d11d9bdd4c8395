import { beforeAll, describe, expect, test } from 'vitest'
import { assessRisk, findCrash, type RiskEvidence } from '../../../proposals/risk/index.ts'
import type { ProtocolState } from '../../../proposals/state/index.ts'
import { evidenceAt } from '../riskSupport.ts'
import { crashAt, simulatedEvidence, withValues } from './simulatedEvidence.ts'

describe('the effect of a change on portfolios', () => {
  let evidence: RiskEvidence
  let state: ProtocolState
  beforeAll(async () => {
    ;({ evidence, state } = await simulatedEvidence(120))
  })
  const assess = (values: Readonly<Record<string, number>>, from: readonly RiskEvidence[] = [evidence]) =>
    assessRisk(state, withValues(state, values), { evidence: from, missing: 'No engine.' })
  /** Without sources nothing is replayed, which takes seconds. */
  const market = async (values: Readonly<Record<string, number>>, from: RiskEvidence = { ...evidence, sources: null }) => {
    const risk = await assess(values, [from])
    const found = risk.kind === 'assessed' ? risk.markets[0] : undefined
    if (found === undefined) throw new Error(`The market was not assessed: ${risk.kind}.`)
    return found
  }

  test('the largest fall within a day is found where it was made', () => {
    const crash = findCrash(evidence)
    expect(crash?.fall).toBeGreaterThan(0.3)
    expect(Math.abs((crash?.to ?? 0) - (crashAt + 14 * 3_600))).toBeLessThanOrEqual(10 * 3_600)
  })

  test('a wider scan raises margin, may flag accounts, and flags fewer in no replayed hour', { timeout: 60_000 }, async () => {
    const { before, after, newly, cover, affected, replay } = await market({ 'margin.priceScanRange': 3_500 }, evidence)
    expect(after.maintenance).toBeGreaterThan(before.maintenance)
    expect(after.initial).toBeGreaterThanOrEqual(before.initial)
    expect(newly.accounts).toBe(after.liquidatable - before.liquidatable)
    expect(after.expectedShortfall).toBe(before.expectedShortfall)
    expect(cover?.after.asHeld).toBe(cover?.before.asHeld)
    expect(cover?.after.drawnDown).toBeLessThanOrEqual(cover?.before.drawnDown ?? 0)
    expect(affected.length).toBeLessThanOrEqual(10)
    const changes = affected
      .filter(({ newlyLiquidatable }) => !newlyLiquidatable)
      .map((each) => Math.abs(each.maintenanceAfter - each.maintenanceBefore))
    expect(changes).toEqual([...changes].sort((a, b) => b - a))
    expect(replay?.after).toHaveLength(replay?.before.length ?? 0)
    expect(replay?.before.length).toBeGreaterThan(20)
    expect(replay?.after[0]?.maintenance).toBeGreaterThan(replay?.before[0]?.maintenance ?? 0)
  })

  test('a looser scan lets margin out: Cover-2 drawn down grows', async () => {
    const loose = { 'margin.priceScanRange': 1_300, 'margin.initialRangeFloor': 1_900, 'margin.shortOptionMinimum': 40 }
    const { before, after, cover, newly, replay, replayMissing } = await market(loose, evidenceAt(state.time))
    expect(after.maintenance).toBeLessThan(before.maintenance)
    expect(newly.accounts).toBe(0)
    expect(cover?.after.drawnDown).toBeGreaterThan(cover?.before.drawnDown ?? 0)
    expect(replay).toBeNull()
    expect(replayMissing).toContain('two days of bars')
  })

  test('the haircut of the asset counts as margin of its market', { timeout: 60_000 }, async () => {
    expect((await market({ 'collateral.haircut': 6_000 })).after.equity).toBeLessThan(
      (await market({ 'collateral.haircut': 6_000 })).before.equity,
    )
  })

  test('what margin does not read affects nobody; without evidence nothing is claimed', async () => {
    expect(await assess({ 'liquidation.buffer': 2_500 })).toEqual({ kind: 'unaffected', distances: [] })
    const missing = await assess({ 'margin.priceScanRange': 3_500 }, [])
    expect(missing).toEqual({ kind: 'missing', reason: 'No engine. It is needed for market:ETH.' })
  })

  test('two runs give the same figures', { timeout: 60_000 }, async () => {
    expect(await market({ 'margin.priceScanRange': 3_000 }, evidence)).toEqual(await market({ 'margin.priceScanRange': 3_000 }, evidence))
  })
})
