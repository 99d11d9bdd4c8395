// Entrance of a worker thread; see spawnKernelWorker.ts.
import { workerData } from 'node:worker_threads'
import { type KernelWorkerStart, serveKernelWorker } from '../../risk/kernel/index.ts'

serveKernelWorker(workerData as KernelWorkerStart)
