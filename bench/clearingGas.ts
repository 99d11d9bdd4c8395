import { type Abi, encodeDeployData, encodeFunctionData, getAddress, type Hex, type LocalAccount, parseEther, toHex } from 'viem'
import { encodeAccountId } from '../chain/clearing/index.ts'
import { collateralsAbi, ledgerAbi, settlementAbi, tradingAbi, vaultAbi } from '../chain/generated/index.ts'
import type { LocalChain } from '../chain/local/index.ts'
import { domainOf, type OrderToSign, orderDigest } from '../chain/typed-data/index.ts'
import { sendCall } from '../chain/write/index.ts'
import type { Address } from '../risk/types/index.ts'
import { type Compiled, compileSolidity } from '../tools/compileSolidity.ts'
import type { BenchRow } from './BenchRow.ts'

const BASE = 21_000
const DAY = 86_400
const GROUP = toHex('\u0004MAIN', { size: 32 })
const MARKET = toHex('\u0002ETH', { size: 32 })
const USD = 1_000_000n
const EVENT_LIMIT = 150_000
const FURTHER_LIMIT = 25_000

/** Four chains with four options each. */
const instruments = [1n, 2n, 3n, 4n].flatMap((chain) => [0n, 1n, 2n, 3n].map((leg) => (chain << 32n) | leg))

type Clearing = {
  readonly world: Address
  readonly vault: Address
  readonly trading: Address
  readonly settlement: Address
  readonly ledger: Address
  readonly collaterals: Address
  readonly token: Address
  /** Gas of the transaction without its base. */
  readonly send: (to: Address, abi: Abi, functionName: string, args: readonly unknown[], from?: LocalAccount) => Promise<number>
  readonly worldAbi: Abi
  readonly tokenAbi: Abi
}

/**
 * Gas of clearing: whole transactions less the base, calldata included, cold storage. Margin, prices and chains are a test's, a linear rule of a few thousand gas: a trade
 * or withdrawal on the real rule costs what the rows of margin say more.
 *
 * @param people - Two traders with ether; the first deploys.
 */
export async function benchClearing(local: LocalChain, people: readonly [LocalAccount, LocalAccount]): Promise<BenchRow[]> {
  const clearing = await deployClearing(local, people)
  const [maker, taker] = people.map(({ address }) => encodeAccountId({ owner: getAddress(address), sub: 0n })) as [bigint, bigint]
  const deposit = async (who: LocalAccount, account: bigint): Promise<number> => {
    await clearing.send(clearing.token, clearing.tokenAbi, 'mint', [who.address, 1_000_000n * USD])
    return clearing.send(clearing.vault, vaultAbi, 'deposit', [account, GROUP, clearing.token, 1_000_000n * USD], who)
  }
  const opened = await deposit(people[0], maker)
  await deposit(people[1], taker)
  const again = await deposit(people[1], taker)

  let nonce = 0n
  const trade = async (instrument: bigint): Promise<number> => {
    const expiry = 2 ** 32
    const buy: OrderToSign = {
      account: taker,
      instrument,
      lots: 10_000n,
      limitPrice: parseEther('50'),
      maxFee: 500n,
      nonce: nonce++,
      expiry,
    }
    const sell: OrderToSign = { ...buy, account: maker, lots: -10_000n }
    const domain = domainOf('trading', local.chain.id, clearing.trading)
    const [sold, bought] = await Promise.all([
      people[0].sign!({ hash: orderDigest(sell, domain) }),
      people[1].sign!({ hash: orderDigest(buy, domain) }),
    ])
    return clearing.send(clearing.trading, tradingAbi, 'trade', [sell, buy, 10_000n, sold, bought])
  }
  const first = await trade(instruments[0]!)
  const second = await trade(instruments[0]!)
  for (const instrument of instruments.slice(1)) await trade(instrument)
  const withdrawn = await clearing.send(
    clearing.vault,
    vaultAbi,
    'withdraw',
    [taker, clearing.token, 1_000n * USD, people[1].address],
    people[1],
  )

  const tearUp = async (torn: readonly bigint[]): Promise<number> => {
    const args = [maker, torn, torn.map(() => parseEther('55'))] as const
    const call = encodeFunctionData({ abi: ledgerAbi, functionName: 'tearUp', args })
    return clearing.send(clearing.world, clearing.worldAbi, 'act', [clearing.ledger, [call]])
  }
  const before = await local.snapshot()
  const torn = await tearUp(instruments.slice(0, 1))
  await local.revert(before)
  const after = await local.snapshot()
  const tornFour = await tearUp(instruments.slice(0, 4))
  const touched = await clearing.send(clearing.ledger, ledgerAbi as Abi, 'touch', [taker])
  await local.revert(after)

  await clearing.send(clearing.world, clearing.worldAbi, 'setChain', [1, await local.time(), parseEther('2150')])
  const struck = await clearing.send(clearing.settlement, settlementAbi, 'settle', [1, [maker]])
  const settled = await clearing.send(clearing.settlement, settlementAbi, 'settle', [1, [taker]])

  const rows: [name: string, value: number, limit?: number][] = [
    ['deposit that opens an account', opened],
    ['deposit', again],
    ['trade, first in its instrument', first],
    ['trade', second],
    ['withdrawal, 16 options held', withdrawn],
    ['settlement of 4 options, instruments struck', struck],
    ['settlement of 4 options', settled],
    ['ledger: tear-up of one instrument', torn, EVENT_LIMIT],
    ['ledger: tear-up of each further one of its chain', Math.round((tornFour - torn) / 3), FURTHER_LIMIT],
    ['ledger: counterparty of 16 options synchronises with four tear-ups', touched],
  ]
  return rows.map(([name, value, limit]) => ({
    name: `clearing: ${name}`,
    value,
    unit: 'gas',
    ...(limit === undefined ? {} : { reference: `limit ${limit}`, ratio: value / limit }),
  }))
}

