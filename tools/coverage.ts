// `npm run coverage`: statements, lines and branches of every contract that the tests of test/contracts reach, Solidity and TypeScript ones together.
// Works on an instrumented copy in build/coverage, so that no instrumented artifact is ever deployed elsewhere. Arguments: test files (`.t.sol`, or what the path of
// a TypeScript test contains) to run instead of all; `--keep` adds to what earlier runs reached; `--report` runs nothing.
// Exit code 1: a contract below 95 % of its lines or statements. Tests of gas and of code size fail in the copy, which costs more of both.
import { spawnSync } from 'node:child_process'
import {
  copyFileSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { findInliningTests } from './contract-coverage/findInliningTests.ts'
import { instrumentSolidity, type Point, PROBE_PATH, PROBE_SOURCE } from './contract-coverage/instrumentSolidity.ts'
import { HITS_FOLDER } from './contract-coverage/recordHits.ts'
import { type FileCoverage, type Share, summarize } from './contract-coverage/summarize.ts'
import { readSources, type Source } from './faults.ts'

const LEAST = 0.95
const root = dirname(import.meta.dirname)
const copy = join(root, 'build/coverage')
const hits = join(copy, HITS_FOLDER)
const args = process.argv.slice(2).filter((argument) => !argument.startsWith('--'))
const [keep, reportOnly] = ['--keep', '--report'].map((option) => process.argv.includes(option))

/** Files of the project as they stand, without what git ignores; what the last run compiled stays. */
function copyProject(): void {
  const kept = new Set(['artifacts', 'cache', 'node_modules', HITS_FOLDER])
  mkdirSync(copy, { recursive: true })
  for (const name of readdirSync(copy)) if (!kept.has(name)) rmSync(join(copy, name), { recursive: true })
  const { stdout } = spawnSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root, encoding: 'utf8' })
  for (const path of stdout.split('\0').filter((path) => lstatSync(join(root, path), { throwIfNoEntry: false })?.isFile())) {
    mkdirSync(dirname(join(copy, path)), { recursive: true })
    copyFileSync(join(root, path), join(copy, path))
  }
  if (!existsSync(join(copy, 'node_modules'))) symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'), 'junction')
  if (!existsSync(join(copy, 'cache')) && existsSync(join(root, 'cache'))) {
    for (const built of ['artifacts', 'cache']) cpSync(join(root, built), join(copy, built), { recursive: true })
    // Hardhat knows what it compiled by whole paths.
    const index = join(copy, 'cache/compile-cache.json')
    const asWritten = (path: string): string => JSON.stringify(join(path, '/')).slice(1, -1)
    writeFileSync(index, readFileSync(index, 'utf8').replaceAll(asWritten(root), asWritten(copy)))
  }
}

function write(sources: readonly Source[]): void {
  for (const { path, text } of sources) writeFileSync(join(copy, path), text)
}

function instrument(sources: readonly Source[]): { readonly points: readonly Point[]; readonly instrumented: readonly Source[] } {
  const points: Point[] = []
  const instrumented = sources.map(({ path, text }): Source => {
    const file = instrumentSolidity(path, text, points.length)
    points.push(...file.points)
    return { path, text: file.text }
  })
  return { points, instrumented: [...instrumented, { path: PROBE_PATH, text: PROBE_SOURCE }] }
}

function run(...command: string[]): void {
  spawnSync(process.execPath, command, { cwd: copy, stdio: 'inherit' })
}

function print(files: readonly FileCoverage[]): void {
  const percent = ({ reached, all }: Share): string => (all === 0 ? '-' : `${((100 * reached) / all).toFixed(1)} %`).padStart(9)
  const width = Math.max(...files.map(({ path }) => path.length))
  console.log(`${''.padEnd(width)} statements     lines  branches`)
  for (const { path, statements, lines, branches } of files) {
    console.log(`${path.padEnd(width)}  ${percent(statements)} ${percent(lines)} ${percent(branches)}`)
  }
}

if (!keep && !reportOnly) rmSync(hits, { recursive: true, force: true })
copyProject()
mkdirSync(hits, { recursive: true })
const sources = readSources(root, 'contracts', '.sol')
const { points, instrumented } = instrument(sources)
if (!reportOnly) {
  const tests = readSources(root, 'test/contracts', '.sol')
  const chosen = (path: string): boolean => args.length === 0 || args.includes(path)
  const deploying = tests.map(({ path }) => path).filter((path) => path.endsWith('.t.sol') && chosen(path))
  const inlining = findInliningTests([...sources, ...tests]).filter(chosen)
  const typescript = args.filter((argument) => !argument.endsWith('.t.sol'))
  write(instrumented)
  run('node_modules/hardhat/dist/src/cli.js', 'build', '--no-tests')
  // Tests know contracts by their types alone, so they are compiled with the sources as they are, which mostly is done already.
  write(sources)
  if (deploying.length > 0) run('tools/contract-coverage/runSolidity.ts', ...deploying)
  write(instrumented)
  if (inlining.length > 0) run('tools/contract-coverage/runSolidity.ts', ...inlining)
  if (typescript.length > 0 || args.length === 0) run('tools/contract-coverage/runVitest.ts', ...typescript)
}

const reached = new Set(readdirSync(hits).flatMap((name) => readFileSync(join(hits, name), 'utf8').split('\n').filter(Boolean).map(Number)))
const coverage = summarize(points, reached)
for (const { path, line, kind, text } of coverage.missed)
  console.log(`${path}:${line} ${kind === 'statement' ? '' : `never ${kind}: `}${text}`)
print([...coverage.files, coverage.total])
writeFileSync(join(root, 'build/coverage.json'), `${JSON.stringify(coverage, null, 2)}\n`)
const isLow = ({ reached, all }: Share): boolean => reached < LEAST * all
const low = coverage.files.filter(({ statements, lines }) => isLow(statements) || isLow(lines))
for (const { path } of low) console.log(`below ${100 * LEAST} %: ${path}`)
process.exitCode = low.length > 0 ? 1 : 0
