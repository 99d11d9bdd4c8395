import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { projectRoot } from '../../../cli/context/projectRoot.ts'

/** Closes what it has for `closing` milliseconds after the signal, then says so. */
const program = (closing: number): string => `
  import { stopOnSignals } from ${JSON.stringify(join(projectRoot, 'cli/kit/stopOnSignals.ts'))}
  const signal = stopOnSignals()
  const open = setInterval(() => {}, 1000)
  signal.addEventListener('abort', () => setTimeout(() => { console.log('closed'); clearInterval(open) }, ${closing}))
  console.log('ready')`

async function signalled(closing: number, pause: number): Promise<{ out: string; code: number | null; signal: string | null }> {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program(closing)], { stdio: ['ignore', 'pipe', 'inherit'] })
  let out = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text
  })
  await once(child.stdout, 'data')
  child.kill('SIGINT')
  await sleep(pause)
  child.kill('SIGINT')
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null]
  return { out, code, signal }
}

test('a signal that comes twice, from the terminal and from a parent, closes in order', async () => {
  expect(await signalled(500, 50)).toEqual({ out: 'ready\nclosed\n', code: 0, signal: null })
})

test('one that comes again later ends what does not close', async () => {
  expect(await signalled(60_000, 1_500)).toEqual({ out: 'ready\n', code: 130, signal: null })
})
