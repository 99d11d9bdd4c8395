// What owner and workers of a venue tell each other: whole numbers of 32 bits at CONTROL, changed by Atomics only.
import { CONTROL } from '../memory/planVenue.ts'

/** Rises by one with each task; workers sleep on it. */
export const GENERATION = CONTROL / 4
/** Workers that have not finished the task; its owner waits for 0. */
export const REMAINING = CONTROL / 4 + 1
/** What to do, a {@link KernelTask}. */
export const TASK = CONTROL / 4 + 2
/** Arguments of a shortfall. */
export const RANK = CONTROL / 4 + 3
/** A place among the numbers of 64 bits. */
export const MASS = CONTROL / 8 + 2

/** Work that is cut into shares, one per thread. */
export const tasks = ['stop', 'price', 'worstLosses', 'shortfalls'] as const
export type KernelTask = (typeof tasks)[number]
