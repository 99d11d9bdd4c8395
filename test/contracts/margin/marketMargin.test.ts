import { privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type LocalChain, startLocalChain } from '../../../chain/local/index.ts'
import { type HeldLeg, type MarketQuery, type MarketTotals, marketRequirement } from '../../../risk/margin/contract/index.ts'
import type { SurfaceMarket } from '../../../risk/margin/index.ts'
import { heldChain, plainRule, wad } from '../../risk/support/contractBooks.ts'
import { deep } from '../../risk/support/propertyRuns.ts'
import { uniforms } from '../../risk/support/uniforms.ts'
import { blobOf, deployMarginWorld, type MarginWorld, pagesOf, ruleArgument, scopeOf } from './support/deployMarginWorld.ts'

const KEY = `0x${'b2'.repeat(32)}` as const
const START = 1_700_000_000
const DAY = 86_400
const ETH = scopeOf(2, 'ETH')
const footings = ['none', 'stale', 'posted', 'proved'] as const
const rules = ['none', 'scan', 'shortOptionMinimum', 'maximumLoss'] as const

/** Uniform draws by name of their use. */
type Draw = { readonly next: () => number; readonly whole: (below: number) => number; readonly of: <T>(list: readonly T[]) => T }

function drawer(seed: number): Draw {
  const draws = uniforms(seed, 20_000)
  let at = 0
  const next = (): number => draws[at++ % draws.length]!
  const whole = (below: number): number => Math.floor(next() * below)
  return { next, whole, of: (list) => list[whole(list.length)]! }
}

/** A surface with six expiries, hours to a year away, with a smile that leans. */
function drawMarket({ next }: Draw): SurfaceMarket {
  const spot = Math.round(10 ** (1 + 4 * next()))
  const level = 0.25 + next()
  const times = [0.3 + 0.6 * next(), 1 + next(), 3 + 3 * next(), 8 + 10 * next(), 30 + 40 * next(), 100 + 265 * next()]
  const expiries = times.map((days) => {
    const expiry = START + Math.round(days * DAY)
    const atmVol = level * (0.8 + 0.4 * next())
    const strikes = Array.from({ length: 9 }, (_, i) => spot * (0.4 + 0.15 * i))
    const lean = 0.4 * (next() - 0.5)
    const vols = strikes.map((strike) => atmVol * (1 + lean * Math.log(strike / spot) + 0.3 * Math.log(strike / spot) ** 2))
    return { expiry, forwardRatio: 0.97 + 0.06 * next(), atmVol, smile: { kind: 'points', strikes, vols } as const }
  })
  return { time: START, spot, expiries }
}

/** One account in a market that has moved a little, or a lot, since the chains were posted. */
function drawQuery(seed: number): MarketQuery {
  const draw = drawer(seed)
  const { next, whole, of } = draw
  const market = drawMarket(draw)
  const chains = market.expiries
    .filter(() => next() < 0.5)
    .map((quote, i) => {
      const count = 1 + whole(12)
      const strikes = [...new Set(Array.from({ length: count }, () => Math.round(market.spot * (0.6 + 0.9 * next()) * 100) / 100))].sort(
        (a, b) => a - b,
      )
      const size = 10 ** (1 + 6 * next())
      const legs: HeldLeg[] = strikes.flatMap((_, strike) =>
        [0, 1]
          .filter(() => next() < 0.6)
          .map((side) => ({ leg: 2 * strike + side, lots: BigInt(Math.round((next() - (whole(3) === 0 ? 1 : 0.5)) * size)) })),
      )
      if (next() < 0.4) legs.push({ leg: 255, lots: BigInt(Math.round((next() - 0.5) * size)) })
      const kind = next() < 0.15 ? 'digital' : 'vanilla'
      const held = heldChain(market, { quote, kind, strikes, legs: legs.filter(({ lots }) => lots !== 0n), isThin: next() < 0.3 }, i + 1)
      const drift = of([1, 1, 1.02, 0.97, 1.1])
      const index = drift === 1 ? held.index : { ...held.index, atmVol: wad(quote.atmVol * drift), version: 2n }
      const settled = next() < 0.04
      return {
        ...held,
        index,
        status: of(['proved', 'proved', 'posted'] as const),
        settlement: settled ? wad(market.spot * (0.8 + 0.4 * next())) : null,
      }
    })
  const move = of([0, 0, 0.01, -0.04, 0.08, -0.08, 0.3, -0.35, 0.7, -0.7])
  const later = of([0, 60, 1_000, 20_000, 40_000])
  return {
    time: BigInt(START + later),
    price: wad(market.spot * (1 + move)),
    units: next() < 0.3 ? wad(next() * 20) : 0n,
    rule: {
      ...plainRule,
      range: wad(of([0.1, 0.16, 0.21, 0.31, 0.5])),
      volScanUp: BigInt(of([2_500, 3_500, 4_300, 6_000])),
      multiplier: BigInt(of([10_000, 13_000])),
      depth: BigInt(of([1_000, 100_000, 1_000_000_000])),
      vegaDepth: BigInt(of([10, 100_000, 1_000_000_000])),
    },
    chains,
  }
}

