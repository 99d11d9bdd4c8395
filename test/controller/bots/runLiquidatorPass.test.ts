import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { PublicClient } from 'viem'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildRelease, encodeInstrumentId, formatAccountId, readAssessments, readQuote } from '../../../chain/clearing/index.ts'
import { ledgerAbi } from '../../../chain/generated/index.ts'
import type { LocalChain } from '../../../chain/local/index.ts'
import { sendCall } from '../../../chain/write/index.ts'
import type { LiquidatorContext } from '../../../controller/bots/LiquidatorContext.ts'
import { runLiquidatorPass } from '../../../controller/bots/runLiquidatorPass.ts'
import { followClearing } from '../../../controller/monitor/followClearing.ts'
import { sidesOf } from '../../../controller/monitor/sidesOf.ts'
import type { ClearingChain } from '../../../controller/world/openClearingChain.ts'
import { tradeOnChain } from '../../../controller/world/tradeOnChain.ts'
import { runCli } from '../../cli/runCli.ts'
import { owner, startClearing, traderOf } from '../support/clearingChain.ts'
import { type OpenedLiquidator, openLiquidator } from '../support/openLiquidator.ts'

const [long, maker, bot] = ['long', 'maker', 'bot'].map(traderOf) as [
  ReturnType<typeof traderOf>,
  ReturnType<typeof traderOf>,
  ReturnType<typeof traderOf>,
]
const future = encodeInstrumentId({ chain: 1, leg: { kind: 'future' } })
const WAD = 10n ** 18n

