/** Letters to insert, delete or replace between two words. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++)
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)))
    row = next
  }
  return row[b.length] ?? 0
}

/**
 * What the writer may have meant, for the end of a sentence: `; did you mean margin.tailWeight or ...?`, else all names where they are few, else nothing. The
 * last part of a dotted name counts as the name.
 */
export function didYouMean(given: string, names: readonly string[]): string {
  const word = given.toLowerCase()
  const near = names
    .map((name) => {
      const whole = name.toLowerCase()
      const last = whole.split('.').at(-1) ?? whole
      const close = Math.min(distance(word, whole), distance(word, last), distance(word.split('.').at(-1) ?? word, last))
      return { name, close: word.length >= 3 && whole.includes(word) ? 0 : close }
    })
    .filter(({ name, close }) => close <= Math.max(2, Math.floor(name.length / 4)))
    .sort((a, b) => a.close - b.close || (a.name < b.name ? -1 : 1))
    .slice(0, 3)
    .map(({ name }) => name)
  if (near.length > 0) return `; did you mean ${near.join(' or ')}?`
  return names.length > 0 && names.length <= 12 ? `; known: ${names.join(', ')}` : ''
}
