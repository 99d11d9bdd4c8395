import { InvalidInputError } from '../errors/index.ts'
import { gaussLegendreRule } from './gaussLegendreRule.ts'

/** An integral with what is known of its error. */
export type Integral = {
  readonly value: number
  /** Sum over the pieces of the change that halving made: an estimate, far above the true error where `f` is smooth. */
  readonly error: number
  /** `limit` when some piece was still changing after the allowed halvings; `error` says by how much. */
  readonly status: 'converged' | 'limit'
}

const rule = gaussLegendreRule(15)
const MOST_HALVINGS = 48
const MOST_PIECES = 2000
/** Changes below this share of the integral of |f| are taken for the rounding of `f`. */
const ROUNDING = 2e-14

/**
 * Integral of `f` from `from` to `to`. Every piece is halved until halving changes it by no more than its share of the tolerance, or by no more than 2e-14 of the piece's integral
 * of |f|; the order of the sum is fixed. It sees only the points it asks for, at first 45: a peak far narrower than the range needs the range cut around it, and a kink a
 * cut where it lies.
 *
 * @param f - Finite on (from, to); the ends themselves are never asked.
 * @param from - Finite.
 * @param to - Finite; below `from` the sign of the integral turns.
 * @param tolerance - Absolute, above 0.
 * @throws {InvalidInputError} An argument is outside its domain, or `f` returns NaN or an infinity.
 */
export function integrate(f: (x: number) => number, from: number, to: number, tolerance: number): Integral {
  if (!Number.isFinite(from)) throw new InvalidInputError({ argument: 'from', got: from, limit: 'finite' })
  if (!Number.isFinite(to)) throw new InvalidInputError({ argument: 'to', got: to, limit: 'finite' })
  if (!(tolerance > 0)) throw new InvalidInputError({ argument: 'tolerance', got: tolerance, limit: 'above 0' })
  let value = 0
  let error = 0
  let pieces = 0
  let status: Integral['status'] = 'converged'
  const visit = (left: number, right: number, whole: number, allowed: number, halvings: number): void => {
    const middle = left + 0.5 * (right - left)
    const lower = panel(f, left, middle)
    const upper = panel(f, middle, right)
    const halved = lower.sum + upper.sum
    const change = Math.abs(halved - whole)
    const settled = change <= Math.max(allowed, ROUNDING * (lower.size + upper.size))
    if (settled || halvings === MOST_HALVINGS || pieces >= MOST_PIECES) {
      if (!settled) status = 'limit'
      value += halved
      error += change
      pieces += 1
      return
    }
    visit(left, middle, lower.sum, 0.5 * allowed, halvings + 1)
    visit(middle, right, upper.sum, 0.5 * allowed, halvings + 1)
  }
  visit(from, to, panel(f, from, to).sum, tolerance, 0)
  return { value, error, status }
}

/** The rule's sum over one piece, and the same sum of |f|. */
function panel(f: (x: number) => number, left: number, right: number): { sum: number; size: number } {
  const half = 0.5 * (right - left)
  const centre = left + half
  let sum = 0
  let size = 0
  for (let i = 0; i < rule.nodes.length; i++) {
    const term = rule.weights[i]! * f(centre + half * rule.nodes[i]!)
    sum += term
    size += Math.abs(term)
  }
  if (!Number.isFinite(sum)) throw new InvalidInputError({ argument: 'f', got: sum, limit: `finite between ${left} and ${right}` })
  return { sum: half * sum, size: Math.abs(half) * size }
}
