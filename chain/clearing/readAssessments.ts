import type { PublicClient } from 'viem'
import { withChainErrors } from '../errors/index.ts'
import { ledgerAbi, marginAbi } from '../generated/index.ts'
import { mapConcurrently } from '../read/index.ts'
import type { ClearingDeployment } from './ClearingDeployment.ts'

/** What stands behind a margin figure, worst first: the position is the code on chain. */
export const footings = ['none', 'stale', 'posted', 'proved'] as const
export type Footing = (typeof footings)[number]

/** One account by the margin contract at one block. USD with 18 decimals; requirements rounded up, equity down. */
export type AccountAssessment = {
  readonly account: bigint
  readonly equity: bigint
  readonly maintenance: bigint
  /** Requirement for new risk, and what is free for it. */
  readonly initial: bigint
  readonly free: bigint
  readonly footing: Footing
  readonly delta: bigint
  readonly gamma: bigint
  readonly vega: bigint
  readonly notional: bigint
  readonly deltaNotional: bigint
  /** Of the worst cell in maintenance. */
  readonly binding: { readonly price: bigint; readonly volState: 'down' | 'up'; readonly loss: bigint }
}

const MAINTENANCE = 0
const INITIAL = 1
const CONCURRENCY = 8

/**
 * Margin of accounts at one block, both passes, by the contract itself: the figures that decide a flag and a withdrawal.
 *
 * @throws {ContractRevertError} The contract refuses, as for an account that was never opened.
 */
export async function readAssessments(
  client: PublicClient,
  { contracts }: ClearingDeployment,
  accounts: readonly bigint[],
  blockNumber: bigint,
): Promise<AccountAssessment[]> {
  const ledger = { address: contracts.ledger, abi: ledgerAbi, blockNumber } as const
  const margin = { address: contracts.margin, abi: marginAbi, blockNumber } as const
  return mapConcurrently(
    accounts,
    (account) =>
      withChainErrors(async () => {
        const holdings = await client.readContract({ ...ledger, functionName: 'holdingsOf', args: [account] })
        const [maintenance, initial] = await Promise.all([
          client.readContract({ ...margin, functionName: 'assess', args: [holdings, MAINTENANCE] }),
          client.readContract({ ...margin, functionName: 'assess', args: [holdings, INITIAL] }),
        ])
        const { equity, requirement, footing, delta, gamma, vega, notional, deltaNotional, binding } = maintenance
        return {
          account,
          equity,
          maintenance: requirement,
          initial: initial.requirement,
          free: initial.free,
          footing: footings[Math.min(footing, initial.footing)] as Footing,
          delta,
          gamma,
          vega,
          notional,
          deltaNotional,
          binding: { price: binding.price, volState: binding.volState === 1 ? 'up' : 'down', loss: binding.loss },
        }
      }),
    CONCURRENCY,
  )
}
