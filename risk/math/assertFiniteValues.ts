import { InvalidInputError } from '../errors/index.ts'

/** @throws {InvalidInputError} `values` is empty or holds NaN or an infinity; the index is named. */
export function assertFiniteValues(argument: string, values: ArrayLike<number>): void {
  if (values.length === 0) throw new InvalidInputError({ argument, got: 'empty', limit: 'one or more numbers' })
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) throw new InvalidInputError({ argument: `${argument}[${i}]`, got: values[i], limit: 'finite' })
  }
}