describe('the liquidation bot on the real contracts', () => {
  let local: LocalChain
  let chain: ClearingChain
  const folder = mkdtempSync(join(tmpdir(), 'ballast-bot-'))
  let opened: OpenedLiquidator | undefined
  beforeAll(async () => {
    ;({ local, chain } = await startClearing(0))
    for (const [{ owner: holder, account }, usd] of [
      [long, 7_700],
      [maker, 500_000],
      [bot, 100_000],
    ] as const)
      await chain.deposit(holder, account, usd)
    await tradeOnChain(local, chain, owner, { taker: long, maker, instrument: future, lots: 1_000_000n, price: 200n * WAD })
  }, 180_000)
  afterAll(async () => {
    opened?.close()
    rmSync(folder, { recursive: true, force: true })
    await local?.close()
  })

  /** A bot as a new process would open it, on the same files. */
  const openBot = (name: string, change: Partial<LiquidatorContext> = {}, client: PublicClient = local.client): LiquidatorContext => {
    opened?.close()
    opened = openLiquidator(chain, folder, name, { reads: client, sends: client }, change)
    return opened.context
  }
  const positionsAt = async (account: bigint): Promise<bigint> =>
    local.client.readContract({
      address: chain.clearing.contracts.ledger,
      abi: ledgerAbi,
      functionName: 'positionOf',
      args: [account, future],
    })

  it('monitors every account from events alone, and holds what the ledger holds', async () => {
    const { monitor } = openBot('one')
    const context = { client: local.client, deployment: chain.clearing, store: monitor, confirmations: 1 }
    const cursor = await followClearing(context)
    expect(cursor?.block).toBe(await local.client.getBlockNumber())
    for (const { account } of [long, maker, bot]) {
      const held = monitor.account(account)
      const cash = await local.client.readContract({
        address: chain.clearing.contracts.ledger,
        abi: ledgerAbi,
        functionName: 'cashOf',
        args: [account],
      })
      expect({ principal: held?.principal, profit: held?.profit, debt: held?.debt }).toEqual(cash)
      expect(held?.positions.get(future) ?? 0n).toBe(await positionsAt(account))
    }
    expect(sidesOf(monitor.accounts())).toMatchObject([
      { instrument: future, long: { lots: 1_000_000n, accounts: 1 }, short: { lots: 1_000_000n } },
    ])
  })

  it('does nothing while everybody is above maintenance', async () => {
    const pass = await runLiquidatorPass(openBot('one'))
    expect(pass).toMatchObject({ below: 0, auctions: 0, acts: [] })
  })

  it('only shows what it would do in a dry run', async () => {
    await chain.writePrices((await local.time()) + 600, new Map([['ETH', 150]]))
    const nonce = await local.client.getTransactionCount({ address: bot.owner.address })
    const pass = await runLiquidatorPass(openBot('one', { send: false }))
    expect(pass.acts).toMatchObject([{ kind: 'flag', account: long.account, outcome: 'dryRun' }])
    expect(await local.client.getTransactionCount({ address: bot.owner.address })).toBe(nonce)
  })

  it('flags nobody when the reward does not pay for the gas', async () => {
    const pass = await runLiquidatorPass(openBot('one', { keeperReward: 0 }))
    expect(pass).toMatchObject({ below: 1, acts: [] })
  })

  it('killed between storing and sending, it sends the same flag once when it starts again', async () => {
    const dying = async (args: { method: string; params?: unknown }): Promise<unknown> => {
      if (args.method === 'eth_sendRawTransaction') throw new TypeError('killed')
      return (local.client.request as (args: unknown) => Promise<unknown>)(args)
    }
    const killed = openBot('one', {}, {
      ...local.client,
      request: dying,
      sendRawTransaction: () => Promise.reject(new TypeError('killed')),
    } as PublicClient)
    const stop = new AbortController()
    const clock = { now: () => 0, sleep: async () => stop.abort(new Error('the process is gone')) }
    await expect(runLiquidatorPass({ ...killed, submitter: { ...killed.submitter, clock, signal: stop.signal } })).rejects.toThrow()
    expect(killed.submitter.store.openIntents()).toHaveLength(1)
    const [intent] = killed.submitter.store.openIntents()
    const [stored] = killed.submitter.store.attempts(intent?.key ?? '')
    const nonce = await local.client.getTransactionCount({ address: bot.owner.address })

    const pass = await runLiquidatorPass(openBot('one'))
    expect(await local.client.getTransactionReceipt({ hash: stored?.hash ?? '0x' })).toMatchObject({ status: 'success' })
    expect(await local.client.getTransactionCount({ address: bot.owner.address })).toBe(nonce + 1)
    expect(pass.acts.filter(({ kind, outcome }) => kind === 'flag' && outcome === 'sent')).toEqual([])
    expect((await runLiquidatorPass(openBot('one'))).auctions).toBe(1)
  })

  it('waits while the charge is small, then takes a slice that pays, and the account is better off', async () => {
    const early = await runLiquidatorPass(openBot('one'))
    expect(early).toMatchObject({ auctions: 1, acts: [] })
    expect(early.passed).toMatchObject([{ account: long.account, reason: 'unprofitable' }])
    await chain.writePrices((await local.time()) + 1_200, new Map([['ETH', 150]]))
    const block = await local.client.getBlockNumber()
    const [before] = await readAssessments(local.client, chain.clearing, [long.account], block)
    const [own] = await readAssessments(local.client, chain.clearing, [bot.account], block)
    const pass = await runLiquidatorPass(openBot('one'))
    expect(pass.acts).toMatchObject([{ kind: 'bid', outcome: 'sent' }])
    expect(await positionsAt(bot.account)).toBeGreaterThan(0n)
    const now = await local.client.getBlockNumber()
    const [after] = await readAssessments(local.client, chain.clearing, [long.account], now)
    const [richer] = await readAssessments(local.client, chain.clearing, [bot.account], now)
    expect(((after?.equity ?? 0n) * WAD) / (after?.maintenance ?? 1n)).toBeGreaterThan(
      ((before?.equity ?? 0n) * WAD) / (before?.maintenance ?? 1n),
    )
    // At the same mark, what the bot gained is its part of the charge.
    const profit = (richer?.equity ?? 0n) - (own?.equity ?? 0n)
    expect(Number(profit) / 1e18).toBeGreaterThan(1)
  })

  it('sends nothing when the price moved against it between simulation and inclusion: the contract refuses, and no gas is spent', async () => {
    await chain.writePrices((await local.time()) + 600, new Map([['ETH', 138]]))
    // Flags, and bids for nothing yet.
    await runLiquidatorPass(
      openBot('two', { policy: { leastProfit: 1e9, safety: 2, inclusion: 60, exposure: 60, marginShare: 0.8, leastShare: 0.02 } }),
    )
    await chain.writePrices((await local.time()) + 1_500, new Map([['ETH', 138]]))
    // The node answers reads of the block before the price rose, and simulates on the one after.
    const seen = await local.client.getBlockNumber()
    const quote = await readQuote(local.client, chain.clearing, long.account, seen).catch(() => null)
    if (quote === null || quote.maxFraction === 0n) throw new Error('the account is not on sale')
    await chain.writePrices((await local.time()) + 60, new Map([['ETH', 150]]))
    const stale: PublicClient = { ...local.client, getBlockNumber: async () => seen }
    const equity = async (): Promise<bigint> =>
      (await readAssessments(local.client, chain.clearing, [bot.account], await local.client.getBlockNumber()))[0]?.equity ?? 0n
    const [nonce, before] = [await local.client.getTransactionCount({ address: bot.owner.address }), await equity()]
    const pass = await runLiquidatorPass(openBot('two', { client: stale }))
    expect(pass.acts.filter(({ kind }) => kind === 'bid')).toMatchObject([{ outcome: 'refused' }])
    expect(await local.client.getTransactionCount({ address: bot.owner.address })).toBe(nonce)
    expect(await equity()).toBe(before)
  })

  it('ballast account shows the same on the command line, nearest to liquidation first', async () => {
    const clearing = join(folder, 'clearing.json')
    writeFileSync(clearing, JSON.stringify(chain.clearing))
    const at = ['--rpc', local.url ?? '', '--clearing', clearing]
    const list = await runCli(['account', 'list', ...at, '--json'])
    expect(list.code).toBe(0)
    const { accounts } = JSON.parse(list.out) as {
      readonly accounts: readonly { readonly account: string; readonly distance: { readonly down: number } }[]
    }
    expect(accounts[0]).toMatchObject({ account: formatAccountId(long.account) })
    expect(accounts[0]?.distance.down).toBeLessThan(0)
    const shown = await runCli(['account', 'show', formatAccountId(maker.account), ...at])
    expect(shown.code).toBe(0)
    expect(shown.out).toContain('future')
    const nobody = await runCli(['account', 'show', '0x000000000000000000000000000000000000dEaD', ...at])
    expect(nobody.err).toContain('There is no account')
  })

  it('a monitor that reads everything again after a reorganisation holds the same', async () => {
    const { monitor } = openBot('one')
    const context = { client: local.client, deployment: chain.clearing, store: monitor, confirmations: 1 }
    await followClearing(context)
    const held = monitor.accounts()
    const cursor = monitor.cursor()
    monitor.advance({ block: cursor?.block ?? 0n, hash: `0x${'ab'.repeat(32)}` }, () => monitor.write.cash(long.account, 1n, 1n, 1n))
    expect(monitor.account(long.account)?.principal).toBe(1n)
    await followClearing(context)
    expect(monitor.accounts()).toEqual(held)
    // All or nothing: a range that fails leaves state and cursor as they were.
    const failing = (): void => {
      monitor.write.cash(long.account, 2n, 2n, 2n)
      throw new Error('killed')
    }
    expect(() => monitor.advance({ block: 9_999n, hash: `0x${'cd'.repeat(32)}` }, failing)).toThrow('killed')
    expect(monitor.accounts()).toEqual(held)
    expect(monitor.cursor()).toEqual(cursor)
  })

  it('goes on when an auction that it knows ends while it reads', async () => {
    const seen = await local.client.getBlockNumber()
    await chain.deposit(long.owner, long.account, 100_000)
    await sendCall(local.client, local.wallet(owner), buildRelease(chain.clearing, long.account))
    const pass = await runLiquidatorPass(openBot('one', {}, { ...local.client, getBlockNumber: async () => seen }))
    expect(pass).toMatchObject({ block: seen, auctions: 1 })
    expect(await runLiquidatorPass(openBot('one'))).toMatchObject({ auctions: 0 })
  })
})
