import { expect } from 'vitest'
import { InvalidInputError } from '../../../risk/errors/index.ts'

/** Expects an InvalidInputError about `argument`, and returns it. */
export function expectInvalid(argument: string | RegExp, act: () => unknown): void {
  let caught: unknown
  try {
    act()
  } catch (error) {
    caught = error
  }
  expect(caught, `expected an InvalidInputError about ${argument}`).toBeInstanceOf(InvalidInputError)
  const got = (caught as InvalidInputError).context.argument
  if (typeof argument === 'string') expect(got).toContain(argument)
  else expect(got).toMatch(argument)
}
