import { Worker } from 'node:worker_threads'
import type { KernelWorker, KernelWorkerStart } from '../../risk/kernel/index.ts'

/** Starts a thread of Node for a share of a venue's work. It keeps the process alive until the pool is closed. */
export function spawnKernelWorker(start: KernelWorkerStart): KernelWorker {
  const worker = new Worker(new URL('./kernelWorker.ts', import.meta.url), { workerData: start })
  let told = false
  const failure = new Promise<Error>((resolve) => {
    worker.once('error', resolve)
    worker.once('exit', (code) => {
      // A worker that has served a `stop` ends by itself with 0.
      if (!told && code !== 0) resolve(new Error(`a worker of the kernel ended with ${code}`))
    })
  })
  const terminate = (): void => {
    told = true
    void worker.terminate()
  }
  return { failure, terminate }
}
