import type { DebtSale, SaleCollateral, SaleTerms } from '../../chain/clearing/index.ts'
import type { Address } from '../../risk/types/index.ts'

/** Collateral behind a debt that could be bought, all of it. USD with 18 decimals; prices of one whole token. */
export type Purchase = {
  readonly account: bigint
  readonly token: Address
  readonly decimals: number
  /** Token units. */
  readonly amount: bigint
  readonly price: bigint
  readonly worth: bigint
}

const WAD = 10n ** 18n
const BPS = 10_000n

/** What may be bought of a called account now, within what may leave the vault. */
export function purchasesOf(sale: DebtSale): Purchase[] {
  return sale.collateral.flatMap((held) => (held.offer === null ? [] : purchase(sale, held, held.offer.amount, held.offer.price)))
}

/** What could be bought once the discount has risen to the haircut, at the prices of now. @param haircuts - Effective, by place, ten-thousandths. */
export function prospectsOf(sale: DebtSale, terms: SaleTerms, haircuts: ReadonlyMap<number, bigint>): Purchase[] {
  const excess = excessOf(sale, terms)
  return sale.collateral.flatMap((held) => {
    const price = (held.mark * (BPS - (haircuts.get(held.place) ?? 0n))) / BPS
    if (price === 0n) return []
    return purchase(sale, held, least(held.held, (excess * 10n ** BigInt(held.decimals)) / price), price)
  })
}

function purchase({ account }: DebtSale, { token, decimals, worth, outflow }: SaleCollateral, offered: bigint, price: bigint): Purchase[] {
  const amount = least(offered, outflow)
  return amount === 0n ? [] : [{ account, token, decimals, amount, price, worth }]
}

/** What the debt is above its target: nobody pays more than this together. USD with 18 decimals. */
function excessOf({ debt, limit }: DebtSale, { targetBps, cash }: SaleTerms): bigint {
  return (debt - (limit * targetBps) / BPS) * (WAD / 10n ** BigInt(cash.decimals))
}

const least = (a: bigint, b: bigint): bigint => (a < b ? a : b)
