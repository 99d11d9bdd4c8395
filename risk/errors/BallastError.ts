/** Root of every failure this project throws on purpose: facts in `context`, a sentence for people in `message`. */
export abstract class BallastError extends Error {
  abstract readonly context: Readonly<Record<string, unknown>>
}

/** The same act may succeed later: network, stale data. The loop tries again. */
export abstract class RetryableError extends BallastError {}

/** Trying again cannot help: configuration, broken invariant. The loop stops. */
export abstract class FatalError extends BallastError {}
