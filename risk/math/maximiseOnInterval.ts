const GOLDEN = 0.3819660112501051 // (3 - sqrt 5) / 2
const STEPS = 48

/**
 * Highest point of a function on [from, to]: the best of `points` evenly spread arguments, then golden section search between its
 * neighbours, to about 1e-8 of the interval. Minus infinity stands for where the function is not defined. Deterministic.
 *
 * @returns The argument and the value there, the ends included.
 * @see Kiefer, Proceedings of the American Mathematical Society 4 (1953).
 */
export function maximiseOnInterval(
  evaluate: (x: number) => number,
  from: number,
  to: number,
  points: number,
): { readonly at: number; readonly value: number } {
  const spacing = (to - from) / (points - 1)
  let at = from
  let value = Number.NEGATIVE_INFINITY
  for (let i = 0; i < points; i++) {
    const x = i === points - 1 ? to : from + i * spacing
    const reached = evaluate(x)
    if (reached > value) {
      at = x
      value = reached
    }
  }
  let left = Math.max(from, at - spacing)
  let right = Math.min(to, at + spacing)
  let a = left + GOLDEN * (right - left)
  let b = right - GOLDEN * (right - left)
  let atA = evaluate(a)
  let atB = evaluate(b)
  for (let step = 0; step < STEPS && right - left > 1e-10 * (1 + Math.abs(at)); step++) {
    if (atA >= atB) {
      right = b
      b = a
      atB = atA
      a = left + GOLDEN * (right - left)
      atA = evaluate(a)
    } else {
      left = a
      a = b
      atA = atB
      b = right - GOLDEN * (right - left)
      atB = evaluate(b)
    }
  }
  for (const [x, reached] of [
    [a, atA],
    [b, atB],
  ] as const) {
    if (reached > value) {
      at = x
      value = reached
    }
  }
  return { at, value }
}
