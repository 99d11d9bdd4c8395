import { join } from 'node:path'
import { encodeFunctionData } from 'viem'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { recordedPriceAbi } from '../../../chain/generated/index.ts'
import { type LocalChain, startLocalChain } from '../../../chain/local/index.ts'
import { createLocalSend, type LocalSend } from '../../../controller/world/createLocalSend.ts'
import { deployLocalMarkets, writeAnswers } from '../../../controller/world/deployLocalMarkets.ts'
import type { Address } from '../../../risk/types/index.ts'
import { keyFor, person } from '../support/clearingChain.ts'

describe('sending on a chain of this process', () => {
  let local: LocalChain
  let send: LocalSend
  let sources: readonly Address[]
  const [desk, stranger] = [person('desk'), person('stranger')]
  const read = async (address: Address): Promise<bigint> =>
    (await local.client.readContract({ address, abi: recordedPriceAbi, functionName: 'latestRoundData' }))[1]
  beforeAll(async () => {
    local = await startLocalChain({ initialTime: 1_600_000_000, privateKeys: ['desk', 'stranger'].map(keyFor) })
    send = createLocalSend(local)
    const markets = await deployLocalMarkets({ local, desk, artifacts: join(import.meta.dirname, '../../../artifacts'), markets: ['ETH'] })
    sources = markets.sources.get('ETH') ?? []
  }, 60_000)
  afterAll(() => local.close())

  it('has two sources a market, ascending, that take the desk’s prices', async () => {
    await writeAnswers(send, desk, sources, 123.45)
    expect(BigInt(sources[0] ?? 0)).toBeLessThan(BigInt(sources[1] ?? 0))
    expect(await Promise.all(sources.map(read))).toEqual([12_345_000_000n, 12_345_000_000n])
  })
  it('says why a contract refused, and the next call of the same key goes through', async () => {
    const [to = '0x'] = sources
    await expect(writeAnswers(send, stranger, sources, 1)).rejects.toMatchObject({
      name: 'ContractRevertError',
      context: { errorName: 'RecordedPrice_NotOwner' },
    })
    expect(await read(to)).toBe(12_345_000_000n)
    const sent = await send(stranger, { to: stranger.address, data: '0x' })
    expect(sent.status).toBe('success')
    const { status, logs } = await send(desk, {
      to,
      data: encodeFunctionData({ abi: recordedPriceAbi, functionName: 'write', args: [7n] }),
    })
    expect([status, logs.length]).toEqual(['success', 1])
  })
})
