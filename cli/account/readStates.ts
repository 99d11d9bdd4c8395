import type { PublicClient } from 'viem'
import {
  type AccountAssessment,
  type ClearingDeployment,
  type DebtSale,
  readAssessments,
  readDebtSale,
  readSaleTerms,
  type SaleTerms,
} from '../../chain/clearing/index.ts'
import { withChainErrors } from '../../chain/errors/index.ts'
import { distanceToLiquidation, type LiquidationDistance } from '../../controller/monitor/distanceToLiquidation.ts'
import { followClearing } from '../../controller/monitor/followClearing.ts'
import type { MonitoredAccount, MonitoredAuction, MonitorStore } from '../../controller/monitor/MonitorStore.ts'
import { owesAgainstCollateral } from '../../controller/monitor/owesAgainstCollateral.ts'
import { fromWadUsd } from '../../risk/liquidation/index.ts'

/** One account: as its events left it, and by the margin contract at the same block. */
export type AccountState = {
  readonly held: MonitoredAccount
  readonly assessment: AccountAssessment
  readonly auction: MonitoredAuction | null
  readonly distance: LiquidationDistance
  /** Cash owed against other collateral, and what of that is on sale; null where nothing is owed against any. */
  readonly owed: Owed | null
}

export type Owed = { readonly sale: DebtSale; readonly terms: SaleTerms }

/**
 * Follows the chain and asks the margin contract about every account that holds something, at the block that was read last.
 *
 * @throws {RetryableError} The node does not answer.
 */
export async function readStates(
  client: PublicClient,
  deployment: ClearingDeployment,
  store: MonitorStore,
  signal: AbortSignal,
): Promise<{ readonly block: bigint; readonly states: readonly AccountState[] }> {
  const cursor = await followClearing({ client, deployment, store, confirmations: 1, signal })
  if (cursor === null) return { block: BigInt(deployment.block), states: [] }
  const accounts = store
    .accounts()
    .filter(({ positions, collateral, principal, profit, debt }) => positions.size + collateral.size > 0 || principal + profit + debt > 0n)
  const assessments = await readAssessments(
    client,
    deployment,
    accounts.map(({ account }) => account),
    cursor.block,
  )
  const auctions = new Map(store.auctions().map((auction) => [auction.account, auction]))
  const owed = await readOwed(client, deployment, accounts.filter(owesAgainstCollateral), cursor.block)
  return {
    block: cursor.block,
    states: accounts.map((held, i) => {
      const assessment = assessments[i] as AccountAssessment
      const { account } = held
      return {
        held,
        assessment,
        auction: auctions.get(account) ?? null,
        distance: distanceOf(assessment),
        owed: owed.get(account) ?? null,
      }
    }),
  }
}

async function readOwed(
  client: PublicClient,
  deployment: ClearingDeployment,
  accounts: readonly MonitoredAccount[],
  block: bigint,
): Promise<ReadonlyMap<bigint, Owed>> {
  const owed = new Map<bigint, Owed>()
  if (accounts.length === 0) return owed
  const { timestamp } = await withChainErrors(() => client.getBlock({ blockNumber: block }))
  for (const group of new Set(accounts.map((each) => each.group))) {
    const terms = await readSaleTerms(client, deployment, group, block)
    for (const { account, collateral: held } of accounts.filter((each) => each.group === group)) {
      const sale = await readDebtSale(client, deployment, { account, terms, held, block, time: Number(timestamp) })
      if (sale.debt > 0n) owed.set(account, { sale, terms })
    }
  }
  return owed
}

function distanceOf({ equity, maintenance, delta, gamma }: AccountAssessment): LiquidationDistance {
  const [e, m, d, g] = [equity, maintenance, delta, gamma].map(fromWadUsd) as [number, number, number, number]
  return distanceToLiquidation({ equity: e, maintenance: m, delta: d, gamma: g })
}
