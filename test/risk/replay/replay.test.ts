import { beforeAll, describe, expect, it } from 'vitest'
import { contentHash } from '../../../risk/hash/index.ts'
import {
  engineBuildHash,
  explainTick,
  openTick,
  type ReplayOptions,
  type ReplayTick,
  replayMarket,
  type TickClaim,
  verifyReplay,
} from '../../../risk/replay/index.ts'
import type { DocumentStore, Hash } from '../../../risk/types/index.ts'
import { barsFromCloses, walk } from '../support/bars.ts'
import { replayOf } from './harness.ts'

const START = 1_577_836_800
const HOURS = 4_600
const FROM = START + 4_500 * 3_600
// Calm hours of about 1.2 %; two days of violence begin twenty hours into the replay.
const closes = walk(HOURS, 7, 4_520, 4_568).map((close) => 200 * (close / 200) ** 4)
const bars = barsFromCloses(closes, START)
const ID = 'margin.priceScanRange'

async function runAll(options: ReplayOptions): Promise<ReplayTick[]> {
  const ticks: ReplayTick[] = []
  for await (const tick of replayMarket(options)) ticks.push(tick)
  return ticks
}
const claimOf = ({ snapshot, decided: { decision } }: ReplayTick): TickClaim => ({
  snapshot: snapshot!.hash,
  decision: decision.kind,
  report: decision.kind === 'halt' ? null : decision.adjustment.report,
  adjustment: decision.kind === 'halt' ? null : decision.adjustment,
})
/** The same documents, with the text of one replaced under its old hash. */
const tampered = (documents: DocumentStore, hash: Hash, change: (text: string) => string): DocumentStore => ({
  ...documents,
  get: (asked) => (asked === hash ? change(documents.get(hash) ?? '') : documents.get(asked)),
})

describe('a replay under the shipped rules', () => {
  let options: ReturnType<typeof replayOf>
  let ticks: ReplayTick[]
  let claims: TickClaim[]
  beforeAll(async () => {
    options = replayOf(bars, 'eth', FROM, START + (HOURS - 1) * 3_600)
    ticks = await runAll(options)
    claims = ticks.map(claimOf)
  }, 120_000)
  const verify = (changed: Partial<Parameters<typeof verifyReplay>[1]> = {}, of = claims) => {
    const { configuration, catalogue, engine, documents } = options
    return verifyReplay(of, { configuration, catalogue, engine, documents, genesis: ticks[0]!.snapshot!.document.priorState, ...changed })
  }

  it('steps every hour, signs every tick and has nothing rejected', () => {
    expect(ticks).toHaveLength(100)
    expect(ticks.every(({ decided }) => decided.decision.kind !== 'halt')).toBe(true)
    expect(ticks.flatMap(({ outcomes }) => outcomes).filter(({ kind }) => kind === 'rejected')).toEqual([])
    expect(options.world.lane('market:ETH').lane.round).toBe(100)
  })
  it('tightens in the violence', () => {
    const values = ticks.map(({ reading }) => reading.parameters.find(({ id }) => id === ID)!.state.value)
    expect(Math.max(...values.slice(20))).toBeGreaterThan(values[20]! * 1.5)
  })
  it('a hold is an empty round: the heartbeat', () => {
    const hold = ticks.find(({ decided }) => decided.decision.kind === 'hold')!
    expect(hold.decided.decision).toMatchObject({ adjustment: { items: [], impactAccounts: 0, impactNotional: 0n } })
  })
  it('gives the same bytes when it is run again', async () => {
    const again = await runAll(replayOf(bars, 'eth', FROM, START + (HOURS - 1) * 3_600))
    expect(again.map(({ snapshot, decided }) => [snapshot!.hash, decided.nextStateHash])).toEqual(
      ticks.map(({ snapshot, decided }) => [snapshot!.hash, decided.nextStateHash]),
    )
  })
  it('verifies: every tick recomputed byte-equal', () => expect(verify()).toEqual([]))
  it.each([
    ['snapshot', (): Hash => claims[30]!.snapshot, 'snapshot'],
    ['state', (): Hash => ticks[30]!.snapshot!.document.priorState, 'priorState'],
    ['book', (): Hash => ticks[30]!.snapshot!.document.book, 'book'],
  ] as const)('one changed byte in a stored %s is found there', (_, hash, part) => {
    const found = verify({ documents: tampered(options.documents, hash(), (text) => `${text} `) })
    expect(found[0]).toMatchObject({ part })
    if (part !== 'book') expect(found[0]!.snapshot).toBe(claims[30]!.snapshot)
  })
  it('a changed report, configuration or engine is found in the evidence alone', () => {
    const lie = claims.map((claim, i) => (i === 30 ? { ...claim, report: contentHash('another') } : claim))
    expect(verify({}, lie).map(({ part, snapshot }) => [part, snapshot])).toEqual([['report', claims[30]!.snapshot]])
    expect(new Set(verify({ engine: contentHash('another') }).map(({ part }) => part))).toEqual(new Set(['evidence']))
    expect(new Set(verify({ configuration: { ...options.configuration, validitySeconds: 601 } }).map(({ part }) => part))).toEqual(
      new Set(['report', 'evidence', 'validity']),
    )
  })
  it('a changed item is found', () => {
    const i = claims.findIndex(({ adjustment }) => (adjustment?.items.length ?? 0) > 0)
    const { adjustment } = claims[i]!
    const items = adjustment!.items.map((item) => ({ ...item, expected: item.value }))
    const lie = claims.map((claim, j) => (j === i ? { ...claim, adjustment: { ...adjustment!, items } } : claim))
    expect(verify({}, lie).map(({ part }) => part)).toEqual(['items'])
  })
  it('a missing tick shows as a prior state that nothing led to', () => {
    const gap = claims.filter((_, i) => i !== 30)
    expect(verify({}, gap).map(({ part }) => part)).toEqual(['priorState'])
  })
  it('explains a move from its bars to its item', () => {
    const moved = ticks.find(({ outcomes }) => outcomes.some(({ id, kind }) => id === ID && kind === 'applied'))!
    const { configuration, catalogue, engine, documents } = options
    const explained = explainTick({ ...openTick(moved.snapshot!.hash, documents), configuration, catalogue, engine, documents }, ID)
    expect(explained.next).toBe(moved.decided.nextStateHash)
    expect(explained.bars).toHaveLength(1)
    expect(explained.recommendation!.terms.map(({ name }) => name)).toContain('lossMultiple')
    expect(explained.item).toEqual({ id: ID, expected: explained.recommendation!.value, value: explained.recommendation!.proposed })
    expect(explained.report!.hash).toBe((moved.decided.decision as { adjustment: { report: Hash } }).adjustment.report)
  })
})

