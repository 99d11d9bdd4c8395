import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { numericFingerprint } from '../../risk/math/fingerprint.ts'
import { type EngineDependency, type EngineFile, engineBuildHash } from '../../risk/replay/index.ts'
import type { Hash } from '../../risk/types/index.ts'

type Lockfile = { readonly packages: Readonly<Record<string, { readonly version?: string; readonly integrity?: string }>> }

/** Build hash of the engine that lies in a project folder: its `risk/`, what that imports from packages as locked, and the numeric fingerprint of this process. */
export function readEngineBuild(root: string): Hash {
  const files = readFiles(root, 'risk')
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as Lockfile
  const names = new Set(
    files.flatMap(({ text }) => [...text.matchAll(/from '([a-z@][^']*)'/g)].map(([, specifier]) => packageName(specifier as string))),
  )
  const dependencies = [...names].map((name): EngineDependency => {
    const { version, integrity } = lock.packages[`node_modules/${name}`] ?? {}
    if (version === undefined || integrity === undefined) throw new TypeError(`risk/ imports ${name}, which the lockfile does not hold.`)
    return { name, version, integrity }
  })
  return engineBuildHash(files, dependencies, numericFingerprint())
}

function readFiles(root: string, folder: string): EngineFile[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry): EngineFile[] => {
    const path = `${folder}/${entry.name}`
    if (entry.isDirectory()) return readFiles(root, path)
    return entry.name.endsWith('.ts') ? [{ path, text: readFileSync(join(root, path), 'utf8') }] : []
  })
}

function packageName(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
}
