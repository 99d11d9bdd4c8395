import { expect } from 'vitest'

export type Tolerance = { readonly abs: number } | { readonly rel: number }

/** Fails with inputs, expected value, result, error and tolerance in one message. */
export function expectNear(inputs: unknown, got: number, expected: number, tolerance: Tolerance): void {
  const error = Math.abs(got - expected)
  const limit = 'abs' in tolerance ? tolerance.abs : tolerance.rel * Math.abs(expected)
  if (!(error <= limit)) {
    expect.fail(
      `inputs ${JSON.stringify(inputs)}: expected ${expected}, got ${got}, error ${error}, tolerance ${JSON.stringify(tolerance)} (${limit})`,
    )
  }
}
