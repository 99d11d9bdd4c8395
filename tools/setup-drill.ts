// The tools of the set-up drill (test/setup/setupDrill.test.ts): fresh clones, other Nodes, and starts that can be interrupted. POSIX only.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { cpSync, mkdirSync, readdirSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** Clones the last commit of the project into `folder`; `built` brings the artifacts along, to save the time of a build. */
export function cloneProject(root: string, folder: string, built: boolean): void {
  mkdirSync(dirname(folder), { recursive: true })
  execFileSync('git', ['clone', '--quiet', root, folder])
  if (built) for (const name of ['artifacts', 'cache']) cpSync(join(root, name), join(folder, name), { recursive: true })
}

/**
 * Brings a Node from npm into `folder`.
 *
 * @param range - For example `20` or `22.12`.
 * @returns Path of its executable.
 */
export function bringNode(folder: string, range: string): string {
  mkdirSync(folder, { recursive: true })
  const platform = `${process.platform}-${process.arch}`
  const name = platform === 'darwin-arm64' ? `node-bin-${platform}` : `node-${platform}`
  execFileSync('npm', ['install', '--prefix', folder, '--ignore-scripts', '--no-save', `${name}@${range}`], { stdio: 'ignore' })
  const [found] = readdirSync(join(folder, 'node_modules')).filter((entry) => entry.startsWith('node-'))
  return join(folder, 'node_modules', found ?? name, 'bin', 'node')
}

/** A started command: what it has said, its end, and how to wait for a line on stderr or stdout. */
export type Started = {
  readonly child: ChildProcess
  readonly ended: Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string; readonly seconds: number }>
  says(text: string): Promise<void>
}

/**
 * Starts a command as a process group of its own, with `node` first on the path.
 *
 * @param env - Added to the environment, from which everything that speaks to npm has been taken out.
 */
export function startCommand(node: string, folder: string, command: readonly string[], env: NodeJS.ProcessEnv = {}): Started {
  const began = performance.now()
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([key]) => !/^(npm_|NODE_)/i.test(key)))
  const path = [dirname(node), process.env['PATH']].join(delimiter)
  const [file = '', ...args] = command
  const child = spawn(file, args, { cwd: folder, env: { ...inherited, PATH: path, ...env }, detached: true })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  return {
    child,
    ended: new Promise((resolve, reject) => {
      child.on('error', reject)
      child.on('close', (code) => resolve({ code, stdout, stderr, seconds: (performance.now() - began) / 1000 }))
    }),
    async says(text) {
      while (!`${stdout}${stderr}`.includes(text)) {
        if (child.exitCode !== null) throw new Error(`ended without saying "${text}":\n${stdout}${stderr}`)
        await sleep(50)
      }
    },
  }
}
