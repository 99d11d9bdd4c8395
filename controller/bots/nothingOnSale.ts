import type { DebtSale } from '../../chain/clearing/index.ts'

/** Why nothing of an account may be bought, though its debt is above its limit. */
export function nothingOnSale({ collateral }: DebtSale): 'noCollateral' | 'noPrice' | 'outflowLimit' {
  if (collateral.length === 0) return 'noCollateral'
  return collateral.some(({ mark }) => mark === 0n) ? 'noPrice' : 'outflowLimit'
}
