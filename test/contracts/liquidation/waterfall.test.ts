import { type ContractFunctionArgs, type ContractFunctionName, encodeFunctionData, type Hex } from 'viem'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  buildBid,
  buildDeclareBankrupt,
  buildFlag,
  buildResolve,
  buildTouch,
  encodeInstrumentId,
  readAssessments,
  readQuote,
} from '../../../chain/clearing/index.ts'
import {
  ballastTokenAbi,
  deleveragingAbi,
  ledgerAbi,
  liquidationAbi,
  marginAbi,
  tradingAbi,
  vaultAbi,
} from '../../../chain/generated/index.ts'
import { encodeScopeId } from '../../../chain/ids/index.ts'
import type { LocalChain } from '../../../chain/local/index.ts'
import type { Call } from '../../../chain/write/index.ts'
import type { ClearingChain } from '../../../controller/world/openClearingChain.ts'
import { type Trader, tradeOnChain } from '../../../controller/world/tradeOnChain.ts'
import { owner, startClearing, traderOf } from '../../controller/support/clearingChain.ts'

const WAD = 10n ** 18n
const LOTS = 10_000n
const NOTICE = 900
const group = encodeScopeId('group:MAIN')
const market = encodeScopeId('market:ETH')
const FUTURE = encodeInstrumentId({ chain: 1, leg: { kind: 'future' } })
const PUT = encodeInstrumentId({ chain: 1, leg: { kind: 'option', type: 'put', strike: 1 } })
const instruments = [FUTURE, PUT]
const names = ['maker', 'weak', 'torn', 'taken', 'bidder'] as const
const people = Object.fromEntries(names.map((name) => [name, traderOf(name)])) as Record<(typeof names)[number], Trader>
const { maker, weak, torn, taken, bidder } = people

