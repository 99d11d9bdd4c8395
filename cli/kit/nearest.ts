/** Number of insertions, deletions, substitutions and swaps of neighbours between two words. */
export function editDistance(a: string, b: string): number {
  let before: number[] = []
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const current = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      let best = Math.min((previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1, (previous[j - 1] ?? 0) + (same ? 0 : 1))
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) best = Math.min(best, (before[j - 2] ?? 0) + 1)
      current.push(best)
    }
    before = previous
    previous = current
  }
  return previous[b.length] ?? 0
}

/**
 * The names a reader may have meant, best first.
 *
 * @param limit - How many at most.
 * @returns Names that contain the word, or differ from it in at most a third of its letters.
 */
export function nearestNames(word: string, names: readonly string[], limit = 3): string[] {
  const wanted = word.toLowerCase()
  const distance = (name: string): number => {
    const whole = name.toLowerCase()
    const last = whole.split('.').at(-1) ?? whole
    if (wanted.length >= 3 && whole.includes(wanted)) return 0.5
    return Math.min(editDistance(wanted, whole), editDistance(wanted, last))
  }
  return names
    .map((name) => ({ name, distance: distance(name) }))
    .filter((candidate) => candidate.distance <= Math.max(2, wanted.length / 3))
    .sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1))
    .slice(0, limit)
    .map(({ name }) => name)
}

/** `Did you mean a, b or c?`, or an empty text. */
export function didYouMean(word: string, names: readonly string[]): string {
  const found = nearestNames(word, names)
  if (found.length === 0) return ''
  const last = found.at(-1) ?? ''
  return `Did you mean ${found.length === 1 ? last : `${found.slice(0, -1).join(', ')} or ${last}`}?`
}
