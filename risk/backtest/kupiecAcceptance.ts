import { assertCounts, assertProbability } from './assertCounts.ts'
import { kupiec } from './kupiec.ts'

/**
 * Fewest and most breaches at which {@link kupiec} does not reject.
 *
 * @param significance - For example 0.05.
 * @throws {InvalidInputError} An argument is out of range.
 */
export function kupiecAcceptance(
  observations: number,
  probability: number,
  significance: number,
): { readonly fewest: number; readonly most: number } {
  assertCounts({ observations, breaches: 0, probability })
  assertProbability('significance', significance)
  const accepts = (breaches: number): boolean => kupiec({ observations, breaches, probability }).pValue >= significance
  // The statistic falls up to the expected count and rises after it: both ends are found by halving.
  const expected = Math.round(observations * probability)
  return { fewest: edge(expected, 0, accepts), most: edge(expected, observations, accepts) }
}

/** The last count from `inside` towards `end` that is accepted. */
function edge(inside: number, end: number, accepts: (count: number) => boolean): number {
  if (accepts(end)) return end
  let accepted = inside
  let refused = end
  while (Math.abs(refused - accepted) > 1) {
    const middle = Math.trunc((accepted + refused) / 2)
    if (accepts(middle)) accepted = middle
    else refused = middle
  }
  return accepted
}
