import type { Usd } from '../../types/index.ts'

/** A trade of one or several legs, all or nothing. */
export type Order = {
  /** Each instrument once. */
  readonly legs: readonly OrderLeg[]
  /** Fees of all legs together, USD. */
  readonly fee: Usd
}

export type OrderLeg = {
  /** Index into the instruments. */
  readonly instrument: number
  /** Contracts; negative sells. */
  readonly quantity: number
  /** USD per contract. */
  readonly price: Usd
}
