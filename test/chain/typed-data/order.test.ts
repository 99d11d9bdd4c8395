import { encodeDeployData, getAddress, zeroAddress } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { encodeAccountId } from '../../../chain/clearing/index.ts'
import { tradingAbi } from '../../../chain/generated/index.ts'
import { type LocalChain, startLocalChain } from '../../../chain/local/index.ts'
import { domainOf, type OrderToSign, orderDigest, readDomain } from '../../../chain/typed-data/index.ts'
import type { Address } from '../../../risk/types/index.ts'
import { compileSolidity } from '../../../tools/compileSolidity.ts'

const parts = ['parameters', 'ledger', 'margin', 'chains', 'feed', 'liquidation', 'treasury']
const owner = getAddress(`0x${'b0'.repeat(20)}`)
const order: OrderToSign = {
  account: encodeAccountId({ owner, sub: 7n }),
  instrument: (3n << 32n) | 255n,
  lots: -12_345n,
  limitPrice: 2_001_500_000_000_000_000_000n,
  maxFee: 300n,
  nonce: 2n ** 200n,
  expiry: 1_800_000_000,
}

describe('orders', () => {
  let local: LocalChain
  let trading: Address
  beforeAll(async () => {
    local = await startLocalChain({ initialTime: 1_700_000_000 })
    const { abi, bytecode } = compileSolidity('contracts/clearing/Trading.sol')['Trading']!
    const args = [Object.fromEntries(parts.map((part) => [part, zeroAddress]))]
    const hash = await local.wallet().sendTransaction({ data: encodeDeployData({ abi, bytecode, args }) })
    trading = getAddress((await local.client.waitForTransactionReceipt({ hash })).contractAddress!)
  })
  afterAll(() => local.close())

  test('the domain is what the contract reports', async () => {
    expect(await readDomain(local.client, trading)).toEqual(domainOf('trading', local.chain.id, trading))
  })

  test.each([
    ['a future sold', order],
    [
      'an option bought, everything at its smallest',
      { ...order, instrument: 1n << 32n, lots: 1n, limitPrice: 0n, maxFee: 0n, nonce: 0n, expiry: 0 },
    ],
  ] as const)('the digest of %s is the contract’s', async (_, given) => {
    const digest = await local.client.readContract({ address: trading, abi: tradingAbi, functionName: 'digestOf', args: [given] })
    expect(orderDigest(given, domainOf('trading', local.chain.id, trading))).toBe(digest)
  })
})
