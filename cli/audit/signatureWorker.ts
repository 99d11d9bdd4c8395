// Entrance of a worker thread; see recoverSigners.ts.
import { parentPort, workerData } from 'node:worker_threads'
import { recoverAll, type SignedDigest } from './recoverSigners.ts'

parentPort?.postMessage(await recoverAll(workerData as SignedDigest[]))
