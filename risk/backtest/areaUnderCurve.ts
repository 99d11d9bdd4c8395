import { assertLabels } from './assertLabels.ts'

/**
 * Probability that a random case of class 1 has a higher score than a random one of class 0, ties counting one half: the area under the
 * receiver operating characteristic. Null when a class is missing.
 *
 * @param labels - 0 or 1.
 * @param scores - One for each; only their order matters.
 * @throws {InvalidInputError} A label is neither 0 nor 1, lengths differ, none are given, or a score is not finite.
 * @see Hanley and McNeil, Radiology 143 (1982).
 */
export function areaUnderCurve(labels: ArrayLike<number>, scores: ArrayLike<number>): number | null {
  assertLabels(labels, scores)
  const order = Array.from({ length: labels.length }, (_, i) => i).sort((i, j) => scores[i]! - scores[j]!)
  let positives = 0
  let below = 0
  let wins = 0
  for (let from = 0; from < order.length; ) {
    let to = from
    let tiedPositives = 0
    for (; to < order.length && scores[order[to]!] === scores[order[from]!]; to++) tiedPositives += labels[order[to]!]!
    const tiedNegatives = to - from - tiedPositives
    wins += tiedPositives * (below + 0.5 * tiedNegatives)
    positives += tiedPositives
    below += tiedNegatives
    from = to
  }
  return positives === 0 || below === 0 ? null : wins / (positives * below)
}
