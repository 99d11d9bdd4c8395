import type { KernelEngine } from '../KernelEngine.ts'
import type { SharedMemory } from '../wasm/webAssembly.ts'
import type { Thread } from './runShare.ts'

/** What a new worker is told; can be posted between threads. */
export type KernelWorkerStart = Thread & { readonly memory: SharedMemory; readonly engine: KernelEngine['name'] }

/** A worker as its owner sees it. */
export type KernelWorker = {
  /** Resolves with the reason when the worker ends before it was told to; never otherwise. */
  readonly failure: Promise<Error>
  /** Ends the worker, also in the middle of a task. */
  readonly terminate: () => void
}

/** Starts a thread that calls `serveKernelWorker` with `start`. Node's is in controller/workers; a page's posts `start` to a Worker. */
export type SpawnKernelWorker = (start: KernelWorkerStart) => KernelWorker