describe('from the first flag to the last layer, on the real contracts', () => {
  let local: LocalChain
  let chain: ClearingChain
  let accounts: bigint[]
  let backstop: bigint
  const at = <Name extends keyof ClearingChain['clearing']['contracts']>(name: Name) => chain.clearing.contracts[name]
  const act = ({ to, data }: Call, by: Trader = bidder): Promise<void> => chain.send(by.owner, to, data)
  const ledger = <Name extends ContractFunctionName<typeof ledgerAbi, 'view'>>(
    functionName: Name,
    args: ContractFunctionArgs<typeof ledgerAbi, 'view', Name>,
  ) => local.client.readContract({ address: at('ledger'), abi: ledgerAbi, functionName, args } as never)
  const sums = () => ledger('sumsOf', [group]) as Promise<Record<'tokens' | 'principal' | 'profit' | 'fund' | 'debt', bigint>>
  const netOf = async (account: bigint): Promise<bigint> => {
    const { principal, profit, debt } = (await ledger('cashOf', [account])) as Record<'principal' | 'profit' | 'debt', bigint>
    return principal + profit - debt
  }
  const positionOf = (account: bigint, instrument: bigint) => ledger('positionOf', [account, instrument]) as Promise<bigint>
  const assessed = async ({ account }: Pick<Trader, 'account'>) => {
    const [one] = await readAssessments(local.client, chain.clearing, [account], await local.client.getBlockNumber())
    if (one === undefined) throw new Error('no assessment')
    return one
  }
  const quoteOf = async (account: bigint) => readQuote(local.client, chain.clearing, account, await local.client.getBlockNumber())
  const announce = (account: bigint): Call => ({
    to: at('deleveraging'),
    data: encodeFunctionData({ abi: deleveragingAbi, functionName: 'announce', args: [account] }),
  })
  const bid = async (account: bigint): Promise<Call> => {
    const deadline = (await local.time()) + 3_600
    return buildBid(chain.clearing, { account, bidder: bidder.account, fraction: WAD, minFraction: 1n, maxPrice: 10n ** 24n, deadline })
  }
  /** A price `seconds` from now, and with it surface, ladders and the copy of the parameters. */
  const move = async (seconds: number, spot: number): Promise<void> => {
    await chain.writePrices((await local.time()) + seconds, new Map([['ETH', spot]]))
    await chain.postMarket('ETH', spot, 0.9)
    await chain.send(owner, at('margin'), encodeFunctionData({ abi: marginAbi, functionName: 'refresh', args: [market] }))
  }
  /** Tokens are where the books say, accounts add up to the sums, and for every lot bought one is sold. `cut` allows for a loss shared by shares. */
  const expectConserved = async (tokens: bigint, cut = false): Promise<void> => {
    for (const account of accounts) await act(buildTouch(chain.clearing, account))
    const now = await sums()
    expect(now.tokens).toBe(tokens)
    expect(now.principal + now.profit + now.fund - now.debt).toBe(tokens)
    const token = { address: chain.cashToken, abi: ballastTokenAbi } as const
    expect(await local.client.readContract({ ...token, functionName: 'balanceOf', args: [at('vault')] })).toBe(tokens)
    let left = tokens - now.fund
    for (const account of accounts) left -= await netOf(account)
    expect(left).toBeGreaterThanOrEqual(0n)
    expect(left).toBeLessThanOrEqual(cut ? BigInt(accounts.length) : 0n)
    for (const instrument of instruments) {
      const held = await Promise.all(accounts.map((account) => positionOf(account, instrument)))
      expect(held.reduce((sum, lots) => sum + lots, 0n)).toBe(0n)
      expect(held.reduce((sum, lots) => sum + (lots > 0n ? lots : 0n), 0n)).toBe(await ledger('openInterestOf', [instrument]))
    }
  }

  let tokens = 0n
  const deposit = async ({ owner: holder, account }: Trader, usd: number): Promise<void> => {
    await chain.deposit(holder, account, usd)
    tokens = (await sums()).tokens
  }
  beforeAll(async () => {
    ;({ local, chain } = await startClearing())
    const address = at('trading')
    const fees = await local.client.readContract({ address, abi: tradingAbi, functionName: 'feeAccountOf', args: [group] })
    backstop = (BigInt(at('deleveraging')) << 96n) | 1n
    accounts = [...names.map((name) => people[name].account), fees, backstop]
    await deposit(weak, 7_700)
    for (const who of [torn, taken]) await deposit(who, 8_100)
    await deposit(maker, 500_000)
    await deposit(bidder, 500_000)
    for (const taker of [weak, torn, taken])
      await tradeOnChain(local, chain, owner, { taker, maker, instrument: FUTURE, lots: 100n * LOTS, price: 200n * WAD })
    for (const taker of [torn, taken])
      await tradeOnChain(local, chain, owner, { taker, maker, instrument: PUT, lots: -5n * LOTS, price: 2n * WAD })
  }, 180_000)
  afterAll(() => local?.close())

  it('sells a slice of an account below maintenance: no more than the cap, the rest better off, nothing lost', async () => {
    await expectConserved(tokens)
    await move(3_600, 150)
    for (const who of [weak, torn, taken]) await act(buildFlag(chain.clearing, who.account, bidder.account))
    await chain.writePrices((await local.time()) + 600, new Map([['ETH', 150]]))
    const [before, own] = [await assessed(weak), await assessed(bidder)]
    const { maxFraction, price, bidderCharge } = await quoteOf(weak.account)
    expect(maxFraction).toBeLessThan(WAD)
    await act(await bid(weak.account))
    const [after, richer] = [await assessed(weak), await assessed(bidder)]
    // The curve ran on for the seconds between quote and sale, so a little less may be needed, never more.
    const bought = await positionOf(bidder.account, FUTURE)
    expect(bought).toBeGreaterThan(0n)
    expect(bought).toBeLessThanOrEqual((100n * LOTS * (maxFraction + WAD / 1_000n)) / WAD)
    expect(after.maintenance).toBeLessThan(before.maintenance)
    expect(after.equity * before.maintenance).toBeGreaterThan(before.equity * after.maintenance)
    // At mark and a part of the charge: what the bidder is richer by.
    expect(price).toBeLessThan(0n)
    expect(richer.equity - own.equity).toBeGreaterThan(0n)
    expect(richer.equity - own.equity).toBeLessThanOrEqual(bidderCharge + bidderCharge / 50n)
    expect(richer.equity - own.equity).toBeLessThanOrEqual(before.equity - after.equity)
    await expectConserved(tokens)
    // Restored, and topped up, it is out of the rest.
    await deposit(weak, 20_000)
  })

  it('tears up what nobody bought when the fund is too small: fund, then profit, to the unit', async () => {
    await move(1_800, 110)
    for (const who of [torn, taken]) {
      expect((await assessed(who)).equity).toBeLessThan(0n)
      await act(buildDeclareBankrupt(chain.clearing, who.account))
    }
    const liquidation = { address: at('liquidation'), abi: liquidationAbi } as const
    const end = await local.client.readContract({ ...liquidation, functionName: 'endOf', args: [torn.account] })
    await expect(act(announce(torn.account))).rejects.toThrow()
    await move(Number(end) - (await local.time()) + 120, 110)
    await expect(act(buildResolve(chain.clearing, torn.account))).rejects.toThrow()
    for (const who of [torn, taken]) await act(announce(who.account))
    await chain.writePrices((await local.time()) + NOTICE + 60, new Map([['ETH', 110]]))
    const [before, equity, short] = [await sums(), (await assessed(torn)).equity, await positionOf(maker.account, FUTURE)]
    const others = async (): Promise<bigint> => {
      const rest = accounts.filter((account) => account !== torn.account && account !== backstop)
      const all = await readAssessments(local.client, chain.clearing, rest, await local.client.getBlockNumber())
      return all.reduce((sum, { equity }) => sum + equity, 0n)
    }
    const worth = await others()
    expect(before.fund).toBeGreaterThan(0n)
    expect(before.fund).toBeLessThan(-equity)
    await act(buildResolve(chain.clearing, torn.account))
    const after = await sums()
    for (const instrument of instruments) expect(await positionOf(torn.account, instrument)).toBe(0n)
    expect(await positionOf(maker.account, FUTURE)).toBe(short + 100n * LOTS)
    expect(await positionOf(maker.account, PUT)).toBe(5n * LOTS)
    expect(await netOf(torn.account)).toBe(0n)
    // Dust of sharing the loss is the fund's.
    expect(after.fund).toBeLessThanOrEqual(10n)
    // The tear-up at mark changes nobody's equity; the profit of all pays what the fund could not.
    const loss = worth - (await others())
    expect(Number(loss + equity + before.fund) / 1e18).toBeCloseTo(0, 9)
    await expectConserved(tokens, true)
    await expect(act(buildFlag(chain.clearing, torn.account, 0n))).rejects.toThrow()
  })

  it('takes the book into an account of the fund when the fund can carry it, sells it whole, and sweeps the rest back', async () => {
    const raised = 200_000n * WAD
    const spend = (to: Hex, data: Hex) => chain.send(owner, to, data)
    await spend(chain.cashToken, encodeFunctionData({ abi: ballastTokenAbi, functionName: 'approve', args: [at('vault'), raised] }))
    await spend(at('vault'), encodeFunctionData({ abi: vaultAbi, functionName: 'raiseFund', args: [group, raised] }))
    tokens += raised
    const [fund, equity, held] = [(await sums()).fund, (await assessed(taken)).equity, await positionOf(taken.account, FUTURE)]
    await act(buildResolve(chain.clearing, taken.account))
    expect(await netOf(taken.account)).toBe(0n)
    expect(await positionOf(taken.account, FUTURE)).toBe(0n)
    expect(await positionOf(backstop, FUTURE)).toBe(held)
    const margin = (await assessed({ account: backstop })).equity
    expect(margin).toBeGreaterThan(0n)
    expect(Number(fund - (await sums()).fund - margin + equity) / 1e18).toBeCloseTo(0, 9)
    await expectConserved(tokens, true)

    await chain.writePrices((await local.time()) + 1_200, new Map([['ETH', 110]]))
    await act(await bid(backstop))
    for (const instrument of instruments) expect(await positionOf(backstop, instrument)).toBe(0n)
    await expectConserved(tokens, true)
    const [beforeSweep, left] = [(await sums()).fund, await netOf(backstop)]
    expect(left).toBeGreaterThan(0n)
    await act({ to: at('deleveraging'), data: encodeFunctionData({ abi: deleveragingAbi, functionName: 'sweep', args: [backstop] }) })
    expect(await netOf(backstop)).toBe(0n)
    expect((await sums()).fund - beforeSweep - left).toBeLessThanOrEqual(10n)
    await expectConserved(tokens, true)
  })
})
