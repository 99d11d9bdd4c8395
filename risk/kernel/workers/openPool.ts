import { InvalidInputError } from '../../errors/index.ts'
import type { Fraction } from '../../types/index.ts'
import { accountLosses } from '../venue/accountLosses.ts'
import { tailOf } from '../venue/tailOf.ts'
import type { AccountLosses, Venue } from '../venue/Venue.ts'
import { GENERATION, type KernelTask, MASS, RANK, REMAINING, TASK, tasks } from './control.ts'
import type { SpawnKernelWorker } from './KernelWorker.ts'
import { runShare } from './runShare.ts'

/** About 0.1 ms of looking before falling asleep. */
const LOOKS = 20_000

/** A venue's work cut into shares. One call at a time: the next may start when the promise of the one before has settled. */
export type VenuePool = {
  /** As `priceVenue`. */
  readonly price: () => Promise<void>
  /** As {@link worstLosses}, the same bits. */
  readonly worstLosses: () => Promise<AccountLosses>
  /** As {@link shortfalls}, the same bits. @throws {InvalidInputError} As there. */
  readonly shortfalls: (level: Fraction) => Promise<AccountLosses['losses']>
  /** Ends the workers, which keep the process alive until then. */
  readonly close: () => Promise<void>
}

/**
 * Starts workers for all but one of the venue's threads; the caller's thread takes the first share. Results are those of one thread, to the bit.
 *
 * Every promise rejects when a worker ends too early, and when a call comes while another is under way.
 * @throws {InvalidInputError} The venue's memory is not shared, which a page needs to be cross-origin isolated for.
 */
export function openPool(venue: Venue, spawn: SpawnKernelWorker): VenuePool {
  const { kernel, engine, plan, threads } = venue
  const { memory, signed, reals } = kernel
  if (typeof SharedArrayBuffer === 'undefined' || !(memory.buffer instanceof SharedArrayBuffer))
    throw new InvalidInputError({ argument: 'memory of the venue', got: 'one for this thread alone', limit: 'shared' })
  const starts = plan.scratch.map((scratch, thread) => ({ thread, threads, scratch, memory, engine: engine.name }))
  const workers = starts.slice(1).map(spawn)
  const failed = Promise.race(workers.map(({ failure }) => failure))
  let broken: Error | undefined
  if (workers.length > 0)
    failed.then(
      (error) => {
        broken = error
      },
      () => {},
    )
  let busy = false

  /** Until every worker has finished, or one has ended too early. Shares are even: a short look around costs less than sleep and waking. */
  const finished = async (): Promise<void> => {
    for (let look = 0; look < LOOKS; look++) if (Atomics.load(signed, REMAINING) === 0) return
    for (;;) {
      const remaining = Atomics.load(signed, REMAINING)
      if (remaining === 0) return
      if (broken !== undefined) throw broken
      const { async: isLater, value } = Atomics.waitAsync(signed, REMAINING, remaining, 1000)
      if (isLater) await Promise.race([value, failed])
    }
  }

  const run = async (task: KernelTask): Promise<void> => {
    if (busy) throw new InvalidInputError({ argument: 'call of the pool', got: `${task} while another runs`, limit: 'one at a time' })
    if (broken !== undefined) throw broken
    busy = true
    try {
      Atomics.store(signed, TASK, tasks.indexOf(task))
      Atomics.store(signed, REMAINING, workers.length)
      Atomics.add(signed, GENERATION, 1)
      Atomics.notify(signed, GENERATION)
      runShare(task, kernel, engine, starts[0]!)
      await finished()
    } finally {
      busy = false
    }
  }

  return {
    price: () => run('price'),
    worstLosses: async () => {
      await run('worstLosses')
      return accountLosses(venue)
    },
    shortfalls: async (level) => {
      const { rank, mass } = tailOf(venue, level)
      signed[RANK] = rank
      reals[MASS] = mass
      await run('shortfalls')
      return accountLosses(venue).losses
    },
    close: async () => {
      try {
        if (broken === undefined && !busy) await run('stop')
      } finally {
        for (const worker of workers) worker.terminate()
      }
    },
  }
}
