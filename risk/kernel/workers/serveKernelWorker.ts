import { openEngine, viewMemory } from '../memory/KernelMemory.ts'
import { GENERATION, REMAINING, TASK, tasks } from './control.ts'
import type { KernelWorkerStart } from './KernelWorker.ts'
import { runShare } from './runShare.ts'

/** Works on the tasks of a venue's owner, asleep in between, until told to stop. Blocks its thread. */
export function serveKernelWorker(start: KernelWorkerStart): void {
  const kernel = viewMemory(start.memory)
  const engine = openEngine(kernel, start.engine)
  for (let seen = 0; ; ) {
    Atomics.wait(kernel.signed, GENERATION, seen)
    const generation = Atomics.load(kernel.signed, GENERATION)
    // Woken without a new task.
    if (generation === seen) continue
    seen = generation
    const task = tasks[Atomics.load(kernel.signed, TASK)]!
    runShare(task, kernel, engine, start)
    if (Atomics.sub(kernel.signed, REMAINING, 1) === 1) Atomics.notify(kernel.signed, REMAINING)
    if (task === 'stop') return
  }
}
