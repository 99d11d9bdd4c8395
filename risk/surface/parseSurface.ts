import { z } from 'zod'
import { InvalidInputError } from '../errors/index.ts'
import { assertSvi } from './assertSvi.ts'
import type { VolSurface } from './types.ts'

const time = z.int()
const price = z.number().min(1e-9).max(1e15)
const count = z.int().min(0)
const share = z.number().min(0).max(1)

const slice = z.strictObject({
  expiry: time,
  timeToExpiry: z.number().positive().max(100),
  forward: z.strictObject({
    forward: price,
    source: z.enum(['parity', 'venue', 'spot']),
    pairs: count,
    residual: z.number().min(0),
    inside: share,
  }),
  model: z.enum(['svi', 'ssvi', 'flat']),
  svi: z.strictObject({ a: z.number(), b: z.number(), rho: z.number(), m: z.number(), sigma: z.number() }),
  repairs: z.array(z.enum(['butterflyRefit', 'calendarRefit', 'ssviFallback', 'calendarScale', 'longerShape'])),
  quotes: z.strictObject({
    twoSided: count,
    bidOnly: count,
    askOnly: count,
    markOnly: count,
    crossed: count,
    outOfBounds: count,
    stale: count,
    empty: count,
  }),
  points: count,
  usesMarks: z.boolean(),
  range: z.strictObject({ from: z.number(), to: z.number() }),
  rmsError: z.number().min(0),
  insideShare: share.nullable(),
  atmHalfSpread: z.number().min(0).nullable(),
})

/** Schema of the surface document, version 1. */
export const surfaceSchema = z.strictObject({
  schema: z.literal('ballast.surface'),
  version: z.literal(1),
  time,
  spot: price,
  slices: z.array(slice),
  unavailable: z.array(z.strictObject({ expiry: time, reason: z.enum(['expired', 'noQuotes', 'crossesNeighbours']) })),
})

/**
 * Reads a surface document.
 *
 * @throws {InvalidInputError} It is not one: the first problem is named with its path. Slices that are out of order, or outside the domain of raw SVI, are problems.
 */
export function parseSurface(document: unknown): VolSurface {
  const parsed = surfaceSchema.safeParse(document)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!
    throw new InvalidInputError({ argument: `surface.${issue.path.join('.')}`, got: 'not a surface', limit: issue.message })
  }
  const { slices, time: seen } = parsed.data
  for (const [i, { expiry, svi }] of slices.entries()) {
    const before = slices[i - 1]?.expiry ?? seen
    if (!(expiry > before)) throw new InvalidInputError({ argument: `slices[${i}].expiry`, got: expiry, limit: `after ${before}` })
    assertSvi(`slices[${i}].svi`, svi)
  }
  return parsed.data
}
