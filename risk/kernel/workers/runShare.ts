import type { KernelEngine } from '../KernelEngine.ts'
import { type Header, readHeader } from '../memory/header.ts'
import type { KernelMemory } from '../memory/KernelMemory.ts'
import type { KernelTask } from './control.ts'
import { MASS, RANK } from './control.ts'

/** One thread's place among all, and its room. */
export type Thread = { readonly thread: number; readonly threads: number; readonly scratch: number }

/**
 * Does one thread's share of a task: instruments evenly, accounts so that positions are even. Every instrument and account is worked on by exactly one thread in
 * the one way, so results do not depend on the number of threads.
 */
export function runShare(task: KernelTask, kernel: KernelMemory, engine: KernelEngine, { thread, threads, scratch }: Thread): void {
  const header = readHeader(kernel.wholes)
  const first = firstAccount(kernel, header, thread / threads)
  const last = firstAccount(kernel, header, (thread + 1) / threads)
  switch (task) {
    case 'stop':
      return
    case 'price': {
      const { instruments } = header
      engine.fillTable(Math.floor((thread * instruments) / threads), Math.floor(((thread + 1) * instruments) / threads), scratch)
      return
    }
    case 'worstLosses':
      engine.worstLosses(first, last, scratch)
      return
    case 'shortfalls':
      engine.shortfalls(first, last, scratch, kernel.signed[RANK]!, kernel.reals[MASS]!)
  }
}

/** The account at which a share of the positions has gone by; 0 and all accounts at the ends. */
function firstAccount({ wholes }: KernelMemory, { offsets, accounts }: Header, share: number): number {
  if (share === 0) return 0
  if (share === 1) return accounts
  // Empty accounts are work, too: each counts like a position.
  const weight = (account: number): number => wholes[offsets / 4 + account]! + account
  const wanted = share * weight(accounts)
  let below = 0
  let above = accounts
  while (below < above) {
    const middle = (below + above) >>> 1
    if (weight(middle) < wanted) below = middle + 1
    else above = middle
  }
  return below
}
