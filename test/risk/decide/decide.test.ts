import { beforeAll, describe, expect, it } from 'vitest'
import { type DecideInput, decide } from '../../../risk/decide/index.ts'
import { openTick, replayMarket } from '../../../risk/replay/index.ts'
import type { MarketSnapshot, Powers } from '../../../risk/types/index.ts'
import { replayOf } from '../replay/harness.ts'
import { barsFromCloses, walk } from '../support/bars.ts'

const START = 1_577_836_800
const FROM = START + 4_400 * 3_600

describe('deciding one tick', () => {
  let input: DecideInput
  beforeAll(async () => {
    const options = replayOf(barsFromCloses(walk(4_400, 3), START), 'eth', FROM, FROM)
    const { configuration, catalogue, engine, documents } = options
    for await (const { snapshot } of replayMarket(options))
      input = { ...openTick(snapshot!.hash, documents), configuration, catalogue, engine, documents }
  }, 60_000)
  const withLane = (mode: MarketSnapshot['chain']['lane']['mode'], powers: Partial<Powers>): DecideInput => {
    const { chain } = input.snapshot
    const lane = { ...chain.lane, mode, powers: { ...chain.lane.powers, ...powers } }
    return { ...input, snapshot: { ...input.snapshot, chain: { ...chain, lane } } }
  }

  it('signs the next round, valid from the end of its window on, with the hashes of what it saw', () => {
    const { decision, report } = decide(input)
    if (decision.kind === 'halt') throw new Error(decision.detail)
    const { snapshot, configuration } = input
    expect(decision.adjustment).toMatchObject({
      scope: 'market:ETH',
      epoch: 1,
      round: snapshot.chain.lane.round + 1,
      observedAt: snapshot.observedAt,
      validUntil: snapshot.observedAt + configuration.validitySeconds,
      engine: input.engine,
      snapshot: report!.snapshot,
      configuration: report!.configuration,
    })
    const ids = decision.adjustment.items.map(({ id }) => id)
    expect(ids).toEqual([...ids].sort())
  })
  it('holds every parameter whose input is absent with that reason, and governance parameters as governed', () => {
    const { report } = decide(input)
    const reason = (id: string) => {
      const { outcome } = report!.recommendations.find((each) => each.id === id)!
      return outcome.kind === 'hold' ? outcome.reason : outcome.direction
    }
    for (const id of ['margin.deltaAddOn', 'margin.volScanUp', 'market.depth', 'liquidation.fee'])
      expect(reason(id), id).toBe('inputUnavailable')
    expect(reason('oracle.heartbeat')).toBe('governance')
  })
  it.each([
    ['closed', 'laneClosed'],
    ['paused', 'lanePaused'],
    ['live', 'laneExpired'],
  ] as const)('given a lane that is %s and takes no round → it halts with %s and still folds the bars', (mode, halt) => {
    const { decision, nextState } = decide(withLane(mode, { submit: false }))
    expect(decision).toMatchObject({ kind: 'halt', reason: halt })
    expect(nextState.ticks).toBe(input.state.ticks + 1)
  })
  it('given another numeric fingerprint → it refuses to sign and says both', () => {
    const { decision } = decide({ ...input, configuration: { ...input.configuration, fingerprint: `0x${'0'.repeat(64)}` } })
    expect(decision).toMatchObject({ kind: 'halt', reason: 'engineMismatch' })
    expect(decision.kind === 'halt' && decision.detail).toContain(input.configuration.fingerprint)
  })
  it('given documents that do not belong together → it refuses', () => {
    expect(() => decide({ ...input, state: { ...input.state, ticks: 9 } })).toThrow('hash of the state')
    expect(() => decide({ ...input, book: { ...input.book, portfolios: [] } })).toThrow('hash of the book')
    expect(() => decide({ ...input, configuration: { ...input.configuration, scope: 'market:BTC' } })).toThrow('snapshot.scope')
    expect(() => decide({ ...input, configuration: { ...input.configuration, assumed: {} } })).toThrow('assumed.collateral.haircut')
  })
})
