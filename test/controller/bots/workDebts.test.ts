import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type PublicClient, parseEther, parseEventLogs } from 'viem'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildBuyCollateral, formatAccountId } from '../../../chain/clearing/index.ts'
import { ledgerAbi, vaultAbi } from '../../../chain/generated/index.ts'
import { encodeScopeId } from '../../../chain/ids/index.ts'
import { sendCall } from '../../../chain/write/index.ts'
import type { LiquidatorContext } from '../../../controller/bots/LiquidatorContext.ts'
import { runLiquidatorPass } from '../../../controller/bots/runLiquidatorPass.ts'
import type { Intent } from '../../../controller/store/EngineStore.ts'
import { runCli } from '../../cli/runCli.ts'
import { keyFor, person, traderOf } from '../support/clearingChain.ts'
import { type DebtChain, GROUP, startDebts } from '../support/debtChain.ts'
import { type OpenedLiquidator, openLiquidator } from '../support/openLiquidator.ts'

const bot = traderOf('bot')
const rival = person('rival')
const WAD = 10n ** 18n
/** Gas that counts: a purchase costs some dollars. */
const dear = { nativePrice: 20_000 }
const policy = { leastProfit: 10, safety: 2, inclusion: 60, exposure: 60, marginShare: 0.8, leastShare: 0.02 }

