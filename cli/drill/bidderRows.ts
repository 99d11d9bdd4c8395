import { grouped } from '../kit/values.ts'
import type { DrillDocument } from './drillDocument.ts'

export const bidderTitles = [
  'bidders',
  'sent',
  'filled',
  'refused',
  'losing',
  'worst, USD',
  'profit, USD',
  'change of equity, USD',
] as const

/** Both kinds of bidders, over all runs. */
export function bidderRows({ bidders }: DrillDocument): string[][] {
  return Object.entries(bidders).map(([kind, { bids, filled, reverted, losing, worst, profit, equityChange }]) => [
    kind,
    ...[bids, filled, reverted, losing, worst, profit, equityChange].map((value) => grouped(Math.round(value))),
  ])
}