describe('a replay over bad input', () => {
  const last = START + 4_510 * 3_600
  const upTo = bars.filter(({ end }) => end <= last)
  it('given a bar that is missing → the tick holds, since its last price is an hour old', async () => {
    const ticks = await runAll(
      replayOf(
        upTo.filter(({ end }) => end !== last),
        'eth',
        FROM,
        last,
      ),
    )
    const { decision, report } = ticks.at(-1)!.decided
    expect(decision.kind).toBe('hold')
    expect(report!.recommendations.find(({ id }) => id === ID)!.outcome).toEqual({ kind: 'hold', reason: 'stale' })
  })
  it('given an outage that carries the price → sigma is frozen, then the tick halts', async () => {
    const outage = upTo.map((bar) =>
      bar.end <= last - 4 * 3_600 ? bar : flat(bar.start, upTo.find(({ end }) => end === last - 4 * 3_600)!.close),
    )
    const ticks = await runAll(replayOf(outage, 'eth', FROM, last))
    expect(ticks.slice(-4).map(({ decided: { decision } }) => (decision.kind === 'halt' ? decision.reason : decision.kind))).toEqual([
      'hold',
      'hold',
      'staleData',
      'staleData',
    ])
    expect(ticks.at(-1)!.decided.nextState.variance).toEqual(ticks.at(-5)!.decided.nextState.variance)
  })
  it('given a bad bar → the tick halts and leaves the state as it was', async () => {
    const bad = upTo.map((bar) => (bar.end === last ? { ...bar, high: bar.low / 2 } : bar))
    const tick = (await runAll(replayOf(bad, 'eth', FROM, last))).at(-1)!
    expect(tick.decided.decision).toMatchObject({ kind: 'halt', reason: 'badBar' })
    expect(tick.decided.nextStateHash).toBe(tick.snapshot!.document.priorState)
  })
  it('given a single bad print → it halts until the next bar refutes it, then goes on without it', async () => {
    const bad = upTo.map((bar) =>
      bar.end === last - 3_600 ? { ...bar, close: 1, low: 1 } : bar.end === last ? { ...bar, open: bar.close } : bar,
    )
    const ticks = await runAll(replayOf(bad, 'eth', FROM, last))
    expect(ticks.slice(-2).map(({ decided }) => decided.decision.kind === 'halt')).toEqual([true, false])
  })
  it('given a range off the grid → it refuses', async () => {
    await expect(runAll(replayOf(upTo, 'eth', FROM + 1, last))).rejects.toThrow('a multiple of 3600 s')
  })
})

function flat(start: number, price: number) {
  return { start, end: start + 3_600, knownAt: start + 3_600, open: price, high: price, low: price, close: price, volume: 0 }
}

describe('the build hash of an engine', () => {
  const files = [
    { path: 'risk/b.ts', text: 'b\n' },
    { path: 'risk/a.ts', text: 'a\n' },
  ]
  const dependencies = [{ name: '@noble/hashes', version: '1.8.0', integrity: 'sha512-x' }]
  const fingerprint = contentHash('numbers')
  const hash = engineBuildHash(files, dependencies, fingerprint)
  it('does not depend on order or on line ends', () => {
    expect(engineBuildHash([...files].reverse(), dependencies, fingerprint)).toBe(hash)
    expect(
      engineBuildHash(
        files.map((file) => ({ ...file, text: file.text.replace('\n', '\r\n') })),
        dependencies,
        fingerprint,
      ),
    ).toBe(hash)
  })
  it('depends on every byte, path, version and number', () => {
    expect(engineBuildHash([files[0]!, { path: 'risk/a.ts', text: 'a \n' }], dependencies, fingerprint)).not.toBe(hash)
    expect(engineBuildHash([files[0]!, { path: 'risk/c.ts', text: 'a\n' }], dependencies, fingerprint)).not.toBe(hash)
    expect(engineBuildHash(files, [{ ...dependencies[0]!, version: '1.8.1' }], fingerprint)).not.toBe(hash)
    expect(engineBuildHash(files, dependencies, contentHash('others'))).not.toBe(hash)
  })
  it('refuses nothing and the same path twice', () => {
    expect(() => engineBuildHash([], dependencies, fingerprint)).toThrow('one or more')
    expect(() => engineBuildHash([files[0]!, files[0]!], dependencies, fingerprint)).toThrow('twice')
  })
})
