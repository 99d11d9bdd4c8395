import { formatUnits } from 'viem'
import {
  buildBuyCollateral,
  buildCallDebt,
  type DebtSale,
  readDebtSale,
  readFunds,
  readHaircut,
  readSaleTerms,
  type SaleTerms,
} from '../../chain/clearing/index.ts'
import { ContractRevertError, withChainErrors } from '../../chain/errors/index.ts'
import { mapConcurrently } from '../../chain/read/index.ts'
import type { Call } from '../../chain/write/index.ts'
import type { Hash, UnixSeconds, Usd } from '../../risk/types/index.ts'
import type { MonitoredAccount } from '../monitor/MonitorStore.ts'
import { type Buyer, choosePurchase, type PurchaseChoice } from './choosePurchase.ts'
import type { LiquidatorAct, LiquidatorContext } from './LiquidatorContext.ts'
import { nothingOnSale } from './nothingOnSale.ts'
import { type Purchase, prospectsOf, purchasesOf } from './purchasesOf.ts'
import { LIFETIME, sendAct } from './sendAct.ts'

/** What a pass did about debts. */
export type DebtWork = {
  /** Accounts whose debt is above its limit, and those of them whose call holds. */
  readonly debts: number
  readonly called: number
  readonly passed: readonly { readonly account: bigint; readonly reason: string }[]
  readonly acts: readonly LiquidatorAct[]
}

/** Where a pass stands. */
export type DebtQuery = {
  readonly block: bigint
  readonly time: UnixSeconds
  /** Wei per gas. */
  readonly gasPrice: bigint
}

/** Gas of the calls, before they are estimated. */
const GAS = { callDebt: 150_000n, buyCollateral: 500_000n } as const
/** A transaction may pay twice the price of now: what the submitter offers at first. */
const OFFERED = 2n

/**
 * The part of a pass about debts against collateral: calls those whose collateral would pay at its full discount, and buys what pays now, of each account one collateral, the most rewarding account first. It
 * pays with cash of the key, no more than was approved to the vault; what it buys goes to the key.
 *
 * @param owing - Accounts that may owe cash, of any group, and hold other collateral.
 * @throws {RetryableError} The node does not answer.
 */
export async function workDebts(context: LiquidatorContext, owing: readonly MonitoredAccount[], query: DebtQuery): Promise<DebtWork> {
  const groups = new Map<Hash, MonitoredAccount[]>()
  for (const account of owing) groups.set(account.group, [...(groups.get(account.group) ?? []), account])
  const done: DebtWork[] = []
  for (const [group, accounts] of groups) done.push(await workGroup(context, group, accounts, query))
  return {
    debts: done.reduce((sum, { debts }) => sum + debts, 0),
    called: done.reduce((sum, { called }) => sum + called, 0),
    passed: done.flatMap(({ passed }) => passed),
    acts: done.flatMap(({ acts }) => acts),
  }
}

