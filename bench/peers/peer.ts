import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { mergeTimings, type Timing } from '../Timing.ts'

/** A comparator in C++. */
export type Peer = 'plain' | 'avx512' | 'quantlib'

const options: Readonly<Record<Peer, readonly string[]>> = {
  plain: ['-O3'],
  avx512: ['-O3', '-march=native'],
  quantlib: ['-O3', '-lQuantLib'],
}

/** The built program, or why there is none. Built once per source, outside the project. */
export function buildPeer(peer: Peer): { readonly program: string } | { readonly skipped: string } {
  const source = join(import.meta.dirname, `${peer}.cpp`)
  const shared = join(import.meta.dirname, 'common.hpp')
  const name = createHash('sha256').update(readFileSync(source)).update(readFileSync(shared)).digest('hex').slice(0, 16)
  const folder = join(tmpdir(), 'ballast-peers')
  const program = join(folder, `${peer}-${name}`)
  if (existsSync(program)) return { program }
  if (spawnSync('g++', ['--version']).status !== 0) return { skipped: 'no g++ here' }
  mkdirSync(folder, { recursive: true })
  try {
    execFileSync('g++', ['-std=c++17', '-o', program, source, ...options[peer]], { stdio: ['ignore', 'ignore', 'pipe'] })
    return { program }
  } catch {
    return { skipped: peer === 'quantlib' ? 'QuantLib is not installed (libquantlib0-dev)' : 'it does not compile here' }
  }
}

/** What a peer printed in one run: timings by name, and its check sums. */
export type PeerRun = { readonly timings: ReadonlyMap<string, Timing>; readonly checks: readonly number[] }

/** Runs a peer once. `undefined` when this machine cannot run it. */
export function runPeer(program: string, names: readonly string[]): PeerRun | undefined {
  const { stdout, status } = spawnSync(program, names, { encoding: 'utf8' })
  if (status !== 0) return undefined
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => line.split(' '))
  if (lines.some(([name]) => name === 'skipped')) return undefined
  const isTiming = (name: string | undefined): boolean => name !== 'check' && name !== 'version'
  return {
    timings: new Map(
      lines
        .filter(([name]) => isTiming(name))
        .map(([name, best, median, processor]) => [name!, { best: Number(best), median: Number(median), processor: Number(processor) }]),
    ),
    checks: lines.filter(([name]) => name === 'check').map(([, sum]) => Number(sum)),
  }
}

/** One peer's timings over the rounds of a run, by name. */
export function mergeRuns(runs: readonly PeerRun[]): ReadonlyMap<string, Timing> {
  const names = [...new Set(runs.flatMap(({ timings }) => [...timings.keys()]))]
  return new Map(names.map((name) => [name, mergeTimings(runs.flatMap(({ timings }) => timings.get(name) ?? []))]))
}
