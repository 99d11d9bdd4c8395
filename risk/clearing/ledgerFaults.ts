import { emptyCash } from './emptyCash.ts'
import type { Cash, GroupSums } from './types.ts'

/** What of a ledger must hold at every instant and does not, in words; empty when all is well. */
export function ledgerFaults(
  accounts: readonly { readonly account: string; readonly cash: Cash; readonly positions: ReadonlyMap<string, bigint> }[],
  sums: GroupSums,
): string[] {
  const faults: string[] = []
  const added = accounts.reduce(
    (total, { cash }) => ({
      principal: total.principal + cash.principal,
      profit: total.profit + cash.profit,
      debt: total.debt + cash.debt,
    }),
    emptyCash,
  )
  for (const part of ['principal', 'profit', 'debt'] as const)
    if (added[part] !== sums[part]) faults.push(`accounts hold ${added[part]} of ${part}, the group says ${sums[part]}`)
  const owed = sums.principal + sums.profit + sums.fund - sums.debt
  if (owed !== sums.tokens) faults.push(`principal, profit and fund less debt are ${owed}, tokens ${sums.tokens}`)
  for (const { account, cash } of accounts)
    if (cash.principal < 0n || cash.profit < 0n || cash.debt < 0n || (cash.debt > 0n && cash.principal > 0n))
      faults.push(`${account} has a part of cash below zero, or owes while it has principal`)
  if (sums.fund < 0n || sums.tokens < 0n) faults.push(`fund ${sums.fund}, tokens ${sums.tokens}: negative`)
  for (const [instrument, sum] of positionSums(accounts)) if (sum !== 0n) faults.push(`positions in ${instrument} add up to ${sum}`)
  return faults
}

function positionSums(accounts: readonly { readonly positions: ReadonlyMap<string, bigint> }[]): ReadonlyMap<string, bigint> {
  const sums = new Map<string, bigint>()
  for (const { positions } of accounts)
    for (const [instrument, contracts] of positions) sums.set(instrument, (sums.get(instrument) ?? 0n) + contracts)
  return sums
}
