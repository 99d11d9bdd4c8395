import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 2,
    retry: 0,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // One shuffle-free order and one seed per run, printed by the property tests themselves when they fail.
    sequence: { shuffle: false },
  },
})
