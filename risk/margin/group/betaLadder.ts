import { InvalidInputError } from '../../errors/index.ts'
import { assertFiniteValues, assertInRange } from '../../math/index.ts'
import type { Fraction, Usd } from '../../types/index.ts'
import type { ScanLosses } from '../scanLosses.ts'

/** Betas to the common factor that each underlying is tried with. */
const betas = [0.7, 1, 1.4] as const
/** Moves of the factor: 16 down, none, 16 up. */
const FACTOR_SIDE = 16
/** Most of the sum of single requirements that offsets between underlyings may take off. */
const LARGEST_CREDIT = 0.5

/** One underlying of an account, as the group sees it. */
export type BetaLane = {
  readonly scan: ScanLosses
  /** How far the underlying may part from beta x the factor, as a share of its own range: 0 for the factor itself, 0.70 for ETH, 0.85 for SOL-like. In [0, 1]. */
  readonly residual: Fraction
  /** Whether it is the factor: its beta is 1. */
  readonly isFactor: boolean
}

/** What the group loses at worst, and what that takes off the sum. */
export type GroupScan = {
  /** Worst loss of the group, at least 0, before the limit on the credit. */
  readonly loss: Usd
  /** Sum of what each underlying loses at its own worst. */
  readonly apart: Usd
  /** What offsets take off that sum: at most half of it. */
  readonly credit: Usd
  /** Move of the factor at which the group loses most; null when a far move is worse. */
  readonly factorMove: Fraction | null
}

/**
 * Worst loss of an account over underlyings that move with one factor (risk policy B11). For each move f of the factor every underlying contributes its worst loss
 * within [beta f - e, beta f + e], e = residual x its range, over betas 0.7, 1 and 1.4; far moves come together and gains in them offset nothing.
 *
 * @throws {InvalidInputError} A lane has no moves, values that are not finite, or a residual outside [0, 1].
 */
export function betaLadder(lanes: readonly BetaLane[]): GroupScan {
  for (const [i, lane] of lanes.entries()) assertLane(lane, i)
  const width = Math.max(0, ...lanes.map(({ scan }) => scan.range))
  const apart = lanes.reduce((sum, { scan }) => sum + ownWorst(scan), 0)
  let loss = farLoss(lanes)
  let factorMove: Fraction | null = null
  for (let i = -FACTOR_SIDE; i <= FACTOR_SIDE; i++) {
    const factor = (width * i) / FACTOR_SIDE
    const together = lanes.reduce((sum, lane) => sum + worstWith(lane, factor), 0)
    if (together > loss || (together === loss && factorMove === null && together > 0)) {
      loss = together
      factorMove = factor
    }
  }
  return { loss, apart, credit: Math.max(0, Math.min(apart - loss, LARGEST_CREDIT * apart)), factorMove }
}

function ownWorst({ losses, far }: ScanLosses): Usd {
  return Math.max(0, ...losses, ...far)
}

/** Far moves hit all underlyings at once, at the same multiple of their prices. */
function farLoss(lanes: readonly BetaLane[]): Usd {
  const multiples = Math.max(0, ...lanes.map(({ scan }) => scan.far.length))
  let worst = 0
  for (let i = 0; i < multiples; i++)
    worst = Math.max(
      worst,
      lanes.reduce((sum, { scan }) => sum + Math.max(0, scan.far[i] ?? 0), 0),
    )
  return worst
}

function worstWith({ scan, residual, isFactor }: BetaLane, factor: Fraction): Usd {
  const away = residual * scan.range
  let worst = Number.NEGATIVE_INFINITY
  for (const beta of isFactor ? [1] : betas) worst = Math.max(worst, worstWithin(scan, beta * factor - away, beta * factor + away))
  return worst
}

/** Worst loss at the moves inside [from, to] and at the nearest one on either side, so that no move between two of them is missed. */
function worstWithin({ moves, losses }: ScanLosses, from: Fraction, to: Fraction): Usd {
  let first = moves.findIndex((move) => move > from) - 1
  if (first < 0) first = moves[0]! > from ? 0 : moves.length - 1
  let last = moves.findIndex((move) => move >= to)
  if (last < 0) last = moves.length - 1
  let worst = Number.NEGATIVE_INFINITY
  for (let i = first; i <= Math.max(first, last); i++) worst = Math.max(worst, losses[i]!)
  return worst
}

function assertLane({ scan, residual }: BetaLane, i: number): void {
  assertInRange(`lanes[${i}].residual`, residual, 0, 1)
  assertInRange(`lanes[${i}].scan.range`, scan.range, Number.MIN_VALUE, 1)
  if (scan.moves.length === 0 || scan.moves.length !== scan.losses.length)
    throw new InvalidInputError({
      argument: `lanes[${i}].scan.losses`,
      got: `${scan.losses.length} values`,
      limit: `one for each of ${scan.moves.length} moves, at least one`,
    })
  assertFiniteValues(`lanes[${i}].scan.losses`, scan.losses)
  assertFiniteValues(`lanes[${i}].scan.far`, scan.far)
}
