import { join } from 'node:path'
import { type Abi, encodeDeployData, encodeFunctionData, erc20Abi, type LocalAccount, parseEther } from 'viem'
import { encodeInstrumentId } from '../../../chain/clearing/index.ts'
import { readArtifact } from '../../../chain/deploy/index.ts'
import { collateralsAbi, vaultAbi } from '../../../chain/generated/index.ts'
import { encodeScopeId } from '../../../chain/ids/index.ts'
import type { LocalChain } from '../../../chain/local/index.ts'
import type { ClearingChain } from '../../../controller/world/openClearingChain.ts'
import { type Trader, tradeOnChain } from '../../../controller/world/tradeOnChain.ts'
import { buildSetValues } from '../../../proposals/draft/index.ts'
import type { Address, Hex, ParameterValue, Usd } from '../../../risk/types/index.ts'
import { owner, startClearing, traderOf } from './clearingChain.ts'

export const GROUP = 'group:MAIN'
const future = encodeInstrumentId({ chain: 1, leg: { kind: 'future' } })
const MINUTE = 60

/** The whole protocol, ether as collateral, and an account that owes cash against it. */
export type DebtChain = {
  readonly local: LocalChain
  readonly chain: ClearingChain
  /** ETH as a token, 18 decimals; the owner holds the supply. */
  readonly ether: Address
  readonly debtor: Trader
  /** Gives another one 1,000 ether, and has it lose 10,000 USD as `debtor` did, at a price of 300. */
  readonly borrow: (trader: Trader) => Promise<void>
  /** Gives cash of the wallet, and approves it to the vault. */
  readonly endow: (to: LocalAccount, usd: Usd) => Promise<void>
  readonly balanceOf: (token: Address, holder: Address) => Promise<bigint>
  readonly setDebtCap: (usd: number) => Promise<void>
  /** Time passes, and the price is written as it gets there. */
  readonly pass: (minutes: number, spot: Usd) => Promise<void>
}

/**
 * `debtor` has 1,000 ether and was short 100 contracts of ETH from 200 to 300: it owes 10,000 USD of cash.
 *
 * @param port - Of the node; none when it is left out.
 */
export async function startDebts(port?: number): Promise<DebtChain> {
  const { local, chain } = await startClearing(port)
  const { contracts } = chain.clearing
  const [debtor, maker] = [traderOf('debtor'), traderOf('maker')]
  const send = (from: LocalAccount, to: Address, data: Hex): Promise<void> => chain.send(from, to, data)
  const erc20 = (functionName: 'approve' | 'transfer', args: readonly [Address, bigint]): Hex =>
    encodeFunctionData({ abi: erc20Abi, functionName, args })

  const { abi, bytecode } = readArtifact(join(import.meta.dirname, '../../../artifacts'), 'BallastToken')
  const supply = [[{ account: owner.address, amount: parseEther('1000000') }]]
  const hash = await local
    .wallet(owner)
    .sendTransaction({ data: encodeDeployData({ abi: abi as Abi, bytecode: bytecode as Hex, args: supply }) })
  const ether = (await local.client.waitForTransactionReceipt({ hash })).contractAddress as Address
  const listing = [encodeScopeId(GROUP), ether, 1, encodeScopeId('asset:ETH'), encodeScopeId('market:ETH')] as const
  await send(owner, contracts.collaterals, encodeFunctionData({ abi: collateralsAbi, functionName: 'list', args: listing }))

  await chain.deposit(maker.owner, maker.account, 2_000_000)
  const trade = async (taker: Trader, lots: bigint, price: string): Promise<void> =>
    tradeOnChain(local, chain, owner, { taker, maker, instrument: future, lots, price: parseEther(price) })
  const sellShort = async (trader: Trader): Promise<void> => {
    await local.fund(trader.owner.address, parseEther('100'))
    await send(owner, ether, erc20('transfer', [trader.owner.address, parseEther('1000')]))
    await send(trader.owner, ether, erc20('approve', [contracts.vault, parseEther('1000')]))
    const deposit = [trader.account, encodeScopeId(GROUP), ether, parseEther('1000')] as const
    await send(trader.owner, contracts.vault, encodeFunctionData({ abi: vaultAbi, functionName: 'deposit', args: deposit }))
    await trade(trader, -1_000_000n, '200')
  }
  const buyBack = (trader: Trader): Promise<void> => trade(trader, 1_000_000n, '300')

  const pass = async (minutes: number, spot: Usd): Promise<void> =>
    chain.writePrices((await local.time()) + minutes * MINUTE, new Map([['ETH', spot]]))
  await sellShort(debtor)
  await pass(10, 300)
  await buyBack(debtor)

  return {
    local,
    chain,
    ether,
    debtor,
    pass,
    borrow: async (trader) => {
      // New risk needs ladders that are not old.
      await chain.postMarket('ETH', 300, 0.9)
      await sellShort(trader)
      await buyBack(trader)
    },
    endow: async (to, usd) => {
      await send(owner, chain.cashToken, erc20('transfer', [to.address, parseEther(String(usd))]))
      await send(to, chain.cashToken, erc20('approve', [contracts.vault, parseEther(String(usd))]))
    },
    balanceOf: (token, holder) => local.client.readContract({ address: token, abi: erc20Abi, functionName: 'balanceOf', args: [holder] }),
    setDebtCap: async (usd) => {
      const { target, data } = buildSetValues(chain.protocol, GROUP, { 'cash.debtCap': usd as ParameterValue })
      await send(owner, target, data)
    },
  }
}
