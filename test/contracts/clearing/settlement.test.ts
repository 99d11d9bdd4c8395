import { encodeFunctionData, type Hex } from 'viem'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { encodeInstrumentId, readAssessments } from '../../../chain/clearing/index.ts'
import { chainsAbi, ledgerAbi, settlementAbi, settlementOracleAbi } from '../../../chain/generated/index.ts'
import { encodeScopeId } from '../../../chain/ids/index.ts'
import type { LocalChain } from '../../../chain/local/index.ts'
import type { ClearingChain } from '../../../controller/world/openClearingChain.ts'
import { tradeOnChain } from '../../../controller/world/tradeOnChain.ts'
import { EXPIRY, owner, startClearing, traderOf } from '../../controller/support/clearingChain.ts'

const WAD = 10n ** 18n
const LOTS = 10_000n
const SETTLED_AT = 215
const market = encodeScopeId('market:ETH')
const [buyer, writer] = ['buyer', 'writer'].map(traderOf) as [ReturnType<typeof traderOf>, ReturnType<typeof traderOf>]

/** Contract by contract: what one contract of it pays its buyer at 215, USD. Strikes 140, 170, 200, 230, 260. */
const cases = [
  { leg: { kind: 'option', type: 'call', strike: 1 }, price: 40, pays: 45 },
  { leg: { kind: 'option', type: 'put', strike: 1 }, price: 5, pays: 0 },
  { leg: { kind: 'option', type: 'call', strike: 4 }, price: 3, pays: 0 },
  { leg: { kind: 'option', type: 'put', strike: 4 }, price: 65, pays: 45 },
  { leg: { kind: 'future' }, price: 200, pays: 15 },
] as const
/** Powers of two: no exchange of instruments for one another leaves the sum as it is. */
const lotsOf = (i: number): bigint => LOTS * ([1n, 2n, 4n, 8n, 16n][i] ?? 0n)

describe('settlement on the real contracts: oracle, chains, margin and ledger', () => {
  let local: LocalChain
  let chain: ClearingChain
  const at = <Name extends keyof ClearingChain['clearing']['contracts']>(name: Name) => chain.clearing.contracts[name]
  const send = (to: Hex, data: Hex): Promise<void> => chain.send(owner, to, data)
  const cashOf = async (account: bigint): Promise<bigint> => {
    const { principal, profit, debt } = await local.client.readContract({
      address: at('ledger'),
      abi: ledgerAbi,
      functionName: 'cashOf',
      args: [account],
    })
    return principal + profit - debt
  }

  beforeAll(async () => {
    ;({ local, chain } = await startClearing())
    for (const { owner: holder, account } of [buyer, writer]) await chain.deposit(holder, account, 50_000)
    for (const [i, { leg, price }] of cases.entries()) {
      const instrument = encodeInstrumentId({ chain: 1, leg })
      await tradeOnChain(local, chain, owner, { taker: buyer, maker: writer, instrument, lots: lotsOf(i), price: BigInt(price) * WAD })
    }
    for (let minute = 29; minute > 0; minute--) {
      await chain.writePrices(EXPIRY - 60 * minute, new Map([['ETH', SETTLED_AT]]))
      await send(at('settlementOracle'), encodeFunctionData({ abi: settlementOracleAbi, functionName: 'poke', args: [market, EXPIRY] }))
    }
    await local.mine(EXPIRY + 1)
    await send(at('settlementOracle'), encodeFunctionData({ abi: settlementOracleAbi, functionName: 'finalise', args: [market, EXPIRY] }))
    await send(at('chains'), encodeFunctionData({ abi: chainsAbi, functionName: 'settle', args: [1] }))
  }, 180_000)
  afterAll(() => local?.close())

  it('pays calls, puts and futures what they are, and what margin says they are worth', async () => {
    const block = await local.client.getBlockNumber()
    const accounts = [buyer.account, writer.account]
    const before = await readAssessments(local.client, chain.clearing, accounts, block)
    const cash = await Promise.all(accounts.map(cashOf))
    const worth = cases.reduce((sum, { pays }, i) => sum + (BigInt(pays) * WAD * lotsOf(i)) / LOTS, 0n)
    await send(at('settlement'), encodeFunctionData({ abi: settlementAbi, functionName: 'settle', args: [1, accounts] }))
    const paid = await Promise.all(accounts.map(async (account, i) => (await cashOf(account)) - (cash[i] ?? 0n)))
    expect(paid).toEqual([worth, -worth])
    const after = await readAssessments(local.client, chain.clearing, accounts, await local.client.getBlockNumber())
    expect(after.map(({ equity }) => equity)).toEqual(before.map(({ equity }) => equity))
    expect(after.map(({ maintenance }) => maintenance)).toEqual([0n, 0n])
  })
})
