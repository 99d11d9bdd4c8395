// One engine of a replay, as a process of its own: event time comes from the parent over IPC instead of the clock, everything else is the daemon.
// Arguments: the configuration file, and the time at which the replay begins.
import { fileURLToPath } from 'node:url'
import { drivenClock } from '../clock/drivenClock.ts'
import { loadConfig } from '../config/loadConfig.ts'
import { type Daemon, startDaemon } from '../daemon.ts'
import { readEngineBuild } from '../engine/readEngineBuild.ts'
import type { FromEngine, ToEngine } from './messages.ts'

/** Between a bar's close and the tick, as event time has it. */
const DELAY_SECONDS = 60

const tell = (message: FromEngine): Promise<void> =>
  new Promise((resolve) => {
    if (process.send === undefined || !process.connected) return resolve()
    process.send(message, () => resolve())
  })

const [file = '', start = '0'] = process.argv.slice(2)
const stopping = new AbortController()
const clock = drivenClock(Number(start))
let daemon: Daemon | undefined
let closing: Promise<void> | undefined

async function fail(error: unknown): Promise<void> {
  const { name, message } = error instanceof Error ? error : new Error(String(error))
  daemon?.log.error({ error }, 'engine failed')
  if (daemon === undefined) process.stderr.write(`${message}\n`)
  await tell({ failed: { name, message } })
  await stop(1)
}

/** A terminal's Ctrl-C, the parent's word and the end of the channel all come here, often together: what is open is closed once. */
async function stop(code: number): Promise<void> {
  process.exitCode = Math.max(code, Number(process.exitCode ?? 0))
  stopping.abort()
  closing ??= daemon?.close()
  await closing
  if (process.connected) process.disconnect()
}

async function runTick(observedAt: number): Promise<void> {
  clock.set(observedAt + DELAY_SECONDS)
  const summary = await (daemon as Daemon).tick(observedAt)
  await tell({ done: observedAt, summary })
}

let last: Promise<void> = Promise.resolve()

process.on('message', (message: ToEngine) => {
  if ('stop' in message) {
    void stop(0)
  } else if ('cosign' in message) {
    const { scope, digest, signature } = message.cosign
    daemon?.engines.get(scope)?.mailbox.keepCosign(digest, signature)
  } else {
    last = last.then(() => runTick(message.tick)).catch((error: unknown) => (stopping.signal.aborted ? undefined : fail(error)))
  }
})
process.on('disconnect', () => void stop(0))
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void stop(0))

try {
  const { config } = loadConfig({ file, env: process.env })
  daemon = await startDaemon({
    config,
    env: process.env,
    clock,
    build: readEngineBuild(fileURLToPath(new URL('../..', import.meta.url))),
    signal: stopping.signal,
    onCosignNeeded: (scope, observedAt, digest) => void tell({ cosignNeeded: { scope, observedAt, digest } }),
  })
  await tell({ ready: { url: daemon.url, address: daemon.address } })
} catch (error) {
  await fail(error)
}
