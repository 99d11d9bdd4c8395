import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, normalize } from 'node:path'
import ts from 'typescript'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pinnedBits } from './pinnedBits.ts'

const root = join(import.meta.dirname, '../../..')
const chromium = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) => existsSync(path))

// A worker of the page: the same module that Node's thread runs, told its start by a message.
const worker = `
import { serveKernelWorker } from '/risk/kernel/index.ts'
onmessage = ({ data }) => serveKernelWorker(data)
`

const page = `<!doctype html><title>kernel</title><script type="module">
import { hasWasmSimd, openPool, openVenue, priceVenue, quoteVenue, worstLosses } from '/risk/kernel/index.ts'
import { kernelBits } from '/test/risk/kernel/kernelBits.ts'
import { randomVenue } from '/test/risk/kernel/randomVenue.ts'
const report = { simd: hasWasmSimd, isolated: crossOriginIsolated }
try {
  report.wasm = kernelBits('wasm')
  report.twin = kernelBits('typescript')
  const spawn = (start) => {
    const thread = new Worker('/worker.js', { type: 'module' })
    const failure = new Promise((resolve) => { thread.onerror = (event) => resolve(new Error(event.message)) })
    thread.postMessage(start)
    return { failure, terminate: () => thread.terminate() }
  }
  const { terms, quotes } = randomVenue(6, { accounts: 1001, instruments: 60, scenarios: 81 })
  const venue = openVenue({ ...terms, instruments: terms.instruments.map((one) => (one.kind === 'given' ? { kind: 'linear', expiry: 1 } : one)) }, { threads: 3 })
  quoteVenue(venue, quotes)
  const pool = openPool(venue, spawn)
  await pool.price()
  const together = [...(await pool.worstLosses()).losses]
  await pool.close()
  priceVenue(venue)
  report.workers = together.length === 1001 && worstLosses(venue).losses.every((loss, i) => loss === together[i])
} catch (error) {
  report.error = String(error)
}
await fetch('/report', { method: 'POST', body: JSON.stringify(report) })
</script>`

/** Serves the project's sources as modules, with the headers that shared memory asks for; `onReport` gets what the page posts. */
function serve(onReport: (report: unknown) => void): Server {
  return createServer((request, response) => {
    const send = (type: string, body: string): void => {
      response.writeHead(200, {
        'content-type': type,
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-embedder-policy': 'require-corp',
      })
      response.end(body)
    }
    const path = new URL(request.url ?? '/', 'http://localhost').pathname
    if (path === '/report') {
      let body = ''
      request.on('data', (chunk: Buffer) => {
        body += chunk.toString()
      })
      request.on('end', () => {
        send('text/plain', '')
        onReport(JSON.parse(body))
      })
      return
    }
    if (path === '/') return send('text/html', page)
    if (path === '/worker.js') return send('text/javascript', worker)
    const file = join(root, normalize(path))
    if (!path.endsWith('.ts') || !existsSync(file)) {
      response.writeHead(404)
      response.end()
      return
    }
    const options = { target: ts.ScriptTarget.ES2024, module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true }
    send('text/javascript', ts.transpileModule(readFileSync(file, 'utf8'), { compilerOptions: options }).outputText)
  })
}

// Without a Chromium there is nothing to run; the name of the skipped test says so.
describe.skipIf(chromium === undefined)('in Chromium (skipped where none is installed)', () => {
  const profile = mkdtempSync(join(tmpdir(), 'ballast-chromium-'))
  let server: Server
  let report: unknown
  let stop = (): void => {}

  beforeAll(async () => {
    report = await new Promise((resolve, reject) => {
      server = serve(resolve)
      server.listen(0, '127.0.0.1', () => {
        const flags =
          '--headless --no-sandbox --disable-gpu --disable-background-networking --disable-component-update --disable-sync --disable-dev-shm-usage'
        const { port } = server.address() as AddressInfo
        const browser = spawn(chromium!, [...flags.split(' '), `--user-data-dir=${profile}`, `http://localhost:${port}/`], {
          stdio: 'ignore',
        })
        browser.once('error', reject)
        browser.once('exit', (code) => reject(new Error(`Chromium ended with ${code} before it reported`)))
        stop = () => {
          browser.removeAllListeners('exit')
          browser.kill('SIGKILL')
        }
      })
    })
  })
  afterAll(() => {
    stop()
    server?.close()
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 })
  })

  it('gives the bits of Node with both engines, and one thread’s results from three', () => {
    expect(report).toEqual({ simd: true, isolated: true, wasm: pinnedBits, twin: pinnedBits, workers: true })
  })
})
