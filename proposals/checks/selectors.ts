import { flattenCalls } from '../decode/index.ts'
import type { Check } from './Check.ts'

/** No call could be read as another function with the same four bytes. */
export const selectors: Check = {
  name: 'selectors',
  title: 'No selector stands for two functions.',
  check: ({ calls }) => ({
    info: [],
    warnings: [],
    errors: calls
      .flatMap(flattenCalls)
      .filter(({ collisions }) => collisions.length > 0)
      .map(({ data, signature, collisions }) => `${data.slice(0, 10)} is ${signature}, but also ${collisions.join(' and ')}.`),
  }),
}
