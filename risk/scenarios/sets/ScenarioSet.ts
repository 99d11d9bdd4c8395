import type { Fraction, Usd, Vol } from '../../types/index.ts'

/** One cell of a set. */
export type SetCell = {
  /** Relative move of the index, above -1. */
  readonly move: Fraction
  readonly vol: 'up' | 'flat' | 'down'
  /** Share of the profit or loss that counts. */
  readonly weight: Fraction
}

/** How a set shocks vol. */
export type VolRule =
  /** By so many vols, the same for every expiry: 0.04 is four points. */
  | { readonly kind: 'points'; readonly up: Vol; readonly down: Vol }
  /**
   * By a share of vol times m = (30 d / max(T, 1 d))^p, with one power below 30 days and one above: up to max(vol, upFloor) (1 + up m), down to
   * vol max(downLeast, 1 - down min(m, downScaleCeiling)).
   */
  | {
      readonly kind: 'scaled'
      readonly up: Fraction
      readonly down: Fraction
      readonly shortPower: number
      readonly longPower: number
      readonly upFloor: Vol
      readonly downLeast: Fraction
      /** Null: none. */
      readonly downScaleCeiling: number | null
    }

/** Least requirement, whatever the cells say. */
export type RequirementFloor = {
  /** Share of the index per contract that is net short in one strike, type and expiry. */
  readonly shortOption: Fraction
  /** USD per contract of any position. */
  readonly perContract: Usd
  /** Shares of the dollars of net delta, and of the dollars of delta that long and short positions offset of one another. */
  readonly netDelta: Fraction
  readonly hedgedDelta: Fraction
}

/** What is added to the scan: shares of the index per contract. */
export type Contingency = { readonly linear: Fraction; readonly shortOption: Fraction }

/** A venue's scenario margin as data: states of the market, and the rule from their losses to two requirements. */
export type ScenarioSet = {
  readonly name: string
  readonly title: string
  /** Where the figures come from, and what of the venue's rule is not in them. */
  readonly source: string
  readonly cells: readonly SetCell[]
  readonly vol: VolRule
  readonly floor: RequirementFloor
  readonly contingency: { readonly maintenance: Contingency; readonly initial: Contingency }
  /** What max(scan, floor) is multiplied by. */
  readonly factor: { readonly maintenance: number; readonly initial: number }
}

/** No floor. */
export const noFloor: RequirementFloor = { shortOption: 0, perContract: 0, netDelta: 0, hedgedDelta: 0 }
/** Nothing is added. */
export const noContingency: ScenarioSet['contingency'] = {
  maintenance: { linear: 0, shortOption: 0 },
  initial: { linear: 0, shortOption: 0 },
}
