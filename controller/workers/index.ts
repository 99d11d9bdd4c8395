export { spawnKernelWorker } from './spawnKernelWorker.ts'
