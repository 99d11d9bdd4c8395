import type { Cash } from './types.ts'

/** Nothing held and nothing owed. */
export const emptyCash: Cash = { principal: 0n, profit: 0n, debt: 0n }
