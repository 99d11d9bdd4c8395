import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { encodeInstrumentId } from '../../../chain/clearing/index.ts'
import { ledgerAbi, liquidationAbi } from '../../../chain/generated/index.ts'
import type { LocalChain } from '../../../chain/local/index.ts'
import { openStore } from '../../../controller/store/openStore.ts'
import type { ClearingChain } from '../../../controller/world/openClearingChain.ts'
import { tradeOnChain } from '../../../controller/world/tradeOnChain.ts'
import { deep } from '../../risk/support/propertyRuns.ts'
import { keyFor, owner, startClearing, traderOf } from '../support/clearingChain.ts'

const root = join(import.meta.dirname, '../../..')
const future = encodeInstrumentId({ chain: 1, leg: { kind: 'future' } })
const WAD = 10n ** 18n

// Processes of the command line against a node: a minute on a busy machine.
describe.skipIf(!deep)('ballast liquidator run, killed at any moment', () => {
  let local: LocalChain
  let chain: ClearingChain
  const [long, maker, bot] = ['long', 'maker', 'bot'].map(traderOf) as [
    ReturnType<typeof traderOf>,
    ReturnType<typeof traderOf>,
    ReturnType<typeof traderOf>,
  ]
  const folder = mkdtempSync(join(tmpdir(), 'ballast-sigkill-'))
  beforeAll(async () => {
    ;({ local, chain } = await startClearing(0))
    for (const [{ owner: holder, account }, usd] of [
      [long, 7_700],
      [maker, 500_000],
      [bot, 100_000],
    ] as const)
      await chain.deposit(holder, account, usd)
    await tradeOnChain(local, chain, owner, { taker: long, maker, instrument: future, lots: 1_000_000n, price: 200n * WAD })
    writeFileSync(join(folder, 'clearing.json'), JSON.stringify(chain.clearing))
    writeFileSync(join(folder, 'protocol.json'), JSON.stringify(chain.protocol))
  }, 180_000)
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true })
    await local?.close()
  })

  const start = (...more: readonly string[]) =>
    spawn(
      process.execPath,
      [
        join(root, 'cli/main.ts'),
        ...['liquidator', 'run', '--rpc', local.url ?? '', '--store', join(folder, 'bot')],
        ...['--clearing', join(folder, 'clearing.json'), '--deployment', join(folder, 'protocol.json')],
        ...['--send', '--every', '1', '--native-price', '200', '--least-profit', '1', '--vol', '30', '--safety', '1', ...more],
      ],
      { env: { PATH: process.env['PATH'] ?? '', BALLAST_PRIVATE_KEY: keyFor('bot') }, stdio: 'ignore' },
    )
  const mined = (): Promise<number> => local.client.getTransactionCount({ address: bot.owner.address })
  const killAfter = async (milliseconds: number): Promise<void> => {
    const child = start()
    const ended = once(child, 'exit')
    await wait(milliseconds)
    child.kill('SIGKILL')
    await ended
  }
  const finish = async (): Promise<number | null> => {
    const [code] = (await once(start('--once'), 'exit')) as [number | null]
    return code
  }

  it('flags once and buys once, whenever it was killed on the way', { timeout: 300_000 }, async () => {
    await chain.writePrices((await local.time()) + 600, new Map([['ETH', 150]]))
    const before = await mined()
    for (const milliseconds of [700, 1_100, 1_500, 1_900, 2_400]) await killAfter(milliseconds)
    expect(await finish()).toBe(0)
    const { flaggedAt } = await local.client.readContract({
      address: chain.clearing.contracts.liquidation,
      abi: liquidationAbi,
      functionName: 'auctionOf',
      args: [long.account],
    })
    expect(flaggedAt).toBeGreaterThan(0)
    expect(await mined()).toBe(before + 1)

    await chain.writePrices((await local.time()) + 1_500, new Map([['ETH', 150]]))
    for (const milliseconds of [900, 1_300, 1_700, 2_100]) await killAfter(milliseconds)
    expect(await finish()).toBe(0)
    const position = {
      address: chain.clearing.contracts.ledger,
      abi: ledgerAbi,
      functionName: 'positionOf',
      args: [bot.account, future],
    } as const
    expect(await local.client.readContract(position)).toBeGreaterThan(0n)
    const store = openStore({ path: join(folder, 'bot.sqlite') })
    expect(store.openIntents()).toEqual([])
    store.close()
    // Every transaction of the key is one that the contracts took: nothing was sent twice, nothing burnt.
    const sent = (await mined()) - before
    for (let nonce = before; nonce < before + sent; nonce++) {
      const reader = openStore({ path: join(folder, 'bot.sqlite') })
      const attempts = reader.attemptsAt(chain.clearing.chainId, bot.owner.address, nonce)
      reader.close()
      const receipts = await Promise.all(attempts.map(({ hash }) => local.client.getTransactionReceipt({ hash }).catch(() => null)))
      expect(receipts.filter((receipt) => receipt?.status === 'success')).toHaveLength(1)
    }
  })
})
