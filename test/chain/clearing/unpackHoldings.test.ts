import { describe, expect, it } from 'vitest'
import { encodeInstrumentId, unpackHoldings } from '../../../chain/clearing/index.ts'

/** Words as the ledger packs them: four chains a word, each chain's positions from a new word on, five a word. */
function pack(held: ReadonlyMap<number, readonly (readonly [leg: number, lots: bigint])[]>) {
  const chains: bigint[] = []
  const pages: bigint[] = []
  for (const [i, [chain, positions]] of [...held].entries()) {
    const field = BigInt(chain) | (7n << 32n) | (BigInt(positions.length) << 56n)
    chains[Math.floor(i / 4)] = (chains[Math.floor(i / 4)] ?? 0n) | (field << BigInt(64 * (i % 4)))
    for (let first = 0; first < positions.length; first += 5)
      pages.push(
        positions
          .slice(first, first + 5)
          .reduce((word, [leg, lots], j) => word | ((BigInt(leg) | (BigInt.asUintN(40, lots) << 8n)) << BigInt(48 * j)), 0n),
      )
  }
  return { chains, pages }
}

describe('unpackHoldings', () => {
  it('gives every position of every chain, with its sign', () => {
    const held = new Map(
      Array.from({ length: 9 }, (_, chain): [number, (readonly [number, bigint])[]] => [
        chain + 1,
        Array.from({ length: chain + 1 }, (__, leg) => [leg === chain ? 255 : leg, (leg % 2 === 0 ? 1n : -1n) * BigInt(leg + 1)] as const),
      ]),
    )
    const expected = [...held].flatMap(([chain, positions]) =>
      positions.map(([leg, lots]) => ({ instrument: (BigInt(chain) << 32n) | BigInt(leg), lots })),
    )
    expect(unpackHoldings(pack(held))).toEqual(expected)
    expect(expected[0]?.instrument).toBe(encodeInstrumentId({ chain: 1, leg: { kind: 'future' } }))
  })
  it('keeps the largest lots of both signs, and nothing of an empty account', () => {
    const most = 2n ** 39n - 1n
    expect(
      unpackHoldings(
        pack(
          new Map([
            [
              4_294_967_295,
              [
                [3, most],
                [255, -most],
              ],
            ],
          ]),
        ),
      ).map(({ lots }) => lots),
    ).toEqual([most, -most])
    expect(unpackHoldings({ chains: [], pages: [] })).toEqual([])
  })
})