describe('MarketMargin.sol', () => {
  let local: LocalChain
  let margin: MarginWorld
  beforeAll(async () => {
    local = await startLocalChain({ initialTime: START - 100, privateKeys: [KEY] })
    margin = await deployMarginWorld(local, privateKeyToAccount(KEY))
  }, 300_000)
  afterAll(() => local.close())

  /** The contract's answer, in the twin's words. */
  async function assessOnChain(query: MarketQuery): Promise<MarketTotals> {
    const snapshot = await local.snapshot()
    for (const [i, chain] of query.chains.entries()) {
      const status = chain.status === 'proved' ? 2 : chain.status === 'posted' ? 1 : 0
      await margin.set('setChain', [i + 1, 1, Number(chain.expiry), status, chain.ladder === null ? '0x' : blobOf(chain.ladder)])
      await margin.set('setIndex', [chain.expiry, chain.index])
      if (chain.settlement !== null) await margin.set('settle', [i + 1, chain.settlement])
    }
    await local.mine(Number(query.time))
    const chains = query.chains.map(({ legs }, i) => BigInt(i + 1) | (BigInt(legs.length) << 56n))
    const packed = Array.from({ length: Math.ceil(chains.length / 4) }, (_, word) =>
      chains.slice(4 * word, 4 * word + 4).reduce((sum, field, i) => sum | (field << BigInt(64 * i)), 0n),
    )
    const records = (await local.client.readContract({
      address: margin.world,
      abi: [
        { type: 'function', name: 'wordsOf', stateMutability: 'view', inputs: [{ type: 'uint256[]' }], outputs: [{ type: 'uint256[]' }] },
      ],
      functionName: 'wordsOf',
      args: [packed],
    })) as readonly bigint[]
    const call = {
      address: margin.marketMargin,
      abi: margin.marketMarginAbi,
      functionName: 'assess',
      args: [
        {
          scope: ETH,
          price: query.price,
          units: query.units,
          inGroup: true,
          rule: ruleArgument(query.rule),
          records: records.slice(0, chains.length),
          chains,
          pages: pagesOf(query.chains),
        },
      ],
    } as const
    const totals = (await local.client.readContract(call)) as Record<string, never>
    await local.revert(snapshot)
    return {
      ...totals,
      footing: footings[Number(totals['footing'])]!,
      rule: rules[Number(totals['rule'])]!,
      volState: Number(totals['volState']) === 1 ? 'up' : 'down',
    } as unknown as MarketTotals
  }

  it('has the bits of risk/margin/contract on random books and markets', async () => {
    for (let seed = 1; seed <= (deep ? 2_000 : 40); seed++) {
      const query = drawQuery(seed)
      expect(await assessOnChain(query), `seed ${seed}`).toEqual(marketRequirement(query))
    }
  }, 3_000_000)
})
