import type { Fraction } from '../../risk/types/index.ts'

/** How few accounts hold how much of one side. */
export type Concentration = {
  /** Lots on the side. */
  readonly lots: bigint
  readonly accounts: number
  readonly largest: Fraction
  readonly largestFive: Fraction
  /** Sum of squared shares: 1 is one holder, 1/n are n equal ones. */
  readonly herfindahl: number
}

/** Concentration of one side of an instrument or a market. @param lots - Of each holder, above 0; none is no concentration. */
export function concentrationOf(lots: readonly bigint[]): Concentration {
  const total = lots.reduce((sum, each) => sum + each, 0n)
  if (total === 0n) return { lots: 0n, accounts: 0, largest: 0, largestFive: 0, herfindahl: 0 }
  const shares = lots.map((each) => Number(each) / Number(total)).sort((a, b) => b - a)
  return {
    lots: total,
    accounts: lots.length,
    largest: shares[0] as number,
    largestFive: shares.slice(0, 5).reduce((sum, share) => sum + share, 0),
    herfindahl: shares.reduce((sum, share) => sum + share * share, 0),
  }
}
