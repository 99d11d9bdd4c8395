import { InvalidInputError } from '../errors/index.ts'
import { expOfMinusHalfSquare } from './expOfMinusHalfSquare.ts'

const INVERSE_ROOT_OF_TWO_PI = 0.3989422804014327

/** Standard normal density. Relative error below 1e-15 where the result is a normal number. @throws {InvalidInputError} x is not finite. */
export function normalPdf(x: number): number {
  if (!Number.isFinite(x)) throw new InvalidInputError({ argument: 'x of normalPdf', got: x, limit: 'finite' })
  return INVERSE_ROOT_OF_TWO_PI * expOfMinusHalfSquare(x)
}