describe('debts against collateral, the bot on the real contracts', () => {
  let debts: DebtChain
  const folder = mkdtempSync(join(tmpdir(), 'ballast-debts-'))
  let opened: OpenedLiquidator | undefined
  beforeAll(async () => {
    debts = await startDebts(0)
    await debts.chain.deposit(bot.owner, bot.account, 1_000)
    await debts.local.fund(rival.address, parseEther('100'))
  }, 180_000)
  afterAll(async () => {
    opened?.close()
    rmSync(folder, { recursive: true, force: true })
    await debts?.local.close()
  })

  /** A bot as a new process would open it, on the same files. `reads` serves its passes, `sends` its transactions. */
  const openBot = (change: Partial<LiquidatorContext> = {}, { reads, sends }: { reads?: PublicClient; sends?: PublicClient } = {}) => {
    opened?.close()
    const { local, chain } = debts
    const clients = { reads: reads ?? local.client, sends: sends ?? local.client }
    opened = openLiquidator(chain, folder, 'bot', clients, { policy, ...change })
    return opened.context
  }
  const nonceOf = (): Promise<number> => debts.local.client.getTransactionCount({ address: bot.owner.address })
  const cashOf = (account: bigint) =>
    debts.local.client.readContract({
      address: debts.chain.clearing.contracts.ledger,
      abi: ledgerAbi,
      functionName: 'cashOf',
      args: [account],
    })
  const calledAt = (): Promise<number> =>
    debts.local.client.readContract({
      address: debts.chain.clearing.contracts.vault,
      abi: vaultAbi,
      functionName: 'calledAt',
      args: [debts.debtor.account],
    })
  const holds = async () => ({
    cash: await debts.balanceOf(debts.chain.cashToken, bot.owner.address),
    ether: await debts.balanceOf(debts.ether, bot.owner.address),
  })
  const offer = () =>
    debts.local.client.readContract({
      address: debts.chain.clearing.contracts.vault,
      abi: vaultAbi,
      functionName: 'offerOf',
      args: [debts.debtor.account, debts.ether],
    })
  /** Somebody else takes what is on offer but a part. */
  const buyBefore = async (part: bigint): Promise<void> => {
    const { amount, price } = await offer()
    const order = {
      account: debts.debtor.account,
      token: debts.ether,
      amount: amount - amount / part,
      minAmount: 0n,
      maxPrice: price,
      to: rival.address,
      deadline: (await debts.local.time()) + 60,
    }
    await sendCall(debts.local.client, debts.local.wallet(rival), buildBuyCollateral(debts.chain.clearing, order))
  }
  /** A node that lets `move` happen on the chain between the bot's signature and the block its transaction lands in. */
  const after = (move: () => Promise<void>): PublicClient => {
    const { client } = debts.local
    return {
      ...client,
      sendRawTransaction: async (args: Parameters<PublicClient['sendRawTransaction']>[0]) => {
        await move()
        return client.sendRawTransaction(args)
      },
    } as PublicClient
  }

  /** A pass whose process ends when it has stored and signed its purchase. Gives what it leaves behind. */
  const dieBeforeSending = async (change: Partial<LiquidatorContext> = {}): Promise<Intent> => {
    const sendRawTransaction = () => Promise.reject(new TypeError('killed'))
    const bot = openBot(change, { sends: { ...debts.local.client, sendRawTransaction } as PublicClient })
    const stop = new AbortController()
    const clock = { now: () => 0, sleep: async () => stop.abort(new Error('the process is gone')) }
    await expect(runLiquidatorPass({ ...bot, submitter: { ...bot.submitter, clock, signal: stop.signal } })).rejects.toThrow()
    const [intent] = bot.submitter.store.openIntents()
    if (intent === undefined || !intent.key.startsWith('buyCollateral')) throw new Error('no purchase was stored')
    expect(bot.submitter.store.attempts(intent.key)).toHaveLength(1)
    return intent
  }

  it('leaves a debt within its limit alone', async () => {
    expect((await cashOf(debts.debtor.account)).debt).toBeGreaterThanOrEqual(parseEther('9900'))
    expect(await runLiquidatorPass(openBot())).toMatchObject({ debts: 0, called: 0, acts: [], passed: [] })
  })

  it('calls nothing that it could not buy: without cash, without what it approved, or where gas costs more than the discount', async () => {
    await debts.setDebtCap(1_000)
    await debts.pass(10, 300)
    const about = { debts: 1, called: 0, acts: [] }
    const { account } = debts.debtor
    expect(await runLiquidatorPass(openBot())).toMatchObject({ ...about, passed: [{ account, reason: 'noCash' }] })
    await debts.endow(bot.owner, 100_000)
    expect(await runLiquidatorPass(openBot({ nativePrice: 1e9 }))).toMatchObject({
      ...about,
      passed: [{ account, reason: 'unprofitable' }],
    })
    expect(await calledAt()).toBe(0)
  })

  it('only shows the call in a dry run, also on the command line', async () => {
    const nonce = await nonceOf()
    expect((await runLiquidatorPass(openBot({ send: false }))).acts).toMatchObject([{ kind: 'callDebt', outcome: 'dryRun' }])
    for (const [name, value] of [
      ['clearing', debts.chain.clearing],
      ['protocol', debts.chain.protocol],
    ] as const)
      writeFileSync(join(folder, `${name}.json`), JSON.stringify(value))
    const at = ['--rpc', debts.local.url ?? '', '--clearing', 'clearing.json', '--deployment', 'protocol.json', '--store', 'cli']
    const { code, out, err } = await runCli(['liquidator', 'run', ...at, '--once', '--native-price', '200'], {
      environment: { BALLAST_PRIVATE_KEY: keyFor('bot') },
      folder,
    })
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toContain('1 debts above their limit, 0 called')
    expect(out).toMatch(new RegExp(`callDebt\\s+${formatAccountId(debts.debtor.account)}\\s+dryRun`))
    expect(await nonceOf()).toBe(nonce)
  })

  it('calls once, and waits while the collateral is at its mark', async () => {
    expect((await runLiquidatorPass(openBot())).acts).toMatchObject([{ kind: 'callDebt', outcome: 'sent' }])
    const called = await calledAt()
    expect(called).toBe(await debts.local.time())
    await debts.pass(1, 300)
    const pass = await runLiquidatorPass(openBot())
    const read = ['--rpc', debts.local.url ?? '', '--clearing', 'clearing.json']
    const shown = await runCli(['account', 'show', formatAccountId(debts.debtor.account), ...read], { folder })
    expect(shown.out).toMatch(/debt +10,\d{3} USD against collateral, at most 1,000 USD, called until 2020-03-11T/)
    expect(shown.out).toMatch(new RegExp(`on sale +30\\.\\d+ of ${debts.ether} at `, 'i'))
    expect((await runCli(['account', 'list', ...read], { folder })).out).toContain('debt called')
    expect(pass).toMatchObject({ debts: 1, called: 1, acts: [], passed: [{ account: debts.debtor.account, reason: 'unprofitable' }] })
    expect(await calledAt()).toBe(called)
  })

  it('pays no gas for a purchase that somebody else was faster with', async () => {
    await debts.pass(20, 300)
    await debts.endow(rival, 100_000)
    const seen = await debts.local.client.getBlockNumber()
    const [nonce, before] = [await nonceOf(), await holds()]
    await buyBefore(2n)
    // The node answers a pass as of the block before the rival's.
    const reads = { ...debts.local.client, getBlockNumber: async () => seen } as PublicClient
    const pass = await runLiquidatorPass(openBot(dear, { reads }))
    expect(pass).toMatchObject({ block: seen, acts: [{ kind: 'buyCollateral', outcome: 'refused' }] })
    expect(pass.acts[0]?.detail).toContain('less than asked')
    expect(await nonceOf()).toBe(nonce)
    expect(await holds()).toEqual(before)
  })

  it.each([
    ['the price rises', 'price (price', () => debts.pass(1, 330)],
    ['somebody else leaves a part that does not pay for the gas', 'less than asked', () => buyBefore(4n)],
    ['two minutes pass', 'expired', () => debts.pass(2, 300)],
  ])('between simulation and inclusion %s: the purchase reverts, gas is all that it costs', async (_, reason, move) => {
    await debts.pass(1, 300)
    const [nonce, before] = [await nonceOf(), await holds()]
    const pass = await runLiquidatorPass(openBot(dear, { sends: after(move) }))
    expect(pass.acts).toMatchObject([{ kind: 'buyCollateral', outcome: 'refused' }])
    expect(pass.acts[0]?.detail).toContain(reason)
    expect(await nonceOf()).toBe(nonce + 1)
    expect(await holds()).toEqual(before)
  })

  it('killed between storing and sending, it buys once when it starts again, and the books add up', async () => {
    await debts.pass(3, 300)
    const intent = await dieBeforeSending()
    const { client } = debts.local
    const { vault, ledger } = debts.chain.clearing.contracts
    const [nonce, before, owed, onSale] = [await nonceOf(), await holds(), await cashOf(debts.debtor.account), await offer()]
    const sums = () => client.readContract({ address: ledger, abi: ledgerAbi, functionName: 'sumsOf', args: [encodeScopeId(GROUP)] })
    const held = await sums()
    const resumed = openBot()
    expect((await runLiquidatorPass(resumed)).acts).toEqual([])
    expect(await nonceOf()).toBe(nonce + 1)
    expect(resumed.submitter.store.intent(intent.key)).toMatchObject({ stage: 'mined' })

    const [log] = parseEventLogs({
      abi: vaultAbi,
      eventName: 'CollateralSold',
      logs: await client.getLogs({ address: vault, fromBlock: await client.getBlockNumber() }),
    })
    if (log === undefined) throw new Error('nothing was sold')
    const { amount, paid } = log.args
    const now = await holds()
    // Tokens, debt and the group's cash move by what the event says.
    expect({ cash: before.cash - now.cash, ether: now.ether - before.ether }).toEqual({ cash: paid, ether: amount })
    const left = await cashOf(debts.debtor.account)
    expect(left.debt).toBe(owed.debt - paid)
    expect((await sums()).tokens - held.tokens).toBe(paid)
    // All of the offer, at its price, and at the mark worth more than it cost with its gas.
    expect(amount).toBe(onSale.amount)
    expect(paid).toBeLessThanOrEqual((amount * onSale.price) / WAD + 1n)
    const { gasUsed, effectiveGasPrice } = await client.getTransactionReceipt({ hash: log.transactionHash })
    expect(amount * 300n - paid - gasUsed * effectiveGasPrice * 200n).toBeGreaterThan(parseEther('10'))
    expect(gasUsed).toBeLessThan(500_000n)
  })

  it('a purchase that was stored reverts, when too little is on offer as the bot starts again', async () => {
    await debts.setDebtCap(500)
    await debts.pass(1, 300)
    expect((await runLiquidatorPass(openBot())).acts).toMatchObject([{ kind: 'callDebt', outcome: 'sent' }])
    await debts.pass(40, 300)
    const intent = await dieBeforeSending({ ...dear, policy: { ...policy, leastProfit: 1 } })
    await buyBefore(3n)
    const before = await holds()
    const resumed = openBot({ policy: { ...policy, leastProfit: 1e9 } })
    await runLiquidatorPass(resumed)
    expect(resumed.submitter.store.intent(intent.key)).toMatchObject({ stage: 'failed' })
    expect(await holds()).toEqual(before)
  })

  it('never pays more than it approved', async () => {
    const { cash } = await holds()
    await debts.endow(bot.owner, 0)
    expect(cash).toBeGreaterThan(0n)
    expect((await runLiquidatorPass(openBot())).passed).toMatchObject([{ account: debts.debtor.account, reason: 'noAllowance' }])
  })

  it('spends what it approved on the most rewarding account first', async () => {
    const second = traderOf('second debtor')
    await debts.setDebtCap(100_000)
    await debts.borrow(second)
    await debts.setDebtCap(100)
    await debts.endow(bot.owner, 6_000)
    await debts.pass(1, 300)
    const first = await runLiquidatorPass(openBot({ policy: { ...policy, leastProfit: 400 } }))
    expect(first.acts).toMatchObject([{ kind: 'callDebt', account: second.account, outcome: 'sent' }])
    await debts.pass(50, 300)
    const before = await holds()
    const pass = await runLiquidatorPass(openBot())
    expect(pass).toMatchObject({ debts: 2, called: 2, passed: [] })
    expect(pass.acts.map(({ account, outcome }) => [account, outcome])).toEqual([
      [second.account, 'sent'],
      [debts.debtor.account, 'sent'],
    ])
    // A part of the one, for want of more, and all of the other.
    expect((await cashOf(second.account)).debt).toBeGreaterThan(parseEther('4000'))
    expect((await cashOf(debts.debtor.account)).debt).toBeLessThan(parseEther('100'))
    const paid = before.cash - (await holds()).cash
    expect(paid).toBeGreaterThan(parseEther('4500'))
    expect(paid).toBeLessThanOrEqual(parseEther('6000'))
  })

  it('buys nothing at a price that is not fresh', async () => {
    await debts.local.mine((await debts.local.time()) + 3_600)
    const pass = await runLiquidatorPass(openBot())
    expect(pass.acts).toEqual([])
    expect(pass.passed).toMatchObject([{ reason: 'noPrice' }])
  })
})