async function deployClearing(local: LocalChain, [deployer]: readonly [LocalAccount, LocalAccount]): Promise<Clearing> {
  const parts = compileSolidity('test/contracts/clearing/ClearingFixture.sol')
  const own = (name: string): Compiled => compileSolidity(`contracts/clearing/${name}.sol`)[name]!
  const deploy = async ({ abi, bytecode }: Compiled, args: readonly unknown[]): Promise<Address> => {
    const hash = await local.wallet(deployer).sendTransaction({ data: encodeDeployData({ abi, bytecode, args }) })
    const { contractAddress } = await local.client.waitForTransactionReceipt({ hash })
    if (!contractAddress) throw new Error('a contract was not deployed')
    return getAddress(contractAddress)
  }
  const send: Clearing['send'] = async (to, abi, functionName, args, from = deployer) => {
    const data: Hex = encodeFunctionData({ abi, functionName, args })
    return Number((await sendCall(local.client, local.wallet(from), { to, data })).gasUsed) - BASE
  }
  const worldParts = parts['ClearingWorld']!
  const world = await deploy(worldParts, [deployer.address, MARKET])
  const token = await deploy(parts['TestToken']!, [6, 0])
  const collaterals = await deploy(own('Collaterals'), [world])
  const ledger = await deploy(own('Ledger'), [world, collaterals, world])
  const asked = { parameters: world, collaterals, ledger, margin: world, chains: world, feed: world, liquidation: world, treasury: world }
  const vault = await deploy(own('Vault'), [asked])
  const trading = await deploy(own('Trading'), [asked])
  const settlement = await deploy(own('Settlement'), [ledger, world])
  const values = {
    'cash.warmUp': 3_600n,
    'cash.outflowLimit': 2_500n,
    'cash.debtCap': 1_000n,
    'cash.debtRate': 1_000n,
    'cash.poolDebtCap': 1_000_000n,
    'trading.fee': 300n,
    'insurance.contributionRate': 1_000n,
    'market.openInterestCap': 1_000_000n,
  }
  for (const [id, value] of Object.entries(values)) await send(world, worldParts.abi, 'set', [toHex(id, { size: 32 }), value])
  for (const chain of [1, 2, 3, 4]) await send(world, worldParts.abi, 'setChain', [chain, (await local.time()) + DAY, 0n])
  await send(collaterals, collateralsAbi, 'openGroup', [GROUP, token])
  await send(collaterals, collateralsAbi, 'admitMarket', [GROUP, 1])
  const modules = { vault, trading, settlement, liquidation: world, insuranceFund: world, deleveraging: world }
  await send(ledger, ledgerAbi as Abi, 'wire', [modules])
  return {
    world,
    vault,
    trading,
    settlement,
    ledger,
    collaterals,
    token,
    send,
    worldAbi: worldParts.abi,
    tokenAbi: parts['TestToken']!.abi,
  }
}
