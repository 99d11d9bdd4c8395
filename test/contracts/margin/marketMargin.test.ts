import { privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type LocalChain, startLocalChain } from '../../../chain/local/index.ts'
import { type MarketQuery, type MarketTotals, marketRequirement } from '../../../risk/margin/contract/index.ts'
import { drawQuery, START } from '../../risk/support/drawQuery.ts'
import { driftedMarket, postSample, queriesOf } from '../../risk/support/ladderErrors.ts'
import { deep } from '../../risk/support/propertyRuns.ts'
import { rareQueries } from '../../risk/support/rareQueries.ts'
import { chainsWhere, haveChains, readSurfaces } from '../../risk/support/realSurfaces.ts'
import { blobOf, deployMarginWorld, type MarginWorld, pagesOf, ruleArgument, scopeOf } from './support/deployMarginWorld.ts'

const KEY = `0x${'b2'.repeat(32)}` as const
const ETH = scopeOf(2, 'ETH')
const footings = ['none', 'stale', 'posted', 'proved'] as const
const rules = ['none', 'scan', 'shortOptionMinimum', 'maximumLoss'] as const

describe('MarketMargin.sol', () => {
  let local: LocalChain
  let margin: MarginWorld
  beforeAll(async () => {
    local = await startLocalChain({ initialTime: START - 100, privateKeys: [KEY] })
    margin = await deployMarginWorld(local, privateKeyToAccount(KEY))
  }, 300_000)
  afterAll(() => local.close())

  /** The contract's answer, in the twin's words, with the query's chains put there for this answer alone. */
  async function assessOnChain(query: MarketQuery): Promise<MarketTotals> {
    const snapshot = await local.snapshot()
    for (const [i, chain] of query.chains.entries()) {
      const status = chain.status === 'proved' ? 2 : chain.status === 'posted' ? 1 : 0
      await margin.set('setChain', [i + 1, 1, Number(chain.expiry), status, chain.ladder === null ? '0x' : blobOf(chain.ladder)])
      await margin.set('setIndex', [chain.expiry, chain.index])
      if (chain.settlement !== null) await margin.set('settle', [i + 1, chain.settlement])
      if (chain.listing) await margin.set('list', [i + 1, chain.listing.strikes, margin.payoffs[chain.listing.kind]])
    }
    await local.mine(Number(query.time))
    const totals = await readTotals(
      query,
      query.chains.map((_, i) => i + 1),
    )
    await local.revert(snapshot)
    return totals
  }

  /** The contract's answer about chains that are there, by their numbers. */
  async function readTotals(query: MarketQuery, numbers: readonly number[], pages = pagesOf(query.chains)): Promise<MarketTotals> {
    const chains = query.chains.map(({ legs }, i) => BigInt(numbers[i]!) | (BigInt(legs.length) << 56n))
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
          pages,
        },
      ],
    } as const
    const totals = (await local.client.readContract(call)) as Record<string, never>
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

  it.each(Object.entries(rareQueries))('has them where random books do not come: %s', async (_, query) => {
    expect(await assessOnChain(query)).toEqual(marketRequirement(query))
  })

  it('refuses pages that are not there and legs that are not listed, with the numbers', async () => {
    const { settledWithoutLadder: query } = rareQueries
    const [chain] = query.chains
    await expect(readTotals(query, [1], [])).rejects.toThrow(/Margin_PageMissing.*\(1, 0\)/s)
    const beyond = { ...query, chains: [{ ...chain!, legs: [{ leg: 10, lots: 1n }] }] }
    await expect(assessOnChain(beyond)).rejects.toThrow(/Margin_UnknownLeg.*\(1, 5, 5\)/s)
  })

  it.runIf(haveChains)(
    `has them on recorded surfaces (${chainsWhere})`,
    async () => {
      for (const coin of ['ETH', 'BTC'] as const) {
        for (const [i, surface] of readSurfaces(coin, deep ? 1 : 60).entries()) {
          const sample = postSample(surface, 3000 + i, deep ? 20 : 4)
          const snapshot = await local.snapshot()
          const numbers = new Map([...sample.chains.keys()].map((expiry, place) => [BigInt(expiry), place + 1]))
          for (const [expiry, { held }] of sample.chains)
            await margin.set('setChain', [numbers.get(BigInt(expiry)), 1, expiry, 2, blobOf(held.ladder!)])
          await local.mine(surface.market.time)
          for (const drift of [
            { spot: 0, vol: 0 },
            { spot: -0.08, vol: 0.01 },
          ]) {
            for (const query of queriesOf(sample, driftedMarket(sample.market, drift), 0.16)) {
              for (const { expiry, index } of query.chains) await margin.set('setIndex', [expiry, index])
              const places = query.chains.map(({ expiry }) => numbers.get(expiry)!)
              expect(await readTotals(query, places), `${coin} ${i}, ${JSON.stringify(drift)}`).toEqual(marketRequirement(query))
            }
          }
          await local.revert(snapshot)
        }
      }
    },
    3_000_000,
  )
})
