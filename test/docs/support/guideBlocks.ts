import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect } from 'vitest'
import { projectRoot } from '../../../cli/context/projectRoot.ts'

/** A block marked `sh` of a guide, with the lines of the `text` block that follows it: what the guide says it prints. */
export type GuideBlock = { readonly code: string; readonly printed: readonly string[] }
export type GuideRun = { readonly code: number | null; readonly said: readonly string[]; readonly errors: string }

/** The blocks of a guide, in order. */
export function guideBlocks(guide: string): GuideBlock[] {
  return [...guide.matchAll(/```sh\n([\s\S]*?)```(?:\n\n```text\n([\s\S]*?)```)?/g)].map(([, code = '', text = '']) => ({
    code,
    printed: text.split('\n').filter((line) => line !== ''),
  }))
}

/** Runs blocks in one shell, as a reader has it; a mark between them tells whose output is whose. Ends with the first that fails. */
export async function runBlocks(codes: readonly string[]): Promise<GuideRun> {
  const script = codes.map((code) => `${code}echo '@@'\n`).join('')
  const shell = spawn('sh', ['-e', '-c', script], { cwd: projectRoot, stdio: ['ignore', 'pipe', 'pipe'] })
  let out = ''
  let errors = ''
  shell.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text
  })
  shell.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text
  })
  const [code] = (await once(shell, 'close')) as [number | null]
  return { code, said: out.split('@@\n'), errors }
}

/** Each line that the guide shows begins exactly one line of the output. Columns are as wide as their content, which no guide promises. */
export function expectPrinted({ printed }: GuideBlock, said = ''): void {
  const lines = said.split('\n').map(squeeze)
  for (const line of printed)
    expect(
      lines.filter((each) => each.startsWith(squeeze(line))),
      `${line}\n\nin:\n${said}`,
    ).toHaveLength(1)
}

function squeeze(line: string): string {
  return line.replace(/\s+/g, ' ').trim()
}
