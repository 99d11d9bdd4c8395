import { InvalidInputError } from '../../errors/index.ts'
import type { ScenarioShortfalls } from './stressedShortfalls.ts'

/**
 * Counts accounts that one source of funds filled as one: their shortfalls are added before the largest are looked for.
 *
 * @param sources - Name of the source of each account, in the book's order.
 * @returns Shortfalls by source, in the order in which sources first appear.
 * @throws {InvalidInputError} There is not one source per account.
 * @see risk-policy E1.
 */
export function mergeBySource(stressed: readonly ScenarioShortfalls[], sources: readonly string[]): readonly ScenarioShortfalls[] {
  const places = new Map([...new Set(sources)].map((source, place) => [source, place]))
  return stressed.map(({ scenario, shortfalls }) => {
    if (shortfalls.length !== sources.length)
      throw new InvalidInputError({
        argument: 'sources',
        got: `${sources.length} names`,
        limit: `${shortfalls.length} names, one per account`,
      })
    const merged = new Float64Array(places.size)
    shortfalls.forEach((shortfall, account) => {
      merged[places.get(sources[account]!)!]! += shortfall
    })
    return { scenario, shortfalls: merged }
  })
}
