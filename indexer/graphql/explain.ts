import { createGraphQLError } from 'graphql-yoga'
import { BallastError } from '../../risk/errors/index.ts'

/** Says what was wrong with what was asked; any other failure is not for strangers. */
export function explain<Result>(act: () => Result): Result {
  try {
    return act()
  } catch (error) {
    if (error instanceof BallastError) throw createGraphQLError(error.message, { extensions: { code: 'BAD_USER_INPUT' } })
    throw error
  }
}
