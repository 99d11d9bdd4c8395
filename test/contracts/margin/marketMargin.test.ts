import { privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type LocalChain, startLocalChain } from '../../../chain/local/index.ts'
import { type MarketQuery, type MarketTotals, marketRequirement } from '../../../risk/margin/contract/index.ts'
import { drawQuery, START } from '../../risk/support/drawQuery.ts'
import { deep } from '../../risk/support/propertyRuns.ts'
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