async function workGroup(
  context: LiquidatorContext,
  group: Hash,
  accounts: readonly MonitoredAccount[],
  { block, time, gasPrice }: DebtQuery,
): Promise<DebtWork> {
  const { client, deployment, submitter, policy, unwind } = context
  const terms = await readSaleTerms(client, deployment, group, block)
  const sales = (
    await mapConcurrently(accounts, ({ account, collateral }) =>
      readDebtSale(client, deployment, { account, terms, held: collateral, block, time }),
    )
  ).filter(({ debt, limit }) => debt > limit)
  const counts = { debts: sales.length, called: sales.filter(({ call }) => call !== null).length }
  if (sales.length === 0) return { ...counts, passed: [], acts: [] }

  const owner = submitter.key.address
  const funds = await readFunds(client, { token: terms.cash.token, owner, spender: deployment.contracts.vault, block })
  const spendable = funds.allowance < funds.balance ? funds.allowance : funds.balance
  const usdOf = (units: bigint): Usd => Number(formatUnits(units, terms.cash.decimals))
  const costOf = (gas: bigint): Usd => Number(formatUnits(gas * gasPrice * OFFERED, 18)) * context.nativePrice
  const passed: { account: bigint; reason: string }[] = []
  const acts: LiquidatorAct[] = []
  let cash = usdOf(spendable)
  const buyer = (gas: bigint): Buyer => ({ cash, gas: costOf(gas), unwind, to: owner, deadline: time + LIFETIME })
  const pass = (account: bigint, reason: string): void => {
    passed.push({ account, reason: reason === 'noCash' && funds.allowance < funds.balance ? 'noAllowance' : reason })
  }

  const haircuts = await readHaircuts(context, terms, sales, block)
  for (const sale of sales.filter(({ call }) => call === null)) {
    const prospect = mostRewarding(prospectsOf(sale, terms, haircuts))
    const choice = prospect && choosePurchase(prospect, buyer(GAS.callDebt + GAS.buyCollateral), policy, terms)
    if (choice?.kind === 'buy') acts.push(await sendAct(context, 'callDebt', sale.account, buildCallDebt(deployment, sale.account), time))
    else pass(sale.account, choice?.reason ?? nothingOnSale(sale))
  }

  const offered = sales
    .filter(({ call }) => call !== null)
    .map((sale) => ({ sale, purchase: mostRewarding(purchasesOf(sale)) }))
    .sort((a, b) => rewardOf(b.purchase) - rewardOf(a.purchase) || (a.sale.account < b.sale.account ? -1 : 1))
  for (const { sale, purchase } of offered) {
    if (purchase === undefined) {
      pass(sale.account, nothingOnSale(sale))
      continue
    }
    const choice = await chooseEstimated(context, purchase, buyer, terms)
    if (choice.kind === 'pass') {
      pass(sale.account, choice.reason)
      continue
    }
    const { order, expectedProfit } = choice
    const act = await sendAct(context, 'buyCollateral', sale.account, buildBuyCollateral(deployment, order), time, expectedProfit)
    acts.push(act)
    if (act.outcome !== 'refused') cash -= Number(formatUnits(order.amount * purchase.price, 18 + purchase.decimals))
  }
  return { ...counts, passed, acts }
}

/** The choice at the gas that the node estimates for it; where it refuses, the choice stands for the simulation to tell why. */
async function chooseEstimated(
  { client, deployment, submitter, policy }: LiquidatorContext,
  purchase: Purchase,
  buyer: (gas: bigint) => Buyer,
  terms: SaleTerms,
): Promise<PurchaseChoice> {
  const first = choosePurchase(purchase, buyer(GAS.buyCollateral), policy, terms)
  if (first.kind === 'pass') return first
  const gas = await estimate(client, buildBuyCollateral(deployment, first.order), submitter.key.address)
  return gas === null ? first : choosePurchase(purchase, buyer(gas), policy, terms)
}

async function estimate(client: LiquidatorContext['client'], { to, data }: Call, from: Call['to']): Promise<bigint | null> {
  try {
    return await withChainErrors(() => client.estimateGas({ account: from, to, data }), to)
  } catch (error) {
    if (error instanceof ContractRevertError) return null
    throw error
  }
}

/** Of assets that accounts hold whose debt is not called yet, by place. */
async function readHaircuts(
  { client, riskParameters }: LiquidatorContext,
  terms: SaleTerms,
  sales: readonly DebtSale[],
  block: bigint,
): Promise<ReadonlyMap<number, bigint>> {
  const places = new Set(sales.filter(({ call }) => call === null).flatMap(({ collateral }) => collateral.map(({ place }) => place)))
  return new Map(
    await mapConcurrently([...places], async (place) => {
      const { asset } = terms.listed[place] as SaleTerms['listed'][number]
      return [place, await readHaircut(client, riskParameters, asset, block)] as const
    }),
  )
}

function mostRewarding(purchases: readonly Purchase[]): Purchase | undefined {
  return [...purchases].sort((a, b) => rewardOf(b) - rewardOf(a))[0]
}

/** USD, of all of it. */
function rewardOf(purchase: Purchase | undefined): Usd {
  if (purchase === undefined) return 0
  return Number(purchase.amount * (purchase.worth - purchase.price)) / 10 ** (18 + purchase.decimals)
}
